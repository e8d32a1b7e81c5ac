"""The left side of a filter's condition: a column, what is known of it, and the two tests that
need nothing but it (rules.md 3.4, 3.5).
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from gradesys.errors import RecordError
from gradesys.records import DATES, NUMBERS, Kind, Narrowing, Row, Value
from gradesys.rules.clock import Calendar, Moment
from gradesys.rules.literals import IDS
from gradesys.rules.narrowing import EVERYTHING, null, sharp, within
from gradesys.rules.predicates import Predicate
from gradesys.rules.shapes import Shape
from gradesys.rules.windows import Days

_NARROWED = DATES | IDS | {Kind.BOOLEAN} | (NUMBERS - {Kind.DOUBLE})
"""Kinds that a server compares exactly as the rules do; a double's stored digits are not ours."""


class Side(Struct, frozen=True):
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
        exact: Callable[[Moment], bool] = lambda moment: True,
    ) -> Predicate:
        """A predicate of this one column; without ``narrow`` nothing is left out. A parent's column
        is never exact: stores may have a view of their own of a broken lookup."""
        name = self.name
        inexact = narrow is None or "." in name

        def named(row: Row, moment: Moment) -> bool:
            try:
                return test(row.get(name), moment)
            except RecordError as error:
                raise RecordError(f"{name}: {error}") from error

        return Predicate(
            frozenset({name}),
            named,
            narrow or (lambda moment, wanted: EVERYTHING),
            (lambda moment: False) if inexact else exact,
            moves,
        )

    def days(
        self, test: Callable[[Value, Moment], bool], span: Days, moves: bool = False
    ) -> Predicate:
        """A predicate that holds where the local day lies in a span."""
        name, column = self.name, self.shape.column
        if column is None or not self.narrowable:
            return self.reading(test, None, moves)
        return self.reading(
            test,
            lambda moment, wanted: within(
                column, name, span(moment.today), moment.calendar.zone, wanted
            ),
            moves,
            lambda moment: sharp(column, span(moment.today), moment.calendar.zone),
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

    return side.days(test, days, moving)
