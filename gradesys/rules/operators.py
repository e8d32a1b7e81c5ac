"""The operators of filters (rules.md 3.4): OPERATORS is the table of their names.

Each takes what stands to its right and the column at its left, and gives a predicate; all but a
few are put together from null test, equality, order and window.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from gradesys.errors import Problem, RecordError, RuleError
from gradesys.records import DATES, TEXTS, Narrowing, Value
from gradesys.rules.calendars import plus_days
from gradesys.rules.clock import Moment
from gradesys.rules.literals import IDS, Literal, read_literal
from gradesys.rules.model import Window
from gradesys.rules.narrowing import EVERYTHING, NOTHING, compared, sendable
from gradesys.rules.predicates import Predicate, all_, any_, not_
from gradesys.rules.problems import Findings
from gradesys.rules.reading import read_node
from gradesys.rules.sides import Side, in_window, is_null
from gradesys.rules.text import normalize
from gradesys.rules.values import described
from gradesys.rules.windows import Span, compile_window, moves


def _compare(side: Side, op: str, written: Any) -> Predicate:
    """``eq gt ge lt le`` against something that is not null; a null value gives false."""
    if op != "eq" and side.kind in IDS:
        raise _error("a lookup or id has no order")
    literal = read_literal(written, side.kind)
    holds = _TESTS[op]

    def test(value: Value, moment: Moment) -> bool:
        return value is not None and holds(*literal.pair(value, moment))

    day = literal.day
    if day is not None and side.kind in DATES:
        return side.days(test, lambda today: _span(op, day(today)), literal.moves)
    narrow = _narrowing(side, op, literal) if side.narrowable else None
    return side.reading(test, narrow, literal.moves)


def _narrowing(side: Side, op: str, literal: Literal) -> Callable[[Moment, bool], Narrowing] | None:
    column, name = side.shape.column, side.name
    assert column is not None
    operand = literal.instant if column.kind in DATES else literal.value
    operand = literal.id if column.kind in IDS else operand
    if not sendable(column.kind, op, operand):
        return None
    return lambda moment, wanted: compared(name, op, operand, wanted)


def _span(op: str, day: date) -> Span:
    """The local days that stand in this order to the day."""
    after = plus_days(day, 1)
    spans: dict[str, Span] = {
        "eq": (day, after),
        "gt": (after, None),
        "ge": (day, None),
        "lt": (None, day),
        "le": (None, after),
    }
    return spans[op]


def _eq(side: Side, written: Any) -> Predicate:
    return is_null(side) if written is None else _compare(side, "eq", written)


def _in(side: Side, written: Any) -> Predicate:
    found = Findings()
    parts = [
        found.attempt((index,), partial(_eq, side, item))
        for index, item in enumerate(_list(written))
    ]
    found.settle()
    return any_([part for part in parts if part is not None])


def _ordered(op: str) -> Operator:
    return lambda side, written: _never(side) if written is None else _compare(side, op, written)


def _between(side: Side, written: Any) -> Predicate:
    if written is None:
        return _never(side)
    if len(_list(written)) != 2:
        raise _error("between needs two values")
    return all_([OPERATORS["ge"](side, written[0]), OPERATORS["le"](side, written[1])])


def _is_null(side: Side, written: Any) -> Predicate:
    if not isinstance(written, bool):
        raise _error("is_null needs true or false")
    return is_null(side) if written else not_(is_null(side))


def _textual(holds: Callable[[str, str], bool]) -> Operator:
    def predicate(side: Side, written: Any) -> Predicate:
        if side.kind is not None and side.kind not in TEXTS:
            raise _error(f"only text can be searched, not a column of kind {side.kind}")
        if written is None:
            return _never(side)
        if not isinstance(written, str):
            raise _error("a text is needed")
        wanted = normalize(written)

        def test(value: Value, moment: Moment) -> bool:
            if value is None or isinstance(value, str):
                return value is not None and holds(normalize(value), wanted)
            raise RecordError(f"only text can be searched, not {described(value)}")

        return side.reading(test, None)

    return predicate


def _within(side: Side, written: Any) -> Predicate:
    if written is None:
        return _never(side)
    if side.kind is not None and side.kind not in DATES:
        raise _error(f"a column of kind {side.kind} lies in no window")
    window = _window(written)
    return in_window(side, compile_window(window, side.calendar), moves(window))


def _window(written: Any) -> Window:
    if not isinstance(written, Mapping):
        raise _error("within needs a window such as {last: 30 days}")
    if "date" in written:
        raise RuleError((Problem(("date",), "the column stands before within"),))
    refused: list[Problem] = []
    window = read_node(Window, dict(written), (), refused)
    if window is None:
        raise RuleError(tuple(refused))
    return window


def _never(side: Side) -> Predicate:
    """Nothing stands to null as these operators ask."""
    return side.reading(
        lambda value, moment: False, lambda moment, wanted: NOTHING if wanted else EVERYTHING
    )


def _list(written: Any) -> list[Any]:
    if not isinstance(written, list | tuple):
        raise _error("a list is needed")
    return list(written)


def _error(message: str) -> RuleError:
    return RuleError((Problem((), message),))


Operator = Callable[[Side, Any], Predicate]

_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}
OPERATORS: dict[str, Operator] = {
    "eq": _eq,
    "ne": lambda side, written: not_(_eq(side, written)),
    "gt": _ordered("gt"),
    "ge": _ordered("ge"),
    "lt": _ordered("lt"),
    "le": _ordered("le"),
    "in": _in,
    "not_in": lambda side, written: not_(_in(side, written)),
    "between": _between,
    "contains": _textual(lambda text, part: part in text),
    "starts_with": _textual(str.startswith),
    "ends_with": _textual(str.endswith),
    "is_null": _is_null,
    "within": _within,
}
