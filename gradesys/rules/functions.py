"""The functions of expressions over numbers, and what any function is (rules.md 15.1).

A function gets its arguments as values; before them the clock, and what keeps notes, where it needs
them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import partial
from operator import is_
from typing import Any, Literal

from msgspec import Struct

from gradesys.errors import RecordError
from gradesys.records import Value
from gradesys.rules.arithmetic import CONTEXT, Note, divided, finite
from gradesys.rules.clock import Moment, dated
from gradesys.rules.rounding import rounded
from gradesys.rules.scalars import NUMBER
from gradesys.rules.scalars import number as read_number
from gradesys.rules.text import ascii_digits
from gradesys.rules.values import number

Compute = Callable[..., Value]
Kind = Literal["decimal", "truth", "any"]
_ZERO = Decimal(0)


class Function(Struct, frozen=True):
    """``most`` None: any number of arguments. ``given`` names what stands before them: ``moment``,
    ``note``. ``kind`` of the result: decimal (or null), truth, or any. ``moves``: the result
    depends on today; ``volatile``: even within the day."""

    compute: Compute
    least: int
    most: int | None
    given: tuple[str, ...] = ()
    kind: Kind = "decimal"
    moves: bool = False
    volatile: bool = False


def strict(compute: Compute) -> Compute:
    """The same function, null when any argument is."""

    def computed(*args: Any) -> Value:
        for each in args:  # ``in`` would ask each argument whether it equals null
            if each is None:
                return None
        return compute(*args)

    return computed


def _min(moment: Moment, *args: Any) -> Value:
    return min(_comparable(moment, args), key=lambda pair: pair[0])[1]


def _max(moment: Moment, *args: Any) -> Value:
    return max(_comparable(moment, args), key=lambda pair: pair[0])[1]


def _comparable(moment: Moment, args: tuple[Any, ...]) -> list[tuple[Any, Value]]:
    """Arguments with what orders them: all are numbers, or all are dates (local midnights)."""
    if any(isinstance(value, str | date) for value in args):
        return [(moment.instant(value), dated(value)) for value in args]
    return [(number(value), number(value)) for value in args]


def _clamp(moment: Moment, value: Value, low: Value, high: Value) -> Value:
    return _min(moment, _max(moment, value, low), high)


def _abs(value: Value) -> Value:
    return CONTEXT.abs(_number(value))


def _floor(value: Value) -> Value:
    return _number(value).to_integral_value(ROUND_FLOOR)


def _ceil(value: Value) -> Value:
    return _number(value).to_integral_value(ROUND_CEILING)


def _round(value: Value, digits: Value = _ZERO) -> Value:
    number, places = _number(value), _number(digits)
    if places != places.to_integral_value():
        raise RecordError("round() needs a whole number of places")
    if places >= -_exponent(number):
        return number
    if -places > number.adjusted() + 1:
        return _ZERO
    return rounded(number, int(places))


def _exponent(value: Decimal) -> int:
    """The power of ten of the last digit."""
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    return exponent


def _sqrt(note: Note, value: Value) -> Value:
    return finite(CONTEXT.sqrt(_number(value)), note, "sqrt() of a negative number")


def _ln(note: Note, value: Value) -> Value:
    return finite(CONTEXT.ln(_number(value)), note, "ln() of a number that is not positive")


def _exp(note: Note, value: Value) -> Value:
    return finite(CONTEXT.exp(_number(value)), note, "exp() of too large a number")


def _sigmoid(value: Value) -> Value:
    number = _number(value)
    power = CONTEXT.exp(number.copy_abs().copy_negate())
    above = Decimal(1) if number >= 0 else power
    return CONTEXT.divide(above, CONTEXT.add(Decimal(1), power))


def _coalesce(*args: Value) -> Value:
    return next((value for value in args if value is not None), None)


def _ratio(above: Value, below: Value, default: Value = None) -> Value:
    found = divided(above, below)
    return default if found is None else found


def _to_number(value: Value) -> Value:
    if isinstance(value, bool | Decimal):
        return number(value)
    text = ascii_digits(value).strip() if isinstance(value, str) else ""
    try:
        return read_number(text) if NUMBER.fullmatch(text) else None
    except ValueError:
        return None


def _number(value: Value) -> Decimal:
    """A number of an argument that is known not to be null."""
    assert value is not None
    return number(value)


_CLOCK = ("moment",)
_NOTED = ("note",)
NUMERIC: dict[str, Function] = {
    "min": Function(strict(_min), 1, None, _CLOCK, "any"),
    "max": Function(strict(_max), 1, None, _CLOCK, "any"),
    "clamp": Function(strict(_clamp), 3, 3, _CLOCK, "any"),
    "abs": Function(strict(_abs), 1, 1),
    "floor": Function(strict(_floor), 1, 1),
    "ceil": Function(strict(_ceil), 1, 1),
    "round": Function(strict(_round), 1, 2),
    "sqrt": Function(strict(_sqrt), 1, 1, _NOTED),
    "ln": Function(strict(_ln), 1, 1, _NOTED),
    "exp": Function(strict(_exp), 1, 1, _NOTED),
    "sigmoid": Function(strict(_sigmoid), 1, 1),
    "coalesce": Function(_coalesce, 1, None, kind="any"),
    "is_null": Function(partial(is_, None), 1, 1, kind="truth"),
    "ratio": Function(_ratio, 2, 3, kind="any"),
    "number": Function(strict(_to_number), 1, 1),
}
