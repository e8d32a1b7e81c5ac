"""The functions of expressions (15.1). Each gets the clock and values that are not null."""

import datetime as dt
from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from tests.oracle.arithmetic import ONE, ROUNDED, WIDE, ZERO, finite, half_up
from tests.oracle.calendars import add_months, month_of
from tests.oracle.clock import Clock
from tests.oracle.comparing import as_date
from tests.oracle.errors import RecordError
from tests.oracle.text import western_digits
from tests.oracle.values import NUMBER, Value, is_date, number

_DAY = dt.timedelta(days=1)
_MICROSECOND = dt.timedelta(microseconds=1)


def divide(a: Value, b: Value) -> Decimal | None:
    """a / b, null for a null side or a zero divisor."""
    if a is None or b is None:
        return None
    x, y = number(a), number(b)
    return None if y == 0 else finite(ROUNDED.divide(x, y))


def power(base: Value, exponent: Value) -> Decimal | None:
    """a ** b within the limits of 15.1, else null."""
    a, b = number(base), number(exponent)
    if b == 0:
        return ONE
    fraction = b != b.to_integral_value()
    if abs(b) > 16 or (a == 0 and b < 0) or (a < 0 and fraction):
        return None
    return ZERO if a == 0 else finite(ROUNDED.power(a, b))


def _extreme(pick: Callable[..., Decimal], late: bool) -> Callable[..., Value]:
    def function(clock: Clock, *items: Value) -> Value:
        if not any(is_date(item) for item in items) and not _all_texts(items):
            return pick([number(item) for item in items])
        best = as_date(items[0])
        for item in map(as_date, items[1:]):
            a, b = clock.instant(item), clock.instant(best)
            best = item if (a > b if late else a < b) else best
        return best

    return function


def _all_texts(items: tuple[Value, ...]) -> bool:
    return all(isinstance(item, str) for item in items)


def _round(clock: Clock, x: Value, places: Value = ZERO) -> Decimal:
    digits = number(places)
    if digits != digits.to_integral_value():
        raise RecordError(f"round needs whole places, not {digits}")
    return half_up(number(x), int(digits))


def _sqrt(clock: Clock, x: Value) -> Decimal | None:
    return None if number(x) < 0 else finite(ROUNDED.sqrt(number(x)))


def _ln(clock: Clock, x: Value) -> Decimal | None:
    return None if number(x) <= 0 else finite(ROUNDED.ln(number(x)))


def _exp(clock: Clock, x: Value) -> Decimal | None:
    return finite(ROUNDED.exp(number(x)))


def _sigmoid(clock: Clock, value: Value) -> Decimal | None:
    x = number(value)
    small = ROUNDED.exp(ROUNDED.minus(ROUNDED.abs(x)))
    return finite(ROUNDED.divide(ONE if x >= 0 else small, ROUNDED.add(ONE, small)))


def _clamp(clock: Clock, x: Value, low: Value, high: Value) -> Value:
    return _MIN(clock, _MAX(clock, x, low), high)


def _number(clock: Clock, x: Value) -> Decimal | None:
    if not isinstance(x, str):
        return None if is_date(x) else number(x)
    text = western_digits(x).strip()
    return Decimal(text) if NUMBER.fullmatch(text) else None


def _days(clock: Clock, a: Value, b: Value) -> Decimal:
    return Decimal((clock.day(as_date(b)) - clock.day(as_date(a))).days)


def _months_since(clock: Clock, d: Value) -> Decimal:
    day = clock.day(as_date(d))
    months = month_of(clock.today, clock.calendar) - month_of(day, clock.calendar)
    reached = add_months(day, months, clock.calendar) <= clock.today
    return Decimal(months if reached else months - 1)


def _hours(start: dt.datetime, end: dt.datetime) -> Decimal:
    return ROUNDED.divide(Decimal((end - start) // _MICROSECOND), Decimal(3_600_000_000))


def _hours_since(clock: Clock, d: Value) -> Decimal:
    return _hours(clock.instant(as_date(d)), clock.now)


def _hours_until(clock: Clock, d: Value) -> Decimal:
    return _hours(clock.now, clock.instant(as_date(d)))


def _elapsed(clock: Clock, a: Value, b: Value) -> Decimal | None:
    start, end = clock.day(as_date(a)), clock.day(as_date(b))
    if end < start:
        return None
    share = ROUNDED.divide(
        Decimal((clock.tomorrow - start).days), Decimal((end + _DAY - start).days)
    )
    return min(max(share, ZERO), ONE)


_MIN = _extreme(min, late=False)
_MAX = _extreme(max, late=True)

# name -> (least arguments, most arguments, function); one null argument makes the result null
STRICT: dict[str, tuple[int, int, Callable[..., Value]]] = {
    "min": (1, 999, _MIN),
    "max": (1, 999, _MAX),
    "abs": (1, 1, lambda clock, x: ROUNDED.abs(number(x))),
    "floor": (1, 1, lambda clock, x: number(x).to_integral_value(ROUND_FLOOR, WIDE)),
    "ceil": (1, 1, lambda clock, x: number(x).to_integral_value(ROUND_CEILING, WIDE)),
    "round": (1, 2, _round),
    "sqrt": (1, 1, _sqrt),
    "ln": (1, 1, _ln),
    "exp": (1, 1, _exp),
    "sigmoid": (1, 1, _sigmoid),
    "clamp": (3, 3, _clamp),
    "number": (1, 1, _number),
    "today": (0, 0, lambda clock: clock.today),
    "days_since": (1, 1, lambda clock, d: _days(clock, d, clock.today)),
    "days_until": (1, 1, lambda clock, d: _days(clock, clock.today, d)),
    "days_between": (2, 2, _days),
    "months_since": (1, 1, _months_since),
    "hours_since": (1, 1, _hours_since),
    "hours_until": (1, 1, _hours_until),
    "elapsed": (2, 2, _elapsed),
}


def _ratio(clock: Clock, a: Value, b: Value, default: Value = None) -> Value:
    result = divide(a, b)
    return default if result is None else result


def _coalesce(clock: Clock, *items: Value) -> Value:
    return next((item for item in items if item is not None), None)


# these see nulls themselves
LENIENT: dict[str, tuple[int, int, Callable[..., Value]]] = {
    "coalesce": (1, 999, _coalesce),
    "is_null": (1, 1, lambda clock, a: a is None),
    "ratio": (2, 3, _ratio),
}
