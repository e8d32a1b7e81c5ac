"""Rounding once, at the end: half up to a column's or a score's places, and exact sums.

Both use contexts of their own, so that they do not depend on the caller's 28 digits.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

_UNBOUNDED = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN, rounding=ROUND_HALF_UP)

quantize = _UNBOUNDED.quantize
"""Half away from zero to the places of the second number; may give ``-0``."""


def rounded(value: Decimal, places: int) -> Decimal:
    """Half away from zero to decimal places, which may be negative; never ``-0``."""
    result = quantize(value, _unit(places))
    return result or abs(result)


@lru_cache(maxsize=64)
def _unit(places: int) -> Decimal:
    """One of the last place that is kept."""
    return Decimal(1).scaleb(-places)


def exact_sum(values: Iterable[Decimal]) -> Decimal:
    """The sum without any rounding."""
    total = Decimal(0)
    for value in values:
        total = _UNBOUNDED.add(total, value)
    return total
