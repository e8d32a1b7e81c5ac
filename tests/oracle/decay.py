"""The factor by which a row counts less as it grows older (3.2)."""

from collections.abc import Callable
from decimal import ROUND_FLOOR, Decimal

from tests.oracle.arithmetic import ONE, ROUNDED, ZERO, half_up
from tests.oracle.calendars import duration
from tests.oracle.clock import Clock
from tests.oracle.values import Node, Value

_PLACES = 12


def factor(decay: dict[str, Node], date: Value, clock: Clock) -> Decimal:
    """Between 0 and 1, rounded half up to 12 places; a null date gives 0, the future has age 0."""
    if date is None:
        return ZERO
    age = Decimal(max((clock.today - clock.day(date)).days, 0))
    for form, weigh in _FORMS.items():
        if decay.get(form) is not None:
            return half_up(weigh(decay, age, _days(decay[form])), _PLACES)
    return ONE


def _days(text: str) -> Decimal:
    count, unit = duration(text)
    return Decimal(count * {"day": 1, "week": 7}[unit])


def _half_life(decay: dict[str, Node], age: Decimal, days: Decimal) -> Decimal:
    return ROUNDED.power(Decimal("0.5"), ROUNDED.divide(age, days))


def _steps(decay: dict[str, Node], age: Decimal, days: Decimal) -> Decimal:
    steps = (age / days).to_integral_value(ROUND_FLOOR)
    rate: Decimal = decay["rate"]
    return ONE if steps == 0 else ROUNDED.power(ROUNDED.subtract(ONE, rate), steps)


def _until(decay: dict[str, Node], age: Decimal, days: Decimal) -> Decimal:
    return max(ROUNDED.subtract(ONE, ROUNDED.divide(age, days)), ZERO)


_FORMS: dict[str, Callable[[dict[str, Node], Decimal, Decimal], Decimal]] = {
    "half_life": _half_life,
    "every": _steps,
    "until": _until,
}
