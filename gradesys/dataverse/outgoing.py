"""Changes made ready to send: everything that could be wrong is found before the first request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from gradesys.changes import Change
from gradesys.dataverse.batch import Part
from gradesys.dataverse.literals import guid
from gradesys.dataverse.odata import column_of, table_of
from gradesys.dataverse.wire import cell
from gradesys.errors import PermanentError
from gradesys.records import Schema, Table, Value


class Outgoing(Struct, frozen=True):
    """A change as it goes out."""

    change: Change
    table: Table
    id: str
    cells: Mapping[str, Any]

    def part(self) -> Part:
        """An update that never creates: a record deleted meanwhile must not come back."""
        path = f"{self.table.entity_set}({self.id})"
        return Part("PATCH", path, self.cells, {"If-Match": "*"})

    def target(self) -> dict[str, Any]:
        """This change as an item of a bulk update."""
        kind = f"Microsoft.Dynamics.CRM.{self.table.name}"
        return {"@odata.type": kind, self.table.id_column: self.id, **self.cells}


def prepare(
    schema: Schema, writable: Mapping[str, frozenset[str]], changes: Sequence[Change]
) -> list[Outgoing]:
    """All changes ready. Raises ``PermanentError`` for a column that is nobody's output, an id that
    is none, and a value that its column cannot take."""
    for change in changes:
        foreign = set(change.values) - writable.get(change.table, frozenset())
        if foreign:
            names = ", ".join(sorted(foreign))
            raise PermanentError(f"not an output column of {change.table}: {names}")
    return [_outgoing(table_of(schema, change.table), change) for change in changes]


def cells_of(table: Table, values: Mapping[str, Value]) -> dict[str, Any]:
    """``values`` as JSON members. Raises ``MissingMetadata`` and ``PermanentError``."""
    return {name: cell(column_of(table, name), value) for name, value in values.items()}


def waves(changes: Sequence[Outgoing]) -> list[list[int]]:
    """Positions of ``changes`` in groups that hold no row twice; later changes in later groups."""
    groups: list[list[int]] = []
    seen: Counter[tuple[str, str]] = Counter()
    for position, change in enumerate(changes):
        row = (change.table.name, change.id)
        if seen[row] == len(groups):
            groups.append([])
        groups[seen[row]].append(position)
        seen[row] += 1
    return groups


def _outgoing(table: Table, change: Change) -> Outgoing:
    return Outgoing(change, table, guid(change.id), cells_of(table, change.values))
