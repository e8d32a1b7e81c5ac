"""How values compare for order, and when two are the same value (15.3)."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from tests.oracle.clock import Clock
from tests.oracle.errors import RecordError
from tests.oracle.text import normalised
from tests.oracle.values import Value, is_date, number


def compare(a: Value, b: Value, clock: Clock) -> int:
    """-1, 0 or 1: numbers by value, dates by instant, text normalised; mixed kinds are an error."""
    left, right = _comparable(a, b, clock)
    return int(left > right) - int(left < right)


def _comparable(a: Value, b: Value, clock: Clock) -> tuple[Any, Any]:
    if isinstance(a, bool | Decimal) and isinstance(b, bool | Decimal):
        return number(a), number(b)
    if isinstance(a, str) and isinstance(b, str):
        return normalised(a), normalised(b)
    if is_date(a) and is_date(b):
        return clock.instant(a), clock.instant(b)
    raise RecordError(f"cannot order {a!r} and {b!r}")


def sort_key(clock: Clock) -> Callable[[Value], Any]:
    """A key for sorted(); values must not be null."""
    return cmp_to_key(lambda a, b: compare(a, b, clock))


def sameness(value: Value) -> tuple[str, object]:
    """Equal for what count_distinct and mode take for one value; true and 1 differ."""
    if isinstance(value, str):
        return "text", normalised(value)
    if isinstance(value, bool):
        return "true/false", value
    if isinstance(value, dt.datetime):
        return "instant", value
    return ("date" if is_date(value) else "number"), value
