"""How a value becomes points, and points get their weight, as types (rules.md sections 3 and 4)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

from msgspec import field

from gradesys.rules.complaints import near_first_key
from gradesys.rules.kinds import NOT_EMPTY, Formula, Refusal, Told
from gradesys.rules.nodes import Node, Span


class Band(Node, frozen=True, kw_only=True):
    """Points from ``min`` upwards; only the first band may omit it."""

    points: Decimal
    min: Decimal | None = None


class Bands(Node, frozen=True, kw_only=True):
    """The last band whose min is not above the value."""

    bands: Annotated[tuple[Band, ...], NOT_EMPTY]


class Linear(Node, frozen=True, kw_only=True):
    """The value clamped into ``from``, carried over to ``to``."""

    linear: Span


class ValueMap(Node, frozen=True, kw_only=True):
    """Points by equal value; the keys are Decimal, str, or keys.Flag for true and false."""

    map: Mapping[Any, Decimal]
    otherwise: Decimal | None = None


class PointRule(Node, frozen=True, kw_only=True):
    """Points when the condition holds; without ``if`` always."""

    points: Decimal
    condition: Formula | None = field(default=None, name="if")


class PointRules(Node, frozen=True, kw_only=True):
    """A decision table with a hit policy."""

    rules: Annotated[tuple[PointRule, ...], NOT_EMPTY]
    hit: Literal["first", "sum", "max", "min"] = "first"


class Quantiles(Node, frozen=True, kw_only=True):
    """Points by the share of the population that the value is in; as many points as shares."""

    quantiles: Decimal
    points: tuple[Decimal, ...]


POINTS: dict[str, type[Node]] = {
    "bands": Bands,
    "linear": Linear,
    "map": ValueMap,
    "rules": PointRules,
    "quantiles": Quantiles,
}
"""The key that tells the form of a points map."""


def _form_of_points(value: Any) -> Any:
    if value == "identity":
        return Literal["identity"]
    keys = value if isinstance(value, dict) else ()
    return next((form for key, form in POINTS.items() if key in keys), None)


def _no_points(value: Any) -> Refusal:
    forms = ", ".join(POINTS)
    return (), f"expected identity or a map with one of {forms}{near_first_key(value, POINTS)}"


Points = Annotated[
    Literal["identity"] | Bands | Linear | ValueMap | PointRules | Quantiles,
    Told(_form_of_points, _no_points),
]


class WeightRule(Node, frozen=True, kw_only=True):
    """A weight when the condition holds; without ``if`` always."""

    weight: Decimal
    condition: Formula | None = field(default=None, name="if")


class WeightRules(Node, frozen=True, kw_only=True):
    """First hit; no hit and no ``otherwise`` is 1."""

    rules: Annotated[tuple[WeightRule, ...], NOT_EMPTY]
    otherwise: Decimal = Decimal(1)


def _kind_of_weight(value: Any) -> Any:
    return WeightRules if isinstance(value, dict) else Decimal


Weight = Annotated[Decimal | WeightRules, Told(_kind_of_weight)]
