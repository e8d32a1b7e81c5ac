"""What an indicator's points can be (rules.md section 4, 15.5), before any record is seen.

POINTS is the table of ways; what each does with a value is written in emit.points.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct

from gradesys.records import Ref
from gradesys.rules.conditions import Condition, Placed, compile_conditions, expressions_of
from gradesys.rules.hits import HITS
from gradesys.rules.keys import Flag
from gradesys.rules.model import Bands, Indicator, Linear, PointRules, Points, Quantiles, ValueMap
from gradesys.rules.text import normalize


class CompiledPoints(Struct, frozen=True):
    """``best`` and ``worst`` are the ends of what can be obtained (15.5), None where unknown.

    ``cases``: the rules of a decision table, in order."""

    best: Decimal | None
    worst: Decimal | None
    cases: tuple[tuple[Condition, Decimal], ...] = ()

    @property
    def expressions(self) -> Placed:
        """What is computed to find the points of a value."""
        return expressions_of(condition for condition, _ in self.cases)


def kind_of(points: Points) -> str:
    """The key of POINTS that this node uses."""
    return points if isinstance(points, str) else _KINDS[type(points)]


def compile_points(node: Indicator) -> CompiledPoints:
    """The points of one indicator, without its clamp; raises RuleError for a bad condition."""
    return POINTS[kind_of(node.points)](node.points)


def clamped(node: Indicator, points: Decimal) -> Decimal:
    """Points within ``min_points`` and ``max_points``; missing points are clamped too."""
    if node.min_points is not None:
        points = max(points, node.min_points)
    return points if node.max_points is None else min(points, node.max_points)


def baseline(node: Indicator, compiled: CompiledPoints, weight: Decimal) -> Decimal | None:
    """The points that would leave no gap (15.5); None: no baseline, hence no reason."""
    if node.baseline_points is not None:
        return node.baseline_points
    if node.points == "identity":
        return node.max_points if weight >= 0 else node.min_points
    best = compiled.best if weight >= 0 else compiled.worst
    return None if best is None else clamped(node, best)


def map_key(value: Any) -> object:
    """How a map entry is found: ``1`` and ``true`` differ, text is normalised (15.3, 15.6)."""
    if isinstance(value, str):
        return normalize(value)
    if isinstance(value, bool):
        return Flag.of(value)
    return normalize(value.id) if isinstance(value, Ref) else value


def _identity(points: Points) -> CompiledPoints:
    return CompiledPoints(None, None)


def _bands(node: Bands) -> CompiledPoints:
    listed = [band.points for band in node.bands]
    if node.bands[0].min is not None:
        listed.append(Decimal(0))
    return CompiledPoints(max(listed), min(listed))


def _linear(node: Linear) -> CompiledPoints:
    return CompiledPoints(max(node.linear.end), min(node.linear.end))


def _map(node: ValueMap) -> CompiledPoints:
    obtainable = [*node.map.values(), *([] if node.otherwise is None else [node.otherwise])]
    return CompiledPoints(max(obtainable, default=None), min(obtainable, default=None))


def _rules(node: PointRules) -> CompiledPoints:
    conditions = compile_conditions((rule.condition for rule in node.rules), ("rules",))
    listed = [rule.points for rule in node.rules]
    hit = HITS[node.hit]
    cases = tuple(zip(conditions, listed, strict=True))
    return CompiledPoints(hit.best(listed), hit.worst(listed), cases)


def _quantiles(node: Quantiles) -> CompiledPoints:
    return CompiledPoints(max(node.points, default=None), min(node.points, default=None))


POINTS: Mapping[str, Callable[[Any], CompiledPoints]] = {
    "identity": _identity,
    "bands": _bands,
    "linear": _linear,
    "map": _map,
    "rules": _rules,
    "quantiles": _quantiles,
}
_KINDS: Mapping[type, str] = {
    Bands: "bands",
    Linear: "linear",
    ValueMap: "map",
    PointRules: "rules",
    Quantiles: "quantiles",
}
