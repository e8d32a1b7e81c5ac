"""The left side of a filter's condition: a column, what is known of it, and the two tests that
need nothing but it (rules.md 3.4, 3.5).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gradesys.errors import RecordError
from gradesys.records import DATES, NUMBERS, Kind, Narrowing, Row, Value
from gradesys.rules.clock import Calendar, Moment
from gradesys.rules.literals import IDS
from gradesys.rules.narrowing import EVERYTHING, null, within
from gradesys.rules.predicates import Predicate
from gradesys.rules.shapes import Shape
from gradesys.rules.windows import Days

_NARROWED = DATES | IDS | {Kind.BOOLEAN} | (NUMBERS - {Kind.DOUBLE})
"""Kinds that a server compares exactly as the rules do; a double's stored digits are not ours."""


@dataclass(frozen=True, slots=True)
class Side:
    """The left side: a column as named, and what is known of it. ``kind`` None: nothing."""

    name: str
    shape: Shape
    kind: Kind | None
    calendar: Calendar

    @property
    def narrowable(self) -> bool:
        """True when a store may compare this column with a literal."""
        return self.shape.kind in _NARROWED and not self.shape.polymorphic

    def reading(
        self,
        test: Callable[[Value, Moment], bool],
        narrow: Callable[[Moment, bool], Narrowing] | None,
        moves: bool = False,
    ) -> Predicate:
        """A predicate of this one column; without ``narrow`` nothing is left out."""
        name = self.name

        def named(row: Row, moment: Moment) -> bool:
            try:
                return test(row.get(name), moment)
            except RecordError as error:
                raise RecordError(f"{name}: {error}") from error

        return Predicate(
            frozenset({name}),
            named,
            narrow or (lambda moment, wanted: EVERYTHING),
            moves,
        )


def is_null(side: Side) -> Predicate:
    """The null test."""
    known = side.shape.kind not in (None, Kind.OTHER) and not side.shape.polymorphic
    narrow = (lambda moment, wanted: null(side.name, wanted)) if known else None
    return side.reading(lambda value, moment: value is None, narrow)


def in_window(side: Side, days: Days, moving: bool) -> Predicate:
    """True when the column's local day lies in the window; null lies in none."""

    def test(value: Value, moment: Moment) -> bool:
        day = moment.local_date(value)
        start, end = days(moment.today)
        return day is not None and (start is None or start <= day) and (end is None or day < end)

    column = side.shape.column
    if column is None or not side.narrowable:
        return side.reading(test, None, moving)
    return side.reading(
        test,
        lambda moment, wanted: within(
            column, side.name, days(moment.today), moment.calendar.zone, wanted
        ),
        moving,
    )
