"""Cut points: where a population is divided, as scoring applies them (rules.md sections 4 and 6).

Given by a case, or measured by a resync and remembered. Whoever scores is handed them, so equal cut
points give equal results wherever they came from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_CEILING, Decimal

from msgspec import Struct, field

from gradesys.rules.arithmetic import EXACT
from gradesys.rules.model import Grades, Quantiles, RuleModel
from gradesys.rules.state import Grade


class Cutpoints(Struct, frozen=True):
    """``quantiles``: the k-1 cuts by indicator, ascending; ``grades``: the least value by grade;
    ``day``: the local day they were measured on, None when a case gives them."""

    quantiles: Mapping[str, Sequence[Decimal]] = field(default_factory=dict)
    grades: Mapping[Grade, Decimal] = field(default_factory=dict)
    day: date | None = None


NO_CUTS = Cutpoints()


def shares_of(model: RuleModel) -> dict[str, int]:
    """By indicator, into how many shares its points cut the population."""
    points = {name: node.points for name, node in model.indicators.items()}
    return {name: len(p.points) for name, p in points.items() if isinstance(p, Quantiles)}


def percents_of(model: RuleModel) -> dict[Grade, Decimal]:
    """By grade, the percentage of every band that ranks."""
    bands = () if model.grades is None else model.grades.bands
    return {band.grade: band.top_percent for band in bands if band.top_percent is not None}


def quantile_cuts(values: Sequence[Decimal], k: int) -> tuple[Decimal, ...]:
    """The values at the ranks ceil(i * n / k), without interpolation; none when nobody has one."""
    ordered, n = sorted(values), len(values)
    return tuple(ordered[-(-i * n // k) - 1] for i in range(1, k)) if n else ()


def top_cut(values: Sequence[Decimal], percent: Decimal) -> Decimal | None:
    """The ceil(percent * n / 100)-th largest; None when nobody has a value."""
    if not values:
        return None
    share = EXACT.scaleb(EXACT.multiply(percent, Decimal(len(values))), Decimal(-2))
    rank = int(share.to_integral_value(ROUND_CEILING))
    return sorted(values, reverse=True)[rank - 1]


def share_of(cuts: Sequence[Decimal], value: Decimal) -> int:
    """Which share a value is in, from 0: equal values share the lower one."""
    return sum(cut < value for cut in cuts)


def floors(grades: Grades, cuts: Cutpoints) -> tuple[tuple[Grade, Decimal | None], ...]:
    """Grade and least value of every band that can be reached, best first; a band by percent that
    has no cut is left out."""
    return tuple(
        (band.grade, band.min if band.top_percent is None else cuts.grades[band.grade])
        for band in grades.bands
        if band.top_percent is None or band.grade in cuts.grades
    )
