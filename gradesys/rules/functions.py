"""The functions of expressions over numbers, and what any function is (rules.md 15.1).

A function gets its arguments as values, and the scope for the clock and for notes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any, Protocol

from gradesys.errors import RecordError
from gradesys.records import Value
from gradesys.rules.arithmetic import CONTEXT, OPERATIONS, finite
from gradesys.rules.clock import Moment, dated
from gradesys.rules.rounding import rounded
from gradesys.rules.scalars import NUMBER
from gradesys.rules.scalars import number as read_number
from gradesys.rules.text import ascii_digits
from gradesys.rules.values import number


class Scope(Protocol):
    """What an expression sees of the record that it is evaluated for."""

    @property
    def moment(self) -> Moment:
        """The clock of the evaluation."""

    def value(self, name: str) -> Value:
        """The value of a bare name."""

    def points(self, name: str) -> Decimal | None:
        """The clamped points of an indicator."""

    def note(self, text: str) -> None:
        """Keep a remark for the explanation."""


Arguments = Sequence[Value]
Compute = Callable[[Arguments, Scope], Value]


@dataclass(frozen=True, slots=True)
class Function:
    """``most`` None: any number of arguments. ``moves``: the result depends on today;
    ``volatile``: even within the day."""

    compute: Compute
    least: int
    most: int | None
    moves: bool = False
    volatile: bool = False


def strict(compute: Compute) -> Compute:
    """The same function, null when any argument is."""
    return lambda args, scope: None if None in args else compute(args, scope)


def _min(args: Arguments, scope: Scope) -> Value:
    return min(_comparable(args, scope), key=lambda pair: pair[0])[1]


def _max(args: Arguments, scope: Scope) -> Value:
    return max(_comparable(args, scope), key=lambda pair: pair[0])[1]


def _comparable(args: Arguments, scope: Scope) -> list[tuple[Any, Value]]:
    """Arguments with what orders them: all are numbers, or all are dates (local midnights)."""
    if any(isinstance(value, str | date) for value in args):
        return [(scope.moment.instant(value), dated(value)) for value in args]
    return [(number(value), number(value)) for value in args]


def _clamp(args: Arguments, scope: Scope) -> Value:
    value, low, high = args
    return _min((_max((value, low), scope), high), scope)


def _abs(args: Arguments, scope: Scope) -> Value:
    return CONTEXT.abs(_number(args[0]))


def _floor(args: Arguments, scope: Scope) -> Value:
    return _number(args[0]).to_integral_value(ROUND_FLOOR)


def _ceil(args: Arguments, scope: Scope) -> Value:
    return _number(args[0]).to_integral_value(ROUND_CEILING)


def _round(args: Arguments, scope: Scope) -> Value:
    value = _number(args[0])
    places = _number(args[1]) if len(args) > 1 else Decimal(0)
    if places != places.to_integral_value():
        raise RecordError("round() needs a whole number of places")
    if places >= -_exponent(value):
        return value
    if -places > value.adjusted() + 1:
        return Decimal(0)
    return rounded(value, int(places))


def _exponent(value: Decimal) -> int:
    """The power of ten of the last digit."""
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    return exponent


def _sqrt(args: Arguments, scope: Scope) -> Value:
    value = _number(args[0])
    return finite(CONTEXT.sqrt(value), scope.note, "sqrt() of a negative number")


def _ln(args: Arguments, scope: Scope) -> Value:
    value = _number(args[0])
    return finite(CONTEXT.ln(value), scope.note, "ln() of a number that is not positive")


def _exp(args: Arguments, scope: Scope) -> Value:
    return finite(CONTEXT.exp(_number(args[0])), scope.note, "exp() of too large a number")


def _sigmoid(args: Arguments, scope: Scope) -> Value:
    value = _number(args[0])
    power = CONTEXT.exp(value.copy_abs().copy_negate())
    above = Decimal(1) if value >= 0 else power
    return CONTEXT.divide(above, CONTEXT.add(Decimal(1), power))


def _coalesce(args: Arguments, scope: Scope) -> Value:
    return next((value for value in args if value is not None), None)


def _is_null(args: Arguments, scope: Scope) -> Value:
    return args[0] is None


def _ratio(args: Arguments, scope: Scope) -> Value:
    above, below, *default = args
    quotient = OPERATIONS["/"](above, below, lambda text: None)
    return next(iter(default), None) if quotient is None else quotient


def _to_number(args: Arguments, scope: Scope) -> Value:
    value = args[0]
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


NUMERIC: dict[str, Function] = {
    "min": Function(strict(_min), 1, None),
    "max": Function(strict(_max), 1, None),
    "clamp": Function(strict(_clamp), 3, 3),
    "abs": Function(strict(_abs), 1, 1),
    "floor": Function(strict(_floor), 1, 1),
    "ceil": Function(strict(_ceil), 1, 1),
    "round": Function(strict(_round), 1, 2),
    "sqrt": Function(strict(_sqrt), 1, 1),
    "ln": Function(strict(_ln), 1, 1),
    "exp": Function(strict(_exp), 1, 1),
    "sigmoid": Function(strict(_sigmoid), 1, 1),
    "coalesce": Function(_coalesce, 1, None),
    "is_null": Function(_is_null, 1, 1),
    "ratio": Function(_ratio, 2, 3),
    "number": Function(strict(_to_number), 1, 1),
}
