"""Whole stored rows by id or by plain equality: what writing and webhooks read."""

import sqlite3
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from emulator.definitions import Table
from emulator.rows.schema import quote
from emulator.rows.values import from_sql, to_sql

_Decoders = tuple[tuple[str, Callable[[Any], Any] | None], ...]


def fetch_row(connection: sqlite3.Connection, table: Table, row_id: str) -> dict[str, Any] | None:
    """One row with every column, None when there is none."""
    found = fetch_rows(connection, table, {table.id_column: row_id})
    return found[0] if found else None


def fetch_rows(
    connection: sqlite3.Connection, table: Table, equal: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The rows whose columns have these stored values (None matches null)."""
    statement, decoders = _reader(table)
    tests = [f"{quote(name)} IS ?" for name in equal]
    if tests:
        statement += " WHERE " + " AND ".join(tests)
    columns = table.columns
    values = [
        to_sql(columns[name], value) if name in columns else value for name, value in equal.items()
    ]
    return [_stored(decoders, found) for found in connection.execute(statement, values)]


def empty_row(table: Table) -> dict[str, Any]:
    """A stored row with every column null."""
    return dict.fromkeys(name for name, _ in _reader(table)[1])


def _stored(decoders: _Decoders, found: tuple[Any, ...]) -> dict[str, Any]:
    return {
        name: value if decode is None or value is None else decode(value)
        for (name, decode), value in zip(decoders, found, strict=True)
    }


@lru_cache(maxsize=256)
def _reader(table: Table) -> tuple[str, _Decoders]:
    decoders: list[tuple[str, Callable[[Any], Any] | None]] = []
    for column in table.columns.values():
        decoders.append((column.name, from_sql(column)))
        if column.is_lookup:
            decoders.append((f"{column.name}@type", None))
    names = ", ".join(quote(name) for name, _ in decoders)
    return f"SELECT {names} FROM {quote(table.name)}", tuple(decoders)
