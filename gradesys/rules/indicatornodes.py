"""The three kinds of indicators as types (rules.md section 3)."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from gradesys.rules.complaints import known_near, shown
from gradesys.rules.hopnodes import Hierarchy, Path
from gradesys.rules.kinds import NOT_EMPTY, Formula, Refusal, Told
from gradesys.rules.nearest import nearest
from gradesys.rules.nodes import Decay, Filter, Node, Order, Title, Window
from gradesys.rules.pointnodes import Points, Weight
from gradesys.rules.scalars import Scalar


class Indicator(Node, frozen=True, kw_only=True):
    """What every indicator may say, whatever its type (sections 3 and 12)."""

    default: Scalar = None
    transform: Formula | None = None
    points: Points = "identity"
    missing_points: Decimal = Decimal(0)
    min_points: Decimal | None = None
    max_points: Decimal | None = None
    weight: Weight = Decimal(1)
    group: str | None = None
    scored: bool = True
    reason: str | None = None
    baseline_points: Decimal | None = None
    title: Title | None = None
    unit: str | None = None
    advice: Title | None = None
    owner: str | None = None


class ColumnIndicator(Indicator, frozen=True, kw_only=True):
    """A column of the scored row, or of a parent when dotted (section 3.1)."""

    type: Literal["column"]
    column: str


class AggregateIndicator(Indicator, frozen=True, kw_only=True):
    """A fold over rows that are reached by one of lookup, path and paths (section 3.2)."""

    type: Literal["aggregate"]
    of: str
    lookup: str | None = None
    path: Path | None = None
    paths: Annotated[tuple[Path, ...], NOT_EMPTY] | None = None
    hierarchy: Hierarchy | None = None
    op: str
    column: str | None = None
    row_expression: Formula | None = None
    filter: Filter | None = None
    among: Filter | None = None
    window: Window | None = None
    order_by: tuple[Order, ...] = ()
    limit: Decimal | None = None
    decay: Decay | None = None


class ExpressionIndicator(Indicator, frozen=True, kw_only=True):
    """A formula over the other indicators and the params (section 3.3)."""

    type: Literal["expression"]
    expression: Formula


INDICATORS: dict[str, type[Indicator]] = {
    "column": ColumnIndicator,
    "aggregate": AggregateIndicator,
    "expression": ExpressionIndicator,
}


def _type_of_indicator(value: Any) -> Any:
    kind = value.get("type") if isinstance(value, dict) else None
    return INDICATORS.get(kind) if isinstance(kind, str) else None


def _no_indicator(value: Any) -> Refusal:
    """At the key that should tell the type, misspelt or not."""
    if not isinstance(value, dict):
        return (), f"expected a map, got {shown(value)}"
    for key, kind in value.items():
        if key == "type":
            return (key,), f"unknown type {shown(kind)}{known_near(kind, INDICATORS)}"
        if nearest(str(key), ["type"]):
            return (key,), f"unknown key '{key}'; did you mean 'type'?"
    return (), f"missing key 'type' ({', '.join(INDICATORS)})"


AnyIndicator = Annotated[
    ColumnIndicator | AggregateIndicator | ExpressionIndicator,
    Told(_type_of_indicator, _no_indicator),
]
