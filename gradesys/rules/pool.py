"""Rows of the tables that paths lead through, kept while a scope is scored.

However the rows came, and however many more than needed: walking them again from the scored record
is what decides, so a store can only ever be asked for too much.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from gradesys.errors import RecordError
from gradesys.records import Ref, Row, Value

Index = Mapping[Value, Sequence[str]]


class Pool:
    """Rows by table and id. Indexes are built when first asked for, after the last row came."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[str, Row]] = defaultdict(dict)
        self._indexes: dict[tuple[str, str, str], Index] = {}

    def add(self, table: str, id_column: str, rows: Iterable[Row]) -> None:
        """Take in rows; a row that came before is replaced."""
        self._rows[table].update((str(row[id_column]), row) for row in rows)
        self._indexes.clear()

    def rows(self, table: str, ids: Iterable[str]) -> dict[str, Row]:
        """Those of the ids that are there."""
        known = self._rows[table]
        return {id: known[id] for id in ids if id in known}

    def pointing_at(self, table: str, lookup: str, parent: Ref) -> Sequence[str]:
        """Ids of the rows whose lookup holds this reference, id and table."""
        return self._index(table, lookup, "").get(parent, ())

    def across(self, links: str, near: str, far: str, id: str) -> Sequence[str]:
        """Ids at the far end of the links whose near end is this id; the table does not count."""
        return self._index(links, near, far).get(id, ())

    def _index(self, table: str, column: str, far: str) -> Index:
        key = (table, column, far)
        if key not in self._indexes:
            index: dict[Value, list[str]] = defaultdict(list)
            for id, row in self._rows[table].items():
                if not far:
                    index[referred(row, column)].append(id)
                elif row.get(column) is not None and row.get(far) is not None:
                    index[identity(row[column])].append(identity(row[far]))
            self._indexes[key] = index
        return self._indexes[key]


def referred(row: Row, lookup: str) -> Ref | None:
    """Where a lookup points; RecordError when it holds an id and nothing tells the table."""
    value = row.get(lookup)
    if value is None or isinstance(value, Ref):
        return value
    raise RecordError(f"nothing tells the target table of {lookup}")


def identity(value: Value) -> str:
    """An id as it compares, whatever column holds it."""
    return value.id if isinstance(value, Ref) else str(value).lower()
