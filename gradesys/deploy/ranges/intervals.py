"""Ranges of numbers whose ends may be unknown, to find how wide a score column must be."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from msgspec import Struct


class Interval(Struct, frozen=True):
    """From ``low`` to ``high``, both included; None: no end is known on that side."""

    low: Decimal | None
    high: Decimal | None

    def __add__(self, other: Interval) -> Interval:
        low = None if self.low is None or other.low is None else self.low + other.low
        high = None if self.high is None or other.high is None else self.high + other.high
        return Interval(low, high)

    def within(self, limit: Decimal) -> bool:
        """Whether no number of it is farther from zero than ``limit``."""
        known = self.low is not None and self.high is not None
        return known and -limit <= (self.low or 0) and (self.high or 0) <= limit


ZERO = Interval(Decimal(0), Decimal(0))
UNKNOWN = Interval(None, None)


def between(low: Decimal | int, high: Decimal | int) -> Interval:
    """An interval of which both ends are known."""
    return Interval(Decimal(low), Decimal(high))


def hull(parts: Iterable[Interval]) -> Interval:
    """The smallest interval that holds all parts; zero without any."""
    found = tuple(parts) or (ZERO,)
    lows = [part.low for part in found if part.low is not None]
    highs = [part.high for part in found if part.high is not None]
    return Interval(
        min(lows) if len(lows) == len(found) else None,
        max(highs) if len(highs) == len(found) else None,
    )


def clamp(part: Interval, low: Decimal | None, high: Decimal | None) -> Interval:
    """What remains after a clamp of which either end may be absent."""
    return Interval(
        _capped(_raised(part.low, low), high) if part.low is not None else low,
        _raised(_capped(part.high, high), low) if part.high is not None else high,
    )


def times(part: Interval, factor: Decimal) -> Interval:
    """Every number multiplied by ``factor``; a negative one turns the interval round."""
    if factor == 0:
        return ZERO
    low = None if part.low is None else part.low * factor
    high = None if part.high is None else part.high * factor
    return Interval(low, high) if factor > 0 else Interval(high, low)


def _raised(number: Decimal | None, floor: Decimal | None) -> Decimal | None:
    return number if number is None or floor is None else max(number, floor)


def _capped(number: Decimal | None, ceiling: Decimal | None) -> Decimal | None:
    return number if number is None or ceiling is None else min(number, ceiling)
