"""A spread of times as three figures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spread:
    """Milliseconds: the least, the median, and what 95 and 99 of a hundred stay below."""

    least: float
    p50: float
    p95: float
    p99: float

    def __str__(self) -> str:
        told = f"p50 {self.p50:7.1f}   p95 {self.p95:7.1f}   p99 {self.p99:7.1f}"
        return f"{told}   least {self.least:7.1f} ms"


def spread_of(seconds: Sequence[float]) -> Spread:
    """The spread of some times, each a time that was measured."""
    ordered = sorted(seconds)
    return Spread(*(round(each * 1000, 2) for each in _at(ordered, (0.0, 0.5, 0.95, 0.99))))


def _at(ordered: Sequence[float], shares: Sequence[float]) -> list[float]:
    """Nearest rank: the least time that so many are not above."""
    return [ordered[max(0, math.ceil(share * len(ordered)) - 1)] for share in shares]
