"""The rule document as types (rules.md sections 2-6, 12).

One frozen struct per YAML map, unknown keys refused. A node says only what a document may hold;
what it means lives beside it (filters, windows, aggregates, points, grades), and what must hold
between nodes lives in validate.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from msgspec import field
from msgspec.structs import asdict

from gradesys.rules.gradenodes import (
    Downgrade,
    GradeBand,
    GradeRule,
    Grades,
)
from gradesys.rules.indicatornodes import (
    AggregateIndicator,
    AnyIndicator,
    ColumnIndicator,
    ExpressionIndicator,
    Indicator,
)
from gradesys.rules.kinds import Formula
from gradesys.rules.nodes import (
    Decay,
    Filter,
    Node,
    Order,
    Span,
    Title,
    Window,
)
from gradesys.rules.pointnodes import (
    Band,
    Bands,
    Linear,
    PointRule,
    PointRules,
    Points,
    Quantiles,
    ValueMap,
    Weight,
    WeightRule,
    WeightRules,
)
from gradesys.rules.scalars import Scalar

__all__ = [
    "AggregateIndicator",
    "AnyIndicator",
    "Band",
    "Bands",
    "ColumnIndicator",
    "Decay",
    "Downgrade",
    "ExpressionIndicator",
    "Filter",
    "GradeBand",
    "GradeRule",
    "Grades",
    "Indicator",
    "Limits",
    "Linear",
    "Manual",
    "Node",
    "Order",
    "Output",
    "PointRule",
    "PointRules",
    "Points",
    "Quantiles",
    "Reasons",
    "RuleModel",
    "Scalar",
    "Score",
    "Span",
    "Title",
    "ValueMap",
    "Weight",
    "WeightRule",
    "WeightRules",
    "Window",
]


class Limits(Node, frozen=True, kw_only=True):
    """A group's clamp."""

    min: Decimal | None = None
    max: Decimal | None = None


class Score(Node, frozen=True, kw_only=True):
    """How contributions become one number (section 5, steps 6-13)."""

    combine: Literal["sum", "weighted_average", "max", "min", "expression"] = "sum"
    expression: Formula | None = None
    missing: Literal["exclude"] | None = None
    min_indicators: Decimal = Decimal(0)
    groups: Mapping[str, Limits] = {}
    base: Decimal = Decimal(0)
    scale: Span | None = None
    min: Decimal | None = None
    max: Decimal | None = None
    decimals: Decimal = Decimal(2)


class Manual(Node, frozen=True, kw_only=True):
    """A grade that a user typed, shown through the until day."""

    grade_column: str
    until_column: str | None = None


class Reasons(Node, frozen=True, kw_only=True):
    """How many reason codes to keep; absent count: all."""

    count: Decimal | None = None


class Output(Node, frozen=True, kw_only=True):
    """Where each result is written; a column may be the output of one model only."""

    score: str | None = None
    grade: str | None = None
    raw_grade: str | None = None
    reasons: str | None = None
    explanation: str | None = None
    scored_on: str | None = None
    below_since: str | None = None
    state: str | None = None
    model_version: str | None = None
    trend: str | None = None
    previous_score: str | None = None
    previous_grade: str | None = None
    grade_since: str | None = None
    status: str | None = None

    @property
    def columns(self) -> dict[str, str]:
        """By role, as far as they are written."""
        return {role: column for role, column in asdict(self).items() if column is not None}


class RuleModel(Node, frozen=True, kw_only=True):
    """One rule file after ``extends`` and ``$params`` are resolved."""

    version: Literal["gradesys/v1"] = field(default="gradesys/v1", name="schema")
    id: str = "case"
    enabled: bool = True
    title: Title = Title()
    table: str
    population: Filter | None = None
    leave: Literal["keep", "clear"] = "keep"
    timezone: str = "Asia/Tehran"
    calendar: Literal["gregorian", "jalali"] = "gregorian"
    week_start: str = "saturday"
    fiscal_year_start: Decimal = Decimal(1)
    params: Mapping[str, Scalar] = {}
    indicators: Mapping[str, AnyIndicator] = {}
    score: Score = Score()
    reasons: Reasons | None = None
    grades: Grades | None = None
    manual: Manual | None = None
    lock_column: str | None = None
    output: Output = Output()
    history: bool = False
    snapshots: Literal["day", "week", "month", "quarter"] | None = None
    terms: Mapping[str, Title] = {}
