"""The Ledger in the same sqlite file as the marks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from gradesys.marks.protocols import Entry
from gradesys.marks.sqlite import Database

LAST = "\U0010ffff"
"""No name begins with it, so what has a prefix lies between the prefix and both together."""


class SqliteLedger:
    """Named JSON values with a version each."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, name: str) -> Entry:
        """Read a value and its version."""
        query = "SELECT value, version FROM ledger WHERE name = ?"
        rows = self._database.read(query, (name,))
        return Entry(json.loads(rows[0]["value"]), rows[0]["version"]) if rows else Entry({}, 0)

    def put_if(self, name: str, value: Mapping[str, Any], version: int) -> bool:
        """Compare and swap."""
        text = json.dumps(value, ensure_ascii=False)
        with self._database.transaction() as connection:
            if version == 0:
                query = "INSERT OR IGNORE INTO ledger VALUES (?, ?, 1)"
                return connection.execute(query, (name, text)).rowcount == 1
            query = (
                "UPDATE ledger SET value = ?, version = version + 1 WHERE name = ? AND version = ?"
            )
            return connection.execute(query, (text, name, version)).rowcount == 1

    def list(self, prefix: str) -> dict[str, Mapping[str, Any]]:
        """Values by name prefix, in name order."""
        query = "SELECT name, value FROM ledger WHERE name >= ? AND name < ? ORDER BY name"
        rows = self._database.read(query, (prefix, f"{prefix}{LAST}"))
        return {row["name"]: json.loads(row["value"]) for row in rows}

    def drop(self, name: str) -> None:
        """Delete a value."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM ledger WHERE name = ?", (name,))
