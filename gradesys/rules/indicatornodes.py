"""The three kinds of indicators as types (rules.md section 3)."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from gradesys.rules.hopnodes import Hierarchy, Path
from gradesys.rules.nodes import Decay, Filter, Formula, Listed, Node, Order, Title, Window
from gradesys.rules.pointnodes import Points, Weight
from gradesys.rules.scalars import Scalar


class Indicator(Node):
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


class ColumnIndicator(Indicator):
    """A column of the scored row, or of a parent when dotted (section 3.1)."""

    type: Literal["column"]
    column: str


class AggregateIndicator(Indicator):
    """A fold over rows that are reached by one of lookup, path and paths (section 3.2)."""

    type: Literal["aggregate"]
    of: str
    lookup: str | None = None
    path: Path | None = None
    paths: Annotated[tuple[Path, ...], Listed, Field(min_length=1)] | None = None
    hierarchy: Hierarchy | None = None
    op: str
    column: str | None = None
    row_expression: Formula | None = None
    filter: Filter | None = None
    among: Filter | None = None
    window: Window | None = None
    order_by: Annotated[tuple[Order, ...], Listed] = ()
    limit: Decimal | None = None
    decay: Decay | None = None


class ExpressionIndicator(Indicator):
    """A formula over the other indicators and the params (section 3.3)."""

    type: Literal["expression"]
    expression: Formula


def indicator_tag(value: Any) -> str | None:
    """The type of an indicator's map (or node) as a tag; None: no known type."""
    kind = value.get("type") if isinstance(value, dict) else getattr(value, "type", None)
    return f"<{kind}>" if kind in ("column", "aggregate", "expression") else None


AnyIndicator = Annotated[
    Annotated[ColumnIndicator, Tag("<column>")]
    | Annotated[AggregateIndicator, Tag("<aggregate>")]
    | Annotated[ExpressionIndicator, Tag("<expression>")],
    Discriminator(indicator_tag),
]
