"""Filters (rules.md 3.4): from the map as written to a test of rows and a narrowing of reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from msgspec import Struct

from gradesys.errors import Problem, RuleError
from gradesys.records import Narrowing, Row, Schema
from gradesys.rules.clock import Calendar, Moment
from gradesys.rules.model import Filter
from gradesys.rules.nearest import nearest
from gradesys.rules.operators import OPERATORS
from gradesys.rules.predicates import Predicate, all_, any_, not_
from gradesys.rules.problems import Findings
from gradesys.rules.shapes import key_kind, shape_at
from gradesys.rules.sides import Side


class CompiledFilter(Struct, frozen=True):
    """``test`` raises RecordError where kinds do not match; ``narrow`` gives a sound superset, and
    where ``exact`` just these rows."""

    columns: frozenset[str]
    test: Callable[[Row, Moment], bool]
    narrow: Callable[[Moment], Narrowing]
    time_dependent: bool
    exact: Callable[[Moment], bool]


class Place(Struct, frozen=True):
    """Where a filter's columns stand."""

    table: str
    schema: Schema | None
    calendar: Calendar

    def side(self, column: str) -> Side:
        """The column as the left side of a condition; RuleError when metadata lacks it."""
        shape = shape_at(self.schema, self.table, column)
        return Side(column, shape, shape.kind or key_kind(self.table, column), self.calendar)


def compile_filter(
    filter: Filter | None, table: str, schema: Schema | None, calendar: Calendar
) -> CompiledFilter:
    """None lets every row pass. Raises RuleError with every problem, paths within the filter."""
    whole = compile_predicate(filter, Place(table, schema, calendar))
    return CompiledFilter(
        whole.columns,
        whole.test,
        lambda moment: whole.narrow(moment, True),
        whole.moves,
        whole.exact,
    )


def compile_predicate(filter: Filter | None, place: Place) -> Predicate:
    """The filter as a predicate, to be combined with others."""
    return _all_of({} if filter is None else filter, place)


def _all_of(written: Any, place: Place) -> Predicate:
    """A map of conditions, all of which must hold."""
    if not isinstance(written, Mapping):
        raise _error("a map of conditions is needed")
    found = Findings()
    parts = [
        found.attempt((key,), partial(_entry, key, right, place)) for key, right in written.items()
    ]
    found.settle()
    return all_([part for part in parts if part is not None])


def _entry(key: Any, written: Any, place: Place) -> Predicate:
    if not isinstance(key, str):
        raise _error("a column name is needed")
    if key in GROUPS:
        return GROUPS[key](written, place)
    return _condition(place.side(key), written)


def _condition(side: Side, written: Any) -> Predicate:
    """``column: value``, ``column: [values]`` or ``column: {operator: value}``."""
    if isinstance(written, list | tuple):
        return OPERATORS["in"](side, written)
    if not isinstance(written, Mapping):
        return OPERATORS["eq"](side, written)
    found = Findings()
    parts = [
        found.attempt((op,), partial(_operator, op, side, right)) for op, right in written.items()
    ]
    found.settle()
    return all_([part for part in parts if part is not None])


def _operator(name: Any, side: Side, written: Any) -> Predicate:
    if name not in OPERATORS:
        raise _error(f"unknown operator '{name}'{nearest(str(name), OPERATORS)}")
    return OPERATORS[name](side, written)


def _members(written: Any, place: Place) -> list[Predicate]:
    if not isinstance(written, list | tuple):
        raise _error("a list of filters is needed")
    found = Findings()
    parts = [
        found.attempt((index,), partial(_all_of, member, place))
        for index, member in enumerate(written)
    ]
    found.settle()
    return [part for part in parts if part is not None]


def _not(written: Any, place: Place) -> Predicate:
    if isinstance(written, list | tuple):
        return not_(all_(_members(written, place)))
    return not_(_all_of(written, place))


def _error(message: str) -> RuleError:
    return RuleError((Problem((), message),))


GROUPS: dict[str, Callable[[Any, Place], Predicate]] = {
    "any": lambda written, place: any_(_members(written, place)),
    "all": lambda written, place: all_(_members(written, place)),
    "not": _not,
}
