"""From points and weights to one number, and the account of it (rules.md section 5, steps 5-13).

Everything here runs under the caller's decimal context of 28 digits, except the account: its
figures have at most 12 places, so that they add up exactly in anybody's arithmetic, and what they
leave out is in ``rounding``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from gradesys.rules.model import Limits, Score, Span
from gradesys.rules.rounding import exact_sum, rounded
from gradesys.rules.scorecard import Breakdown, Part

Formula = Callable[[], Decimal | None]
PLACES = 12
"""Decimal places of the account."""


@dataclass(frozen=True, slots=True)
class Live:
    """What is combined: the items of step 8, the live weights, and the model's own formula."""

    items: Sequence[Decimal]
    weights: Sequence[Decimal]
    formula: Formula


def total(score: Score, parts: Sequence[Part], formula: Formula) -> Breakdown:
    """The rounded score of these parts (weight and points known), or a null one."""
    live = [part for part in parts if not (part.missing and score.missing == "exclude")]
    groups, clamps = _items(live, score.groups)
    weights = [part.weight for part in live]
    known = sum(not part.missing for part in parts)
    combined = (
        COMBINE[score.combine](Live(groups, weights, formula))
        if known >= score.min_indicators
        else None
    )
    divisor = sum(weights, Decimal(0)) if score.combine == "weighted_average" else Decimal(1)
    shared = _shared(parts, live, divisor or Decimal(1))
    if combined is None:
        return Breakdown(None, shared)
    account = Breakdown(None, shared, {name: _share(c, divisor) for name, c in clamps.items()})
    return _finished(score, combined, account)


def _items(
    live: Sequence[Part], limits: Mapping[str, Limits]
) -> tuple[list[Decimal], dict[str, Decimal]]:
    """The items in the order of their first member, and what each group's clamp added."""
    sums: dict[str, Decimal] = {}
    groups: dict[str, str] = {}
    for part in live:
        key = f"indicator {part.indicator}" if part.group is None else f"group {part.group}"
        contribution = part.weight * part.points
        sums[key] = sums[key] + contribution if key in sums else contribution
        if part.group is not None and part.group in limits:
            groups[key] = part.group
    clamps: dict[str, Decimal] = {}
    for key, group in groups.items():
        item = _clamped(sums[key], limits[group].min, limits[group].max)
        clamps[group] = exact_sum((item, -sums[key]))
        sums[key] = item
    return list(sums.values()), clamps


def _shared(parts: Sequence[Part], live: Sequence[Part], divisor: Decimal) -> tuple[Part, ...]:
    names = {part.indicator for part in live}
    return tuple(
        replace(part, contribution=_share(part.weight * part.points, divisor))
        if part.indicator in names
        else part
        for part in parts
    )


def _share(amount: Decimal, divisor: Decimal) -> Decimal:
    return _told(amount if divisor == 1 else amount / divisor)


def _told(amount: Decimal) -> Decimal:
    exponent = amount.as_tuple().exponent
    return rounded(amount, PLACES) if isinstance(exponent, int) and exponent < -PLACES else amount


def _finished(score: Score, combined: Decimal, account: Breakdown) -> Breakdown:
    based = combined + score.base
    bounded = _clamped(_scaled(score, based), score.min, score.max)
    result = rounded(bounded, int(score.decimals))
    scale = _told(exact_sum((bounded, -based)))
    explained = combined
    if score.combine in ADDITIVE:
        shares = [part.contribution for part in account.parts]
        explained = exact_sum((*shares, *account.groups.values()))
    rounding = exact_sum((result, -_told(explained), -score.base, -scale))
    return replace(account, score=result, base=score.base, scale=scale, rounding=rounding)


def _scaled(score: Score, value: Decimal) -> Decimal:
    if score.scale is None:
        return value
    return _carried(score.scale, value)


def _carried(span: Span, value: Decimal) -> Decimal:
    (a, b), (c, d) = span.start, span.end
    return c + (value - a) * (d - c) / (b - a)


def _clamped(value: Decimal, low: Decimal | None, high: Decimal | None) -> Decimal:
    if low is not None:
        value = max(value, low)
    return value if high is None else min(value, high)


def _sum(live: Live) -> Decimal | None:
    return sum(live.items, Decimal(0))


def _weighted_average(live: Live) -> Decimal | None:
    weight = sum(live.weights, Decimal(0))
    return sum(live.items, Decimal(0)) / weight if weight else None


def _max(live: Live) -> Decimal | None:
    return max(live.items, default=None)


def _min(live: Live) -> Decimal | None:
    return min(live.items, default=None)


def _expression(live: Live) -> Decimal | None:
    return live.formula()


COMBINE: Mapping[str, Callable[[Live], Decimal | None]] = {
    "sum": _sum,
    "weighted_average": _weighted_average,
    "max": _max,
    "min": _min,
    "expression": _expression,
}
ADDITIVE = frozenset({"sum", "weighted_average"})
