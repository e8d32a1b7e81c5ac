"""What file columns hold: the column keeps a guid, the bytes are kept beside the tables."""

import sqlite3
import uuid
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from emulator.definitions import Table

FILE = "File"
_CREATE = 'CREATE TABLE IF NOT EXISTS "@files" (id TEXT PRIMARY KEY, name TEXT, body BLOB)'


class StoredFile(Struct, frozen=True):
    """A file, or the beginning of one that is still being sent."""

    name: str
    body: bytes


def prepare(connection: sqlite3.Connection) -> None:
    """Make room for them in a database that has none yet."""
    connection.execute(_CREATE)


def store(connection: sqlite3.Connection, file: StoredFile, file_id: str | None = None) -> str:
    """The guid of a new file, or of the one that is replaced."""
    found = file_id or str(uuid.uuid4())
    values = [found, file.name, file.body]
    connection.execute('INSERT OR REPLACE INTO "@files" VALUES (?, ?, ?)', values)
    return found


def fetch(connection: sqlite3.Connection, file_id: str) -> StoredFile | None:
    found = connection.execute('SELECT name, body FROM "@files" WHERE id = ?', [file_id]).fetchone()
    return None if found is None else StoredFile(*found)


def forget_files(connection: sqlite3.Connection, table: Table, row: Mapping[str, Any]) -> None:
    """Drop the bytes of every file of a row."""
    for column in table.columns.values():
        if column.kind == FILE and row[column.name] is not None:
            forget(connection, row[column.name])


def forget(connection: sqlite3.Connection, file_id: str) -> None:
    connection.execute('DELETE FROM "@files" WHERE id = ?', [file_id])
