"""The operations of aggregates as folds (rules.md 3.2, section 5): FOLDS is the table of names.

A fold accumulates exactly and rounds once when it finishes, so the order in which rows arrive
never matters. All keep a few values per record, except median, mode and count_distinct.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct

from gradesys.records import Value
from gradesys.rules.arithmetic import CONTEXT, EXACT
from gradesys.rules.clock import Moment
from gradesys.rules.ordering import Rank, RowOrder, rank
from gradesys.rules.rowscope import RowScope
from gradesys.rules.values import identity, number

Pick = Callable[[RowScope], Value]
"""The value of a row that the operation is about; for conditions, whether the row meets it."""


Merge = Callable[[Any, Mapping[str, Value], Moment], None]
"""Adds figures of many rows to a state: ``rows``, and by operation those of the picked column."""


class Fold(Struct, frozen=True):
    """``start`` makes a state of one record, ``add`` changes it by a row, ``finish`` reads it.

    ``merge`` changes it by the ``figures`` of many rows (sum, count, min, max); None: needs rows.
    ``told``: the value from the number of all rows and their figures, in this order; None: the one
    figure is the value. ``keeps``: what stays of a record's rows until all have come, which is what
    a resync needs memory for.
    """

    start: Callable[[], Any]
    add: Callable[[Any, RowScope], None]
    finish: Callable[[Any], Value]
    merge: Merge | None = None
    figures: tuple[str, ...] = ()
    told: Callable[..., Value] | None = None
    keeps: str = "a few figures"


def limited(fold: Fold, order: RowOrder, limit: int) -> Fold:
    """The fold over the first ``limit`` rows in row order; keeps at most twice as many."""

    def trim(state: list[tuple[Any, RowScope]]) -> None:
        state.sort(key=lambda entry: entry[0])
        del state[limit:]

    def add(state: list[tuple[Any, RowScope]], scope: RowScope) -> None:
        state.append((order(scope.row, scope.moment), scope))
        if len(state) >= 2 * limit + 64:
            trim(state)

    def finish(state: list[tuple[Any, RowScope]]) -> Value:
        trim(state)
        inner = fold.start()
        for _, scope in state:
            fold.add(inner, scope)
        return fold.finish(inner)

    return Fold(list, add, finish, keeps=f"up to {2 * limit + 64} rows")


def _rows(finish: Callable[[Decimal], Value]) -> Callable[..., Fold]:
    """From the number of rows."""

    def fold(pick: Pick, order: RowOrder) -> Fold:
        def add(state: list[Decimal], scope: RowScope) -> None:
            state[0] += 1

        def merge(state: list[Decimal], figures: Mapping[str, Value], moment: Moment) -> None:
            state[0] += number(figures["rows"]) or 0

        return Fold(lambda: [Decimal(0)], add, lambda state: finish(state[0]), merge, (), finish)

    return fold


def _sum(pick: Pick, order: RowOrder) -> Fold:
    def add(state: list[Decimal], scope: RowScope) -> None:
        value = number(pick(scope))
        if value is not None:
            state[0] = EXACT.add(state[0], value)

    def merge(state: list[Decimal], figures: Mapping[str, Value], moment: Moment) -> None:
        state[0] = EXACT.add(state[0], number(figures["sum"]) or Decimal(0))

    return Fold(lambda: [Decimal(0)], add, lambda state: state[0], merge, ("sum",))


def _average(pick: Pick, order: RowOrder) -> Fold:
    def add(state: list[Decimal], scope: RowScope) -> None:
        value = number(pick(scope))
        if value is not None:
            state[0] += 1
            state[1] = EXACT.add(state[1], value)

    def merge(state: list[Decimal], figures: Mapping[str, Value], moment: Moment) -> None:
        state[0] += number(figures["count"]) or 0
        state[1] = EXACT.add(state[1], number(figures["sum"]) or Decimal(0))

    def told(rows: Decimal, count: Decimal, total: Decimal) -> Value:
        return CONTEXT.divide(total, count) if count else None

    def finish(state: list[Decimal]) -> Value:
        return told(Decimal(0), *state)

    return Fold(lambda: [Decimal(0)] * 2, add, finish, merge, ("count", "sum"), told)


def _deviation(pick: Pick, order: RowOrder) -> Fold:
    """Of the population: sqrt((n x sum of squares - square of the sum) / n**2)."""

    def add(state: list[Decimal], scope: RowScope) -> None:
        value = number(pick(scope))
        if value is not None:
            powers = (Decimal(1), value, EXACT.multiply(value, value))
            state[:] = map(EXACT.add, state, powers)

    def finish(state: list[Decimal]) -> Value:
        count, total, squares = state
        if not count:
            return None
        spread = EXACT.subtract(EXACT.multiply(count, squares), EXACT.multiply(total, total))
        return CONTEXT.sqrt(CONTEXT.divide(spread, EXACT.multiply(count, count)))

    return Fold(lambda: [Decimal(0)] * 3, add, finish)


def _median(pick: Pick, order: RowOrder) -> Fold:
    def add(state: list[Decimal], scope: RowScope) -> None:
        value = number(pick(scope))
        if value is not None:
            state.append(value)

    def finish(state: list[Decimal]) -> Value:
        if not state:
            return None
        state.sort()
        middle = EXACT.add(state[(len(state) - 1) // 2], state[len(state) // 2])
        return CONTEXT.divide(middle, Decimal(2))

    return Fold(list, add, finish, keeps="every value")


def _extreme(op: str, beats: Callable[[Rank, Rank], bool]) -> Callable[..., Fold]:
    """The value that beats all others; among equals the one of the first row in row order."""

    def fold(pick: Pick, order: RowOrder) -> Fold:
        def is_earlier(scope: RowScope, other: RowScope | None) -> bool:
            # A figure has no row: it comes only of kinds whose equal values look alike.
            return other is not None and (
                order(scope.row, scope.moment) < order(other.row, other.moment)
            )

        def add(state: list[Any], scope: RowScope) -> None:
            value = pick(scope)
            if value is None:
                return
            own = rank(value, scope.moment)
            is_better = not state or beats(own, state[0])
            if is_better or (not beats(state[0], own) and is_earlier(scope, state[1])):
                state[:] = own, scope, value

        def merge(state: list[Any], figures: Mapping[str, Value], moment: Moment) -> None:
            value = figures[op]
            if value is not None and (not state or beats(rank(value, moment), state[0])):
                state[:] = rank(value, moment), None, value

        return Fold(list, add, lambda state: state[2] if state else None, merge, (op,))

    return fold


def _mode(pick: Pick, order: RowOrder) -> Fold:
    """The most frequent value, the smallest of several; spelled as in the first of its rows."""

    def add(state: dict[Hashable, list[Any]], scope: RowScope) -> None:
        value = pick(scope)
        if value is None:
            return
        place = order(scope.row, scope.moment)
        entry = state.setdefault(identity(value), [0, place, value, rank(value, scope.moment)])
        entry[0] += 1
        if place < entry[1]:
            entry[1:3] = place, value

    def finish(state: dict[Hashable, list[Any]]) -> Value:
        most = max((entry[0] for entry in state.values()), default=0)
        tied = [entry for entry in state.values() if entry[0] == most]
        tied.sort(key=lambda entry: (entry[3], entry[1]))
        value: Value = tied[0][2] if tied else None
        return value

    return Fold(dict, add, finish, keeps="every distinct value")


def _count_distinct(pick: Pick, order: RowOrder) -> Fold:
    def add(state: set[Hashable], scope: RowScope) -> None:
        value = pick(scope)
        if value is not None:
            state.add(identity(value))

    return Fold(set, add, lambda state: Decimal(len(state)), keeps="every distinct value")


def _end(nearer: Callable[[Any, Any], bool]) -> Callable[..., Fold]:
    """The value, perhaps null, of the outermost row whose first key is not null."""

    def fold(pick: Pick, order: RowOrder) -> Fold:
        def add(state: list[Any], scope: RowScope) -> None:
            place = order(scope.row, scope.moment)
            is_null = place[0][0]
            if not is_null and (not state or nearer(place, state[0])):
                state[:] = place, scope

        return Fold(list, add, lambda state: pick(state[1]) if state else None, keeps="one row")

    return fold


def _hits(finish: Callable[[int, int], Value]) -> Callable[..., Fold]:
    """From the number of rows and of those that meet the condition."""

    def fold(pick: Pick, order: RowOrder) -> Fold:
        def add(state: list[int], scope: RowScope) -> None:
            state[0] += 1
            state[1] += bool(pick(scope))

        return Fold(lambda: [0, 0], add, lambda state: finish(*state))

    return fold


FOLDS: dict[str, Callable[[Pick, RowOrder], Fold]] = {
    "count": _rows(lambda rows: rows),
    "sum": _sum,
    "avg": _average,
    "stddev": _deviation,
    "median": _median,
    "min": _extreme("min", lambda one, other: one < other),
    "max": _extreme("max", lambda one, other: one > other),
    "mode": _mode,
    "count_distinct": _count_distinct,
    "first": _end(lambda one, other: one < other),
    "last": _end(lambda one, other: one > other),
    "any": _rows(lambda rows: rows > 0),
    "all": _hits(lambda rows, hits: hits == rows if rows else None),
    "none": _hits(lambda rows, hits: hits == 0 if rows else None),
    "share": _hits(
        lambda rows, hits: CONTEXT.divide(Decimal(hits), Decimal(rows)) if rows else None
    ),
}
