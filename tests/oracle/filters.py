"""Filters: two-valued logic over the columns of one row (3.4)."""

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal

from tests.oracle.clock import Clock, literal
from tests.oracle.errors import InputError, RecordError
from tests.oracle.text import normalised
from tests.oracle.values import Node, Value, is_date
from tests.oracle.windows import in_window

Read = Callable[[str], Value]
Operator = Callable[[Value, Node, Clock], bool]


def keeps(condition: Node, read: Read, clock: Clock) -> bool:
    """Whether a row passes; `read` gives the row's columns. An absent filter keeps all."""
    if condition is None:
        return True
    return all(_entry(key, test, read, clock) for key, test in condition.items())


def _entry(key: str, test: Node, read: Read, clock: Clock) -> bool:
    if key == "any":
        return any(keeps(one, read, clock) for one in test)
    if key == "all":
        return all(keeps(one, read, clock) for one in test)
    if key == "not":
        parts = test if isinstance(test, list) else [test]
        return not all(keeps(one, read, clock) for one in parts)
    return _column(read(key), test, clock)


def _column(value: Value, test: Node, clock: Clock) -> bool:
    if isinstance(test, Mapping):
        return all(_operator(name)(value, operand, clock) for name, operand in test.items())
    if isinstance(test, list):
        return _in(value, test, clock)
    return _eq(value, test, clock)


def _operator(name: str) -> Operator:
    if name not in OPERATORS:
        raise InputError(f"not a filter operator: {name!r}")
    return OPERATORS[name]


def compare(value: Value, operand: Node, clock: Clock) -> int:
    """-1, 0 or 1 for two non-null sides of one kind; other kinds are an error of the record."""
    left, right = _sides(value, operand, clock)
    return int(left > right) - int(left < right)


def _sides(value: Value, operand: Node, clock: Clock) -> tuple[Node, Node]:
    if is_date(value):
        return _date_sides(value, operand, clock)
    for kind in (bool, Decimal):
        if isinstance(value, kind) and isinstance(operand, kind):
            return value, operand
    if isinstance(value, str) and isinstance(operand, str) and not _is_today(operand, clock):
        return normalised(value), normalised(operand)
    raise RecordError(f"cannot compare {value!r} with {operand!r}")


def _date_sides(value: Value, operand: Node, clock: Clock) -> tuple[Node, Node]:
    found = literal(operand, clock.today) if isinstance(operand, str) else None
    if found is None:
        raise RecordError(f"cannot compare {value!r} with {operand!r}")
    if isinstance(found, dt.datetime):
        return clock.instant(value), found
    return clock.day(value), found


def _is_today(text: str, clock: Clock) -> bool:
    return text.startswith("@today") and literal(text, clock.today) is not None


def _eq(value: Value, operand: Node, clock: Clock) -> bool:
    if value is None or operand is None:
        return value is None and operand is None
    return compare(value, operand, clock) == 0


def _in(value: Value, operands: Node, clock: Clock) -> bool:
    return any(_eq(value, one, clock) for one in operands)


def _ordered(accept: Callable[[int], bool]) -> Operator:
    def operator(value: Value, operand: Node, clock: Clock) -> bool:
        if value is None or operand is None:
            return False
        return accept(compare(value, operand, clock))

    return operator


def _between(value: Value, operand: Node, clock: Clock) -> bool:
    low, high = operand
    return _GE(value, low, clock) and _LE(value, high, clock)


def _textual(accept: Callable[[str, str], bool]) -> Operator:
    def operator(value: Value, operand: Node, clock: Clock) -> bool:
        if value is None or operand is None:
            return False
        if not (isinstance(value, str) and isinstance(operand, str)):
            raise RecordError(f"text is needed, not {value!r} and {operand!r}")
        return accept(normalised(value), normalised(operand))

    return operator


def _within(value: Value, window: Node, clock: Clock) -> bool:
    return window is not None and in_window(value, window, clock)


_GE = _ordered(lambda sign: sign >= 0)
_LE = _ordered(lambda sign: sign <= 0)

OPERATORS: dict[str, Operator] = {
    "eq": _eq,
    "ne": lambda value, operand, clock: not _eq(value, operand, clock),
    "gt": _ordered(lambda sign: sign > 0),
    "ge": _GE,
    "lt": _ordered(lambda sign: sign < 0),
    "le": _LE,
    "in": _in,
    "not_in": lambda value, operands, clock: not _in(value, operands, clock),
    "between": _between,
    "contains": _textual(lambda text, part: part in text),
    "starts_with": _textual(str.startswith),
    "ends_with": _textual(str.endswith),
    "is_null": lambda value, wanted, clock: (value is None) is wanted,
    "within": _within,
}
