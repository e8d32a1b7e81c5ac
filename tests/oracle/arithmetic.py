"""Decimal arithmetic as section 5 wants it: 28 digits half to even, or exact, or half up."""

from decimal import (
    MAX_EMAX,
    MIN_EMIN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    Context,
    Decimal,
    Inexact,
    InvalidOperation,
)

# Nothing traps here: what has no finite result is null (see finite).
ROUNDED = Context(prec=28, rounding=ROUND_HALF_EVEN, traps=[])
# Wide enough for every sum of money; a result that does not fit is a loud error, never rounded.
EXACT = Context(prec=100_000, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[Inexact, InvalidOperation])
# quantize must not fail because of the digits before the point.
WIDE = Context(prec=100_000, rounding=ROUND_HALF_UP, traps=[InvalidOperation])

ZERO = Decimal(0)
ONE = Decimal(1)


def finite(result: Decimal) -> Decimal | None:
    """The result, or null where the operation has none (15.1)."""
    return result if result.is_finite() else None


def half_up(x: Decimal, places: int) -> Decimal:
    """Round half away from zero; never gives a negative zero."""
    rounded = x.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, WIDE)
    return rounded or abs(rounded)


def exact_sum(numbers: list[Decimal]) -> Decimal:
    """The exact sum, not rounded."""
    total = ZERO
    for x in numbers:
        total = EXACT.add(total, x)
    return total


def running_sum(numbers: list[Decimal]) -> Decimal:
    """The sum in the given order, each step rounded to 28 digits."""
    total = ZERO
    for x in numbers:
        total = ROUNDED.add(total, x)
    return total


def clamp(x: Decimal, low: Decimal | None, high: Decimal | None) -> Decimal:
    """min(max(x, low), high); an absent bound does not act."""
    raised = x if low is None else max(x, low)
    return raised if high is None else min(raised, high)


def line(x: Decimal, source: list[Decimal], target: list[Decimal]) -> Decimal:
    """c + (x - a) * (d - c) / (b - a), left to right, each operation rounded to 28 digits."""
    (a, b), (c, d) = source, target
    rise = ROUNDED.multiply(ROUNDED.subtract(x, a), ROUNDED.subtract(d, c))
    return ROUNDED.add(c, ROUNDED.divide(rise, ROUNDED.subtract(b, a)))
