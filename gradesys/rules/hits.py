"""Hit policies of ``points.rules`` (rules.md sections 4 and 15.5): which hits make the points."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import reduce

from msgspec import Struct

from gradesys.rules.arithmetic import CONTEXT


class Hit(Struct, frozen=True):
    """``choose`` takes the points of the rules that hit, in order; None when none did. Without it,
    the first rule that hits is the last that is asked.

    ``best`` and ``worst`` tell what all listed points could give at most and at least.
    """

    choose: Callable[[Sequence[Decimal]], Decimal | None] | None
    best: Callable[[Sequence[Decimal]], Decimal] = max
    worst: Callable[[Sequence[Decimal]], Decimal] = min


def _sum(hits: Sequence[Decimal]) -> Decimal | None:
    return reduce(CONTEXT.add, hits, Decimal(0)) if hits else None


def _largest(hits: Sequence[Decimal]) -> Decimal | None:
    return max(hits, default=None)


def _smallest(hits: Sequence[Decimal]) -> Decimal | None:
    return min(hits, default=None)


def _sum_of_gains(listed: Sequence[Decimal]) -> Decimal:
    gains = [points for points in listed if points > 0]
    return sum(gains, Decimal(0)) if gains else max(listed)


def _sum_of_losses(listed: Sequence[Decimal]) -> Decimal:
    losses = [points for points in listed if points < 0]
    return sum(losses, Decimal(0)) if losses else min(listed)


HITS: Mapping[str, Hit] = {
    "first": Hit(None),
    "sum": Hit(_sum, _sum_of_gains, _sum_of_losses),
    "max": Hit(_largest),
    "min": Hit(_smallest),
}
