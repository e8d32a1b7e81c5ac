"""A CRM in memory whose answers are torn, and whose saves tell what the deployed steps would send.

Others have their turn ahead of every request and between any two reads of one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from msgspec.structs import replace

from gradesys.changes import Change, Fate, Outcome, Written
from gradesys.records import Event, Kind, Page, Plan, Read, Ref, Row, Scope, Value
from gradesys.rules.rounding import rounded
from gradesys.rules.rulebook import Rulebook
from gradesys.rules.subscriptions import steps
from tests.engine.world import SCHEMA, MemoryOrg

INACTIVE = Decimal(1)
CHILDREN = ("invoice", "salesorder")
LOOKUP = "customerid"


@dataclass
class Crm(MemoryOrg):
    """``images``: the lookups in the pre-image of each step, by table and message; ``unsure``:
    whether the answer to a write that was done gets lost."""

    images: Mapping[tuple[str, str], Sequence[str]] = field(default_factory=dict)
    unsure: Callable[[], bool] = field(default=lambda: False)

    def subscribe(self, rulebook: Rulebook) -> None:
        """Register the steps that these rules need."""
        self.images = {(step.table, step.message): step.image for step in steps(rulebook)}

    def pages(self, plan: Plan) -> Iterator[Page]:
        for read in plan.reads:
            yield from self._torn("read", read, plan.scope)

    def write(self, changes: Sequence[Change], verify: Plan | None = None) -> Written:
        outcomes = tuple(self._write(place, change) for place, change in enumerate(changes))
        if verify is None:
            return Written(outcomes)
        pages = [page for read in verify.reads for page in self._torn("verify", read, verify.scope)]
        return Written(outcomes, tuple(pages))

    def _write(self, place: int, change: Change) -> Outcome:
        self._called("row" if place else "write")
        return self._apply(change)

    def _torn(self, call: str, read: Read, scope: Scope) -> Iterator[Page]:
        self._called(call)
        yield from self._answer(Plan((read,), scope))

    def _apply(self, change: Change) -> Outcome:
        stored = {name: _stored(change.table, name, v) for name, v in change.values.items()}
        outcome = super()._apply(Change(change.table, change.id, stored))
        return replace(outcome, fate=Fate.FAILED) if self.unsure() else outcome

    def create(self, table: str, id: str, **cells: Value) -> Event:
        """A new row."""
        self.tables[table][id] = {f"{table}id": id, **cells}
        return Event("Create", table, id, "", after=_lookups(cells))

    def update(self, table: str, id: str, **cells: Value) -> Event:
        """Other values in a row."""
        row = self.tables[table][id]
        before = self._image(table, "Update", row)
        row.update(cells)
        return Event("Update", table, id, "", before, _lookups(cells), frozenset(cells))

    def delete(self, table: str, id: str) -> Event:
        """A row disappears."""
        row = self.tables[table].pop(id)
        return Event("Delete", table, id, "", self._image(table, "Delete", row))

    def merge(self, stays: str, goes: str) -> Event:
        """Two accounts become one: what pointed to the other moves without events of its own."""
        for row in (row for table in CHILDREN for row in self.tables[table].values()):
            if row[LOOKUP] == Ref("account", goes):
                row[LOOKUP] = Ref("account", stays)
        self.tables["account"][goes]["statecode"] = INACTIVE
        return Event("Merge", "account", stays, "", parameters={"SubordinateId": goes})

    def _image(self, table: str, message: str, row: Row) -> dict[str, Ref | None] | None:
        names = self.images.get((table, message), ())
        return _lookups({name: row[name] for name in names}) if names else None


def _stored(table: str, name: str, value: Value) -> Value:
    """A number is kept with the places of its column, whatever was sent."""
    column = SCHEMA[table].columns[name]
    if column.kind is Kind.DECIMAL and isinstance(value, Decimal) and column.places is not None:
        return rounded(value, column.places)
    return value


def _lookups(cells: Row) -> dict[str, Ref | None]:
    if LOOKUP not in cells:
        return {}
    value = cells[LOOKUP]
    return {LOOKUP: value if isinstance(value, Ref) else None}
