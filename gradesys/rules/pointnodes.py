"""How a value becomes points, and points get their weight, as types (rules.md sections 3 and 4)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from gradesys.rules.nodes import Formula, Node, Span


class Band(Node):
    """Points from ``min`` upwards; only the first band may omit it."""

    points: Decimal
    min: Decimal | None = None


class Bands(Node):
    """The last band whose min is not above the value."""

    bands: Annotated[tuple[Band, ...], Field(min_length=1, strict=False)]


class Linear(Node):
    """The value clamped into ``from``, carried over to ``to``."""

    linear: Span


class ValueMap(Node):
    """Points by equal value; the keys are Decimal, str, or keys.Flag for true and false."""

    map: Mapping[Any, Decimal]
    otherwise: Decimal | None = None


class PointRule(Node):
    """Points when the condition holds; without ``if`` always."""

    points: Decimal
    condition: Formula | None = Field(default=None, alias="if")


class PointRules(Node):
    """A decision table with a hit policy."""

    rules: Annotated[tuple[PointRule, ...], Field(min_length=1, strict=False)]
    hit: Literal["first", "sum", "max", "min"] = "first"


class Quantiles(Node):
    """Points by the share of the population that the value is in; as many points as shares."""

    quantiles: Decimal
    points: Annotated[tuple[Decimal, ...], Field(strict=False)]


def points_tag(value: Any) -> str | None:
    """Which form of points a map (or a ready node) is; None: no known one."""
    if value == "identity":
        return "<identity>"
    return next((tag for tag, key in POINTS_KEYS.items() if _holds(value, key)), None)


def _holds(value: Any, key: str) -> bool:
    return key in value if isinstance(value, dict) else hasattr(value, key)


POINTS_KEYS = {
    "<bands>": "bands",
    "<linear>": "linear",
    "<map>": "map",
    "<rules>": "rules",
    "<quantiles>": "quantiles",
}
"""Which key of a points map tells its form."""

Points = Annotated[
    Annotated[Literal["identity"], Tag("<identity>")]
    | Annotated[Bands, Tag("<bands>")]
    | Annotated[Linear, Tag("<linear>")]
    | Annotated[ValueMap, Tag("<map>")]
    | Annotated[PointRules, Tag("<rules>")]
    | Annotated[Quantiles, Tag("<quantiles>")],
    Discriminator(points_tag),
]


class WeightRule(Node):
    """A weight when the condition holds; without ``if`` always."""

    weight: Decimal
    condition: Formula | None = Field(default=None, alias="if")


class WeightRules(Node):
    """First hit; no hit and no ``otherwise`` is 1."""

    rules: Annotated[tuple[WeightRule, ...], Field(min_length=1, strict=False)]
    otherwise: Decimal = Decimal(1)


def weight_tag(value: Any) -> str:
    """Whether a weight is conditional."""
    return "<rules>" if isinstance(value, dict | WeightRules) else "<number>"


Weight = Annotated[
    Annotated[Decimal, Tag("<number>")] | Annotated[WeightRules, Tag("<rules>")],
    Discriminator(weight_tag),
]
