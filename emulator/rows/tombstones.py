"""What is remembered of deleted rows, for change tracking: table, guid and version."""

import sqlite3

from emulator.definitions import Table

_CREATE = (
    'CREATE TABLE IF NOT EXISTS "@deleted" '
    "(kind TEXT, id TEXT, version INTEGER, PRIMARY KEY (kind, id)) WITHOUT ROWID"
)


def prepare(connection: sqlite3.Connection) -> None:
    """Make room for them in a database that has none yet."""
    connection.execute(_CREATE)


def remember(connection: sqlite3.Connection, table: Table, row_id: str, version: int) -> None:
    """Note a deletion, if the table's changes are tracked."""
    if table.change_tracking:
        statement = 'INSERT OR REPLACE INTO "@deleted" VALUES (?, ?, ?)'
        connection.execute(statement, [table.name, row_id, version])


def forget(connection: sqlite3.Connection, table: Table, row_id: str) -> None:
    """A row with the guid of a deleted one has been created."""
    if table.change_tracking:
        statement = 'DELETE FROM "@deleted" WHERE kind = ? AND id = ?'
        connection.execute(statement, [table.name, row_id])


def deleted_between(
    connection: sqlite3.Connection, table: Table, versions: tuple[int, int], limit: int
) -> list[tuple[str, int]]:
    """Guids and versions of deletions after the first and up to the second version, in order."""
    return connection.execute(
        'SELECT id, version FROM "@deleted" WHERE kind = ? AND version > ? AND version <= ? '
        "ORDER BY version LIMIT ?",
        [table.name, *versions, limit],
    ).fetchall()
