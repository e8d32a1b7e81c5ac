"""What must hold within an indicator beyond its types (rules.md section 10), and what is odd."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from gradesys.rules.model import (
    Bands,
    Linear,
    PointRules,
    Quantiles,
    RuleModel,
    Span,
    WeightRules,
)
from gradesys.rules.problems import Findings, Path
from gradesys.rules.values import lacks_offset

_WORDS = ("true", "false", "null", "True", "False", "None")
RESERVED = frozenset({"value", "score", "grade", "grades", *_WORDS})
RESERVED_FOR_PARAMS = RESERVED - {"grades"}


def check_indicators(model: RuleModel, found: Findings) -> None:
    """Errors in names, points and clamps of every indicator."""
    _check_names(model, found)
    for name, node in model.indicators.items():
        home = ("indicators", name)
        for kind, check in _POINTS.items():
            if isinstance(node.points, kind):
                check(node.points, (*home, "points"), found)
        check_limits(node.min_points, node.max_points, (*home, "max_points"), found)
        _check_literal(node.default, (*home, "default"), found)


def odd_indicators(model: RuleModel, found: Findings, used: frozenset[str]) -> None:
    """Warnings: helpers that nobody uses, rules behind one that always hits."""
    for name, node in model.indicators.items():
        home = ("indicators", name)
        if not node.scored and name not in used:
            found.note(home, "is not scored and nothing uses it")
        points, weight = node.points, node.weight
        if isinstance(points, PointRules) and points.hit == "first":
            unreachable(points.rules, (*home, "points", "rules"), found)
        if isinstance(weight, WeightRules):
            unreachable(weight.rules, (*home, "weight", "rules"), found)


def unreachable(rules: tuple[Any, ...], path: Path, found: Findings) -> None:
    """Warn about first-hit rules behind a rule without ``if``."""
    always = next((i for i, rule in enumerate(rules) if rule.condition is None), len(rules))
    for index in range(always + 1, len(rules)):
        found.note((*path, index), f"is never reached: rule {always} always hits")


def check_limits(low: Decimal | None, high: Decimal | None, path: Path, found: Findings) -> None:
    """Note a clamp whose ends are the wrong way round."""
    if low is not None and high is not None and low > high:
        found.note(path, f"the maximum {high} lies below the minimum {low}")


def check_ends(span: Span, path: Path, found: Findings) -> None:
    """Note a scale without length."""
    if span.start[0] == span.start[1]:
        found.note((*path, "from"), "the two ends are equal")


def check_whole(value: Decimal | None, least: int, path: Path, found: Findings) -> None:
    """Note a count that is no whole number, or too small."""
    if value is not None and (value != value.to_integral_value() or value < least):
        found.note(path, f"a whole number of at least {least} is needed, not {value}")


def _check_names(model: RuleModel, found: Findings) -> None:
    for name in model.indicators:
        if name in RESERVED:
            found.note(("indicators", name), f"the name '{name}' is reserved")
        if name in model.params:
            found.note(("indicators", name), f"'{name}' is also the name of a param")
    for name, value in model.params.items():
        if name in RESERVED_FOR_PARAMS:
            found.note(("params", name), f"the name '{name}' is reserved")
        _check_literal(value, ("params", name), found)


def _check_literal(value: object, path: Path, found: Findings) -> None:
    if isinstance(value, str) and lacks_offset(value):
        found.note(path, f"'{value}' needs an offset, such as {value}Z")


def _check_bands(node: Bands, path: Path, found: Findings) -> None:
    last: Decimal | None = None
    for index, band in enumerate(node.bands):
        here = (*path, "bands", index)
        if band.min is None and index:
            found.note(here, "only the first band may omit min")
        if band.min is not None and last is not None and band.min <= last:
            found.note((*here, "min"), f"bands must ascend: {band.min} is not above {last}")
        last = last if band.min is None else band.min


def _check_linear(node: Linear, path: Path, found: Findings) -> None:
    check_ends(node.linear, (*path, "linear"), found)


def _check_quantiles(node: Quantiles, path: Path, found: Findings) -> None:
    check_whole(node.quantiles, 2, (*path, "quantiles"), found)
    if len(node.points) != node.quantiles:
        message = f"{node.quantiles} quantiles need as many points, not {len(node.points)}"
        found.note((*path, "points"), message)


_POINTS: Mapping[type, Callable[[Any, Path, Findings], None]] = {
    Bands: _check_bands,
    Linear: _check_linear,
    Quantiles: _check_quantiles,
}
