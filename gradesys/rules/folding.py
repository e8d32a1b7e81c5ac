"""One aggregate over the rows of many records at once.

Of rows that point to the record, its accumulator grows as they arrive and none is kept; rows at the
end of a longer way are kept and walked to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from msgspec import Struct, field

from gradesys.errors import RecordError
from gradesys.records import Partial, Row
from gradesys.rules.aggregates import CompiledAggregate
from gradesys.rules.clock import Moment
from gradesys.rules.heldfigures import HeldCells, Worth
from gradesys.rules.pool import Pool, referred
from gradesys.rules.tally import Fold, Tally
from gradesys.rules.walking import Ground, reached


class Folding(Struct):
    """``lookup`` of the rows leads to the scored table ``target``; rows that point to another table
    match nothing (15.7). ``figured`` finds a record's figures, where they say all; ``told`` reads
    them, and ``worth`` the value alone.
    """

    aggregate: CompiledAggregate
    lookup: str
    target: str
    moment: Moment
    states: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, RecordError] = field(default_factory=dict)
    figured: Callable[[str], HeldCells | None] | None = None
    told: Callable[[HeldCells], Tally] | None = None
    worth: Worth | None = None

    def add(self, rows: Iterable[Row]) -> None:
        """Fold these rows; a row's error is kept as an error of its record.

        Raises RecordError where nothing tells which table a lookup points to.
        """
        for row in rows:
            parent = referred(row, self.lookup)
            if parent is not None and parent.table == self.target:
                self._fold(parent.id, row)

    def merge(self, partials: Iterable[Partial]) -> None:
        """Add figures that stand for rows."""
        summing = self.aggregate.summing
        if summing is None:
            return
        for partial in partials:
            account = self.states.setdefault(partial.id, self.aggregate.start())
            account.rows += partial.rows
            summing.merge(account.state, partial, self.moment)

    def result(self, id: str, row: Row) -> Fold:
        """What the rows of one record gave."""
        figures = None if self.figured is None else self.figured(id)
        if figures is not None and self.told is not None:
            return self.told(figures)
        if id in self.errors:
            return self.errors[id]
        state = self.states.get(id)
        try:
            state = self.aggregate.start() if state is None else state
            return self.aggregate.finish(state, self.moment)
        except RecordError as error:
            return error

    def _fold(self, id: str, row: Row) -> None:
        if id in self.errors:
            return
        if id not in self.states:
            self.states[id] = self.aggregate.start()
        try:
            self.aggregate.add(self.states[id], row, self.moment)
        except RecordError as error:
            self.errors[id] = error


class Walking(Struct, frozen=True):
    """An aggregate at the end of paths. ``pool`` is shared by all that walk."""

    aggregate: CompiledAggregate
    pool: Pool
    moment: Moment

    def result(self, id: str, row: Row) -> Fold:
        """What the rows that lead back to one record gave."""
        aggregate = self.aggregate
        try:
            rows = reached(aggregate.reach, id, row, Ground(self.pool, self.moment))
            account = aggregate.start()
            for each in rows.values():
                aggregate.add(account, each, self.moment)
            return aggregate.finish(account, self.moment)
        except RecordError as error:
            return error
