"""From an indicator's value to its points (rules.md section 4).

POINTS is the table of ways; each returns None where the indicator counts as missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gradesys.records import Ref, Value
from gradesys.rules.conditions import Placed, compile_conditions, expressions_of
from gradesys.rules.hits import HITS
from gradesys.rules.keys import Flag
from gradesys.rules.model import Bands, Indicator, Linear, PointRules, Points, Quantiles, ValueMap
from gradesys.rules.text import normalize
from gradesys.rules.values import number
from gradesys.rules.workspace import Workspace

Pick = Callable[[Value, Workspace], Decimal | None]
"""Points of a value in its record's scope, before the clamp; None: missing."""


@dataclass(frozen=True, slots=True)
class CompiledPoints:
    """``best`` and ``worst`` are the ends of what can be obtained (15.5), None where unknown."""

    pick: Pick
    best: Decimal | None
    worst: Decimal | None
    expressions: Placed = ()


def kind_of(points: Points) -> str:
    """The key of POINTS that this node uses."""
    return points if isinstance(points, str) else _KINDS[type(points)]


def compile_points(node: Indicator, name: str = "") -> CompiledPoints:
    """The points of one indicator, without its clamp; ``name`` finds its cut points when scoring.

    Raises RuleError for a bad condition.
    """
    if isinstance(node.points, Quantiles):
        return _quantiles(name, node.points)
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


def _identity(points: Points) -> CompiledPoints:
    return CompiledPoints(lambda value, scope: number(value), None, None)


def _bands(node: Bands) -> CompiledPoints:
    descending = tuple(reversed(node.bands))

    def pick(value: Value, scope: Workspace) -> Decimal | None:
        x = number(value)
        if x is None:
            return None
        reached = (band.points for band in descending if band.min is None or band.min <= x)
        return next(reached, Decimal(0))

    listed = [band.points for band in node.bands]
    if node.bands[0].min is not None:
        listed.append(Decimal(0))
    return CompiledPoints(pick, max(listed), min(listed))


def _linear(node: Linear) -> CompiledPoints:
    (from0, from1), (to0, to1) = node.linear.start, node.linear.end
    low, high = min(from0, from1), max(from0, from1)

    def pick(value: Value, scope: Workspace) -> Decimal | None:
        x = number(value)
        if x is None:
            return None
        x = min(max(x, low), high)
        return to0 + (x - from0) * (to1 - to0) / (from1 - from0)

    return CompiledPoints(pick, max(to0, to1), min(to0, to1))


def _map(node: ValueMap) -> CompiledPoints:
    entries = {_key(key): points for key, points in node.map.items()}

    def pick(value: Value, scope: Workspace) -> Decimal | None:
        return None if value is None else entries.get(_key(value), node.otherwise)

    obtainable = [*entries.values(), *([] if node.otherwise is None else [node.otherwise])]
    return CompiledPoints(pick, max(obtainable, default=None), min(obtainable, default=None))


def _key(value: Any) -> object:
    """How a map entry is found: ``1`` and ``true`` differ, text is normalised (15.3, 15.6)."""
    if isinstance(value, bool):
        return Flag.of(value)
    if isinstance(value, Ref):
        return normalize(value.id)
    return normalize(value) if isinstance(value, str) else value


def _rules(node: PointRules) -> CompiledPoints:
    conditions = compile_conditions((rule.condition for rule in node.rules), ("rules",))
    cases = tuple(zip(conditions, (rule.points for rule in node.rules), strict=True))
    hit = HITS[node.hit]

    def pick(value: Value, scope: Workspace) -> Decimal | None:
        hits = (points for condition, points in cases if condition.holds(scope))
        return hit.choose(hits)

    listed = [rule.points for rule in node.rules]
    return CompiledPoints(pick, hit.best(listed), hit.worst(listed), expressions_of(conditions))


def _quantiles(name: str, node: Quantiles) -> CompiledPoints:
    def pick(value: Value, scope: Workspace) -> Decimal | None:
        cuts = scope.cuts.quantiles.get(name)
        if not cuts:
            scope.note(f"provisional: {name} has no cut points yet")
        x = number(value)
        if x is None or not cuts:
            return None
        return node.points[sum(cut < x for cut in cuts)]

    return CompiledPoints(pick, max(node.points, default=None), min(node.points, default=None))


POINTS: Mapping[str, Callable[[Any], CompiledPoints]] = {
    "identity": _identity,
    "bands": _bands,
    "linear": _linear,
    "map": _map,
    "rules": _rules,
}
_KINDS: Mapping[type, str] = {
    Bands: "bands",
    Linear: "linear",
    ValueMap: "map",
    PointRules: "rules",
}
