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
from emulator.rows.fetch import fetch_row
from emulator.rows.schema import quote
from emulator.rows.stamps import stamp_change, stamp_new
from emulator.rows.states import refuse_closed
from emulator.rows.values import to_sql

if TYPE_CHECKING:
    from emulator.organization import Organization


class Transaction:
    """An open transaction; ``changes`` is what listeners hear after the commit."""

    def __init__(self, org: "Organization", connection: sqlite3.Connection) -> None:
        self.org = org
        self.connection = connection
        self.changes: list[Change] = []

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
        named = dict(values)
        row_id = named.get(definition.id_column) or str(uuid.uuid4())
        named[definition.id_column] = row_id
        stamped = stamp_new(self, definition, named)
        self.insert(definition, stamped)
        after = self.existing(table, row_id)
        self.announce(Change("Create", table, row_id, None, after, tuple(stamped)))
        return row_id

    def insert(self, table: Table, values: Mapping[str, Any]) -> None:
        """Store a row as given with a new version; 412 when the guid is taken."""
        stored = self._encode(table, {**values, "versionnumber": self.next_version()})
        names = ", ".join(quote(name) for name in stored)
        marks = ", ".join("?" * len(stored))
        statement = f"INSERT INTO {quote(table.name)} ({names}) VALUES ({marks})"
        try:
            self.connection.execute(statement, list(stored.values()))
        except sqlite3.IntegrityError as error:
            message = "A record with matching key values already exists."
            raise ApiError(412, "0x80040237", message) from error

    def update(self, table: str, row_id: str, values: Mapping[str, Any]) -> None:
        """Change the named columns of a row; 404 when it is gone."""
        definition = self.org.definitions.tables[table]
        before = self.existing(table, row_id)
        refuse_closed(self.org, definition, before, values)
        stamped = stamp_change(self, definition, before, values)
        self.overwrite(definition, row_id, stamped)
        after = self.existing(table, row_id)
        self.announce(Change("Update", table, row_id, before, after, tuple(stamped)))

    def overwrite(self, table: Table, row_id: str, values: Mapping[str, Any]) -> None:
        """Store these columns of a row as given with a new version, without an event."""
        stored = self._encode(table, {**values, "versionnumber": self.next_version()})
        places = ", ".join(f"{quote(name)} = ?" for name in stored)
        self.connection.execute(
            f"UPDATE {quote(table.name)} SET {places} WHERE {quote(table.id_column)} = ?",
            [*stored.values(), row_id],
        )

    def delete(self, table: str, row_id: str) -> None:
        """Delete a row and what its relationships say of its children; 404 when it is gone."""
        definition = self.org.definitions.tables[table]
        before = self.existing(table, row_id)
        refuse_closed(self.org, definition, before, None)
        for relationship in self.org.definitions.referencing(table):
            self._release(relationship.name, row_id)
        self.connection.execute(
            f"DELETE FROM {quote(table)} WHERE {quote(definition.id_column)} = ?", [row_id]
        )
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
        """A number greater than every version before it."""
        statement = 'UPDATE "@version" SET last = last + 1 RETURNING last'
        (last,) = self.connection.execute(statement).fetchone()
        return int(last)

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
        return {
            name: to_sql(columns[name], value) if name in columns else value
            for name, value in values.items()
            if name in columns or name.endswith("@type")
        }


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
