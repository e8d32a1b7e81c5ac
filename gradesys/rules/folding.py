"""One aggregate over the child rows of many records at once.

A record's accumulator grows as rows arrive; the rows themselves are not kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from gradesys.errors import RecordError
from gradesys.records import Ref, Row
from gradesys.rules.aggregates import CompiledAggregate
from gradesys.rules.clock import Moment
from gradesys.rules.tally import Fold


@dataclass(slots=True)
class Folding:
    """``target``: the scored table; rows that point to another table match nothing (15.7)."""

    aggregate: CompiledAggregate
    target: str
    moment: Moment
    states: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, RecordError] = field(default_factory=dict)

    def add(self, rows: Iterable[Row]) -> None:
        """Fold these rows; a row's error is kept as an error of its record."""
        for row in rows:
            parent = row.get(self.aggregate.lookup)
            if isinstance(parent, Ref) and parent.table == self.target:
                self._fold(parent.id, row)

    def result(self, id: str) -> Fold:
        """What the rows of one record gave."""
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
