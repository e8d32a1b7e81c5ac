"""The account of a score (rules.md section 14): what each indicator, group and step brought.

Its figures have at most 12 places, so that they add up exactly in anybody's arithmetic; what these
leave out is laid to the largest part. It is drawn up only where somebody wants to read it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from gradesys.records import Value
from gradesys.rules.arithmetic import CONTEXT
from gradesys.rules.model import Grades, Score
from gradesys.rules.rounding import exact_sum, rounded
from gradesys.rules.windows import Days, Span

Whole = Callable[[], Callable[..., Any]]

PLACES = 12
"""Decimal places of the account."""

ADDITIVE = frozenset({"sum", "weighted_average"})
"""Ways to combine whose parts add up to the score."""

_ZERO, _ONE = Decimal(0), Decimal(1)


class Part(Struct, frozen=True):
    """What one scored indicator brought. ``contribution`` is its share of the score before groups,
    base, scale and rounding: weight x points, divided by the live weights for an average, 0 for
    an excluded one. ``lost_to_cap``: points that ``max_points`` took away."""

    indicator: str
    points: Decimal
    weight: Decimal
    missing: bool
    group: str | None = None
    value: Value = None
    rows: int | None = None
    window: Span | None = None
    lost_to_cap: Decimal = _ZERO
    contribution: Decimal = _ZERO


class Breakdown(Struct, frozen=True):
    """How the score came about. ``groups``: what each group's clamp added; ``scale``: what scale
    and the score's own clamp added; ``rounding``: what is left to the stored digits. Parts, groups,
    base, scale and rounding add up exactly to a sum or average that is not null."""

    score: Decimal | None
    parts: tuple[Part, ...] = ()
    groups: Mapping[str, Decimal] = field(default_factory=dict)
    base: Decimal = _ZERO
    scale: Decimal = _ZERO
    rounding: Decimal = _ZERO


class Entry(Struct, frozen=True):
    """A scored indicator; ``place``: among all indicators as declared."""

    name: str
    place: int
    group: str | None
    window: Days | None


class Sheet(Struct, frozen=True):
    """What all scorecards of a model share. ``versioned`` tells its version, ``names`` are the
    indicators as declared; ``columns``: of each, the column whose cell is its value, None where
    scoring makes it. ``whole``: the function that works out all points, where some helpers are
    spared until somebody wants to see them."""

    model: str
    versioned: Callable[[], str]
    names: tuple[str, ...]
    columns: tuple[str | None, ...]
    entries: tuple[Entry, ...]
    score: Score
    grades: Grades | None
    whole: Whole | None = None


class Figures(Struct, frozen=True):
    """What scoring met on its way beside points. By scored indicator: its weight, and how many rows
    were folded. ``clamps``: each limited group before and after. ``divisor``: the live weights of
    an average."""

    weights: tuple[Decimal, ...] = ()
    rows: tuple[int | None, ...] = ()
    clamps: Mapping[str, tuple[Decimal, Decimal]] = field(default_factory=dict)
    divisor: Decimal | None = None


class Scored(Struct, frozen=True):
    """One record's numbers, as its account needs them. ``rests``: as declared, of a scored
    indicator its own points before the clamp (None: missing), its points, weight x points;
    ``bounded``: the score before rounding."""

    sheet: Sheet
    values: Mapping[str, Value]
    rests: tuple[Any, ...]
    figures: Figures
    combined: Decimal | None
    bounded: Decimal | None
    score: Decimal | None
    today: date


def breakdown(scored: Scored) -> Breakdown:
    """The account of one record."""
    figures, score = scored.figures, scored.sheet.score
    parts = tuple(_parts(scored))
    combined, bounded, result = scored.combined, scored.bounded, scored.score
    if combined is None or bounded is None or result is None:
        return Breakdown(None, parts)
    groups = {
        name: _share(exact_sum((after, before.copy_negate())), figures.divisor)
        for name, (before, after) in figures.clamps.items()
    }
    scale = _told(exact_sum((bounded, CONTEXT.add(combined, score.base).copy_negate())))
    told = _told(bounded)
    if score.combine in ADDITIVE:
        others = exact_sum((*groups.values(), score.base, scale))
        parts = _adding_up(parts, exact_sum((told, others.copy_negate())))
    rounding = exact_sum((result, told.copy_negate()))
    return Breakdown(result, parts, groups, score.base, scale, rounding)


def _adding_up(parts: tuple[Part, ...], total: Decimal) -> tuple[Part, ...]:
    """The parts with what their last places leave of ``total`` laid to the largest of them, so that
    ``rounding`` is that of the score alone."""
    left = exact_sum((total, *(part.contribution.copy_negate() for part in parts)))
    if not left or not parts:
        return parts
    largest = max(parts, key=lambda part: abs(part.contribution))
    mended = replace(largest, contribution=exact_sum((largest.contribution, left)))
    return tuple(mended if part is largest else part for part in parts)


def _parts(scored: Scored) -> Iterator[Part]:
    figures = scored.figures
    is_excluding = scored.sheet.score.missing == "exclude"
    for place, entry in enumerate(scored.sheet.entries):
        own, points, contribution, *_ = scored.rests[entry.place]
        is_live = own is not None or not is_excluding
        share = _share(contribution, figures.divisor) if is_live else _ZERO
        yield Part(
            indicator=entry.name,
            points=points,
            weight=figures.weights[place],
            missing=own is None,
            group=entry.group,
            value=scored.values[entry.name],
            rows=figures.rows[place],
            window=None if entry.window is None else entry.window(scored.today),
            lost_to_cap=_lost(own, points),
            contribution=share,
        )


def _lost(own: Decimal | None, points: Decimal) -> Decimal:
    return _ZERO if own is None else max(_ZERO, CONTEXT.subtract(own, points))


def _share(amount: Decimal, divisor: Decimal | None) -> Decimal:
    """``divisor`` None or 0: there is nothing to divide by."""
    return _told(CONTEXT.divide(amount, divisor) if divisor and divisor != _ONE else amount)


def _told(amount: Decimal) -> Decimal:
    exponent = amount.as_tuple().exponent
    return rounded(amount, PLACES) if isinstance(exponent, int) and exponent < -PLACES else amount
