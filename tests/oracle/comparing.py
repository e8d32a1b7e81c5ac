"""Comparisons inside expressions: not the rules for null and booleans of filters (5, 15.1)."""

import ast
import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tests.oracle.clock import Clock
from tests.oracle.errors import RecordError
from tests.oracle.text import normalised
from tests.oracle.values import Value, is_date, moment, number

_ORDER: dict[type[ast.cmpop], Callable[[int], bool]] = {
    ast.Lt: lambda sign: sign < 0,
    ast.LtE: lambda sign: sign <= 0,
    ast.Gt: lambda sign: sign > 0,
    ast.GtE: lambda sign: sign >= 0,
    ast.Eq: lambda sign: sign == 0,
}


def holds(op: ast.cmpop, left: Value, right: Value, clock: Clock) -> bool:
    """One comparison; null on either side is false, `!=` is true when exactly one side is null."""
    if isinstance(op, ast.NotEq):
        if left is None or right is None:
            return (left is None) != (right is None)
        return _sign(left, right, clock) != 0
    if left is None or right is None:
        return False
    return _ORDER[type(op)](_sign(left, right, clock))


def _sign(left: Value, right: Value, clock: Clock) -> int:
    a, b = _sides(left, right, clock)
    return int(a > b) - int(a < b)


def _sides(left: Value, right: Value, clock: Clock) -> tuple[Any, Any]:
    if isinstance(left, bool | Decimal) and isinstance(right, bool | Decimal):
        return number(left), number(right)
    if isinstance(left, str) and isinstance(right, str):
        return normalised(left), normalised(right)
    if is_date(left) or is_date(right):
        a, b = as_date(left), as_date(right)
        if isinstance(a, dt.datetime) and isinstance(b, dt.datetime):
            return a, b
        return clock.day(a), clock.day(b)
    raise RecordError(f"cannot compare {left!r} with {right!r}")


def as_date(value: Value) -> dt.date:
    """A date, an instant, or the date that a text of that shape stands for."""
    found = moment(value) if isinstance(value, str) else value
    if not isinstance(found, dt.date):
        raise RecordError(f"a date is needed, not {value!r}")
    return found


def truth(value: Value) -> bool:
    """A condition: null is false, a number is true unless 0; text and dates are errors."""
    return value is not None and number(value) != 0
