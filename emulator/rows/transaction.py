"""Changing rows: create, update and delete inside one SQLite transaction.

Values are by logical column name in stored form (see ``emulator.changes.StoredRow``); what the
Web API sends is turned into that form before it comes here.
"""

import sqlite3
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from emulator.changes import Change
from emulator.definitions import Table
from emulator.errors import ApiError, missing_row
from emulator.rows.activities import POINTER, forget_activity, is_mirrored, mirror_activity
from emulator.rows.fetch import empty_row, fetch_row
from emulator.rows.files import forget_files
from emulator.rows.keys import duplicate
from emulator.rows.links import unlink_row
from emulator.rows.schema import quote
from emulator.rows.splits import split_update
from emulator.rows.stamps import stamp_change, stamp_new
from emulator.rows.states import refuse_closed
from emulator.rows.tombstones import forget, remember
from emulator.rows.values import to_sql
from emulator.users_secured import refuse_secured

if TYPE_CHECKING:
    from emulator.organization import Organization


class Transaction:
    """An open transaction; ``changes`` is what listeners hear after the commit."""

    def __init__(self, org: "Organization", connection: sqlite3.Connection) -> None:
        self.org = org
        self.connection = connection
        self.now = org.now()
        self.changes: list[Change] = []
        (self.version,) = connection.execute('SELECT last FROM "@version"').fetchone()

    def row(self, table: str, row_id: str) -> dict[str, Any] | None:
        """The stored row as this transaction sees it."""
        return fetch_row(self.connection, self.org.definitions.tables[table], row_id)

    def existing(self, table: str, row_id: str) -> dict[str, Any]:
        """The stored row; 404 when there is none."""
        found = self.row(table, row_id)
        if found is None:
            raise missing_row(table, row_id)
        return found

    def create(self, table: str, values: Mapping[str, Any]) -> str:
        """Add a row and return its guid, a new one when the values have none."""
        definition = self.org.definitions.tables[table]
        refuse_secured(definition, values, "create")
        named = dict(values)
        row_id = named.get(definition.id_column) or str(uuid.uuid4())
        named[definition.id_column] = row_id
        stamped = stamp_new(self, definition, named)
        self.insert(definition, stamped)
        after = empty_row(definition) | stamped | {"versionnumber": self.version}
        self.announce(Change("Create", table, row_id, None, after, _named(stamped)))
        return row_id

    def insert(self, table: Table, values: Mapping[str, Any]) -> None:
        """Store a row as given, with a new version unless it has one; 412: the guid is taken."""
        row_id = values[table.id_column]
        version = values.get("versionnumber") or self.next_version()
        self.version = max(self.version, version)
        stored = self._encode(table, {**values, "versionnumber": version})
        names = ", ".join(quote(name) for name in stored)
        marks = ", ".join("?" * len(stored))
        statement = f"INSERT INTO {quote(table.name)} ({names}) VALUES ({marks})"
        try:
            self.connection.execute(statement, list(stored.values()))
            forget(self.connection, table, row_id)
            self._mirror(table, row_id)
        except sqlite3.IntegrityError as error:
            raise duplicate(table, error) from error

    def update(self, table: str, row_id: str, values: Mapping[str, Any]) -> None:
        """Change the named columns of a row; 404 when it is gone.

        State and status together with other columns are updates of their own (`splits`).
        """
        definition = self.org.definitions.tables[table]
        before = self.existing(table, row_id)
        refuse_closed(self.org, definition, before, values)
        refuse_secured(definition, values, "update")
        first, *others = split_update(definition, values)
        self._change(definition, before, first)
        for part in others:
            self._change(definition, self.existing(table, row_id), part)

    def _change(
        self, definition: Table, before: Mapping[str, Any], values: Mapping[str, Any]
    ) -> None:
        table, row_id = definition.name, before[definition.id_column]
        stamped = stamp_change(self, definition, before, values)
        self.overwrite(definition, row_id, stamped)
        after = {**before, **stamped, "versionnumber": self.version}
        self.announce(Change("Update", table, row_id, before, after, _named(stamped)))

    def overwrite(self, table: Table, row_id: str, values: Mapping[str, Any]) -> None:
        """Store these columns of a row as given with a new version, without an event."""
        stored = self._encode(table, {**values, "versionnumber": self.next_version()})
        places = ", ".join(f"{quote(name)} = ?" for name in stored)
        statement = f"UPDATE {quote(table.name)} SET {places} WHERE {quote(table.id_column)} = ?"
        try:
            self.connection.execute(statement, [*stored.values(), row_id])
        except sqlite3.IntegrityError as error:
            raise duplicate(table, error) from error
        self._mirror(table, row_id)

    def delete(self, table: str, row_id: str) -> None:
        """Delete a row and what its relationships say of its children; 404 when it is gone."""
        definition = self.org.definitions.tables[table]
        before = self.existing(table, row_id)
        refuse_closed(self.org, definition, before, None)
        unlink_row(self, definition, row_id)
        for relationship in self.org.definitions.referencing(table):
            self._release(relationship.name, row_id)
        self.connection.execute(
            f"DELETE FROM {quote(table)} WHERE {quote(definition.id_column)} = ?", [row_id]
        )
        remember(self.connection, definition, row_id, self.next_version())
        forget_files(self.connection, definition, before)
        if is_mirrored(definition):
            forget_activity(self.connection, row_id)
            pointer = self.org.definitions.tables[POINTER]
            remember(self.connection, pointer, row_id, self.version)
        changed = (definition.id_column,)
        self.announce(Change("Delete", table, row_id, before, None, changed))

    def announce(self, change: Change) -> None:
        """Let the guards follow inside the transaction; listeners hear after the commit.

        This is also how a custom API raises its message.
        """
        self.changes.append(change)
        for guard in self.org.guards:
            guard(self, change)

    def next_version(self) -> int:
        """A number greater than every version before it; stored with the commit."""
        self.version += 1
        return int(self.version)

    def _mirror(self, table: Table, row_id: str) -> None:
        if is_mirrored(table):
            pointer = self.org.definitions.tables[POINTER]
            mirror_activity(self.connection, table, pointer, row_id)

    def _release(self, relationship: str, row_id: str) -> None:
        item = self.org.definitions.relationships[relationship]
        child = self.org.definitions.tables[item.child]
        lookup = quote(item.lookup)
        found = self.connection.execute(
            f"SELECT {quote(child.id_column)} FROM {quote(child.name)} "
            f"WHERE {lookup} = ? AND {quote(item.lookup + '@type')} = ?",
            [row_id, item.parent],
        ).fetchall()
        for (child_id,) in found:
            _ON_DELETE[item.on_delete](self, child, item.lookup, child_id)

    def _encode(self, table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
        columns = table.columns
        found: dict[str, Any] = {}
        for name, value in values.items():
            lookup, typed, _ = name.rpartition("@type")
            if name in columns:
                found[name] = to_sql(columns[name], value)
            elif typed and lookup in columns and columns[lookup].is_lookup:
                found[name] = value
        return found


def _named(values: Mapping[str, Any]) -> tuple[str, ...]:
    """The columns among the keys of stored values."""
    return tuple(name for name in values if not name.endswith("@type"))


def _cascade(tx: Transaction, child: Table, lookup: str, child_id: str) -> None:
    tx.delete(child.name, child_id)


def _remove_link(tx: Transaction, child: Table, lookup: str, child_id: str) -> None:
    tx.overwrite(child, child_id, {lookup: None, f"{lookup}@type": None})


def _restrict(tx: Transaction, child: Table, lookup: str, child_id: str) -> None:
    message = (
        "The object you tried to delete is associated with another object and cannot be deleted."
    )
    raise ApiError(405, "0x80040227", message)


_ON_DELETE = {"Cascade": _cascade, "RemoveLink": _remove_link, "Restrict": _restrict}
