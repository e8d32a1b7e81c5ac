"""The range of a model's score: it decides whether a Decimal column can hold it.

The steps are those of rules.md section 5 (6 to 12), taken over intervals instead of numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from msgspec import Struct

from gradesys.deploy.ranges.intervals import UNKNOWN, ZERO, Interval, between, clamp, hull, times
from gradesys.deploy.ranges.magnitudes import formula_range, value_range
from gradesys.records import Schema
from gradesys.rules.expressions import compile_expression
from gradesys.rules.model import AnyIndicator, Limits, RuleModel, Span
from gradesys.rules.points import compile_points


class _Part(Struct, frozen=True):
    """One scored indicator: its group, its points and its contribution."""

    group: str | None
    points: Interval
    contribution: Interval


def score_range(model: RuleModel, schema: Schema | None = None) -> Interval:
    """The score before rounding. Without ``schema`` every column counts as an amount of money."""
    score = model.score
    combined = COMBINE[score.combine](model, schema) + between(score.base, score.base)
    return clamp(_scaled(combined, score.scale), score.min, score.max)


def _scaled(part: Interval, scale: Span | None) -> Interval:
    if scale is None:
        return part
    (a, b), (c, d) = scale.start, scale.end
    factor = (d - c) / (b - a)
    offset = c - a * factor
    return times(part, factor) + between(offset, offset)


def _parts(model: RuleModel, schema: Schema | None) -> tuple[_Part, ...]:
    scored = (item for item in model.indicators.values() if item.scored)
    return tuple(_part(model, item, schema) for item in scored)


def _part(model: RuleModel, item: AnyIndicator, schema: Schema | None) -> _Part:
    found = clamp(_points(model, item, schema), item.min_points, item.max_points)
    contribution = hull(times(found, weight) for weight in _weights(item))
    if model.score.missing == "exclude":
        contribution = hull((contribution, ZERO))
    return _Part(item.group, found, contribution)


def _points(model: RuleModel, item: AnyIndicator, schema: Schema | None) -> Interval:
    missing = between(item.missing_points, item.missing_points)
    if item.points == "identity":
        return hull((value_range(model, item, schema), missing))
    compiled = compile_points(item)
    return hull((Interval(compiled.worst, compiled.best), missing))


def _weights(item: AnyIndicator) -> tuple[Decimal, ...]:
    if isinstance(item.weight, Decimal):
        return (item.weight,)
    return (*(rule.weight for rule in item.weight.rules), item.weight.otherwise)


def _items(model: RuleModel, parts: Iterable[_Part]) -> list[Interval]:
    """One interval for each group, one for each indicator without a group."""
    grouped: dict[str, Interval] = {}
    items = []
    for part in parts:
        if part.group is None:
            items.append(part.contribution)
        else:
            grouped[part.group] = grouped.get(part.group, ZERO) + part.contribution
    limits = {name: model.score.groups.get(name, Limits()) for name in grouped}
    return items + [clamp(grouped[name], limits[name].min, limits[name].max) for name in grouped]


def _sum(model: RuleModel, schema: Schema | None) -> Interval:
    return sum(_items(model, _parts(model, schema)), ZERO)


def _average(model: RuleModel, schema: Schema | None) -> Interval:
    # A clamped group shifts the sum but not the weights: then nothing is known.
    return UNKNOWN if model.score.groups else hull(p.points for p in _parts(model, schema))


def _one_item(model: RuleModel, schema: Schema | None) -> Interval:
    return hull(_items(model, _parts(model, schema)))


def _expression(model: RuleModel, schema: Schema | None) -> Interval:
    formula = compile_expression(model.score.expression or "0")
    return formula_range(model, formula.names | formula.points_of, schema)


COMBINE: Mapping[str, Callable[[RuleModel, Schema | None], Interval]] = {
    "sum": _sum,
    "weighted_average": _average,
    "max": _one_item,
    "min": _one_item,
    "expression": _expression,
}
