"""The SQLite tables behind the definitions.

Every table has a generated ``@order`` column: the guid rearranged so that plain text order is
SQL Server's uniqueidentifier order, indexed because pages are walked in it.
"""

import sqlite3
from functools import lru_cache

from emulator.definitions import Column, Table
from emulator.rows.values import COLLATION, compare_text, fold_sql, sql_type

ORDER = "@order"
_GUID_SLICES = (
    (25, 12), (20, 4), (17, 2), (15, 2), (12, 2), (10, 2), (7, 2), (5, 2), (3, 2), (1, 2),
)  # fmt: skip
# Everybody has these, nobody searches by them: an index would only slow down writing.
_UNINDEXED = frozenset(
    {"createdby", "createdonbehalfby", "modifiedby", "modifiedonbehalfby", "owningbusinessunit",
     "owningteam", "owninguser", "transactioncurrencyid"}
)  # fmt: skip


@lru_cache(maxsize=8192)
def quote(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def guid_order(expression: str) -> str:
    """SQL for the text whose order is SQL Server's order of the guid."""
    return "||".join(f"substr({expression},{at},{size})" for at, size in _GUID_SLICES)


def create_table(connection: sqlite3.Connection, table: Table) -> None:
    """Create the table with all its columns and indexes."""
    key = quote(table.id_column)
    parts = [f"{key} TEXT PRIMARY KEY"]
    parts += [
        part
        for column in table.columns.values()
        if column.name != table.id_column
        for part in _column_parts(column)
    ]
    parts.append(f"{quote(ORDER)} TEXT GENERATED ALWAYS AS ({guid_order(key)}) VIRTUAL")
    connection.execute(f"CREATE TABLE {quote(table.name)} ({', '.join(parts)})")
    connection.execute(
        f"CREATE UNIQUE INDEX {quote(table.name + ORDER)} ON {quote(table.name)} ({quote(ORDER)})"
    )
    for column in table.columns.values():
        _index_lookup(connection, table, column)


def drop_table(connection: sqlite3.Connection, table: Table) -> None:
    connection.execute(f"DROP TABLE {quote(table.name)}")


def alter_table(connection: sqlite3.Connection, before: Table, after: Table) -> None:
    """Add and drop the columns and alternate keys in which the two definitions differ."""
    _drop_keys(connection, before, after)
    for name in before.columns.keys() - after.columns.keys():
        _drop_column(connection, before, before.columns[name])
    for name, column in after.columns.items():
        if name not in before.columns:
            for part in _column_parts(column):
                connection.execute(f"ALTER TABLE {quote(after.name)} ADD COLUMN {part}")
            _index_lookup(connection, after, column)
    _add_keys(connection, before, after)


def _drop_keys(connection: sqlite3.Connection, before: Table, after: Table) -> None:
    """Drop the indexes of the active keys that the second definition lacks."""
    for name in _active_keys(before) - _active_keys(after):
        connection.execute(f"DROP INDEX {quote(f'{before.name}/{name}')}")


def _add_keys(connection: sqlite3.Connection, before: Table, after: Table) -> None:
    """Build the indexes of the active keys that the first definition lacks."""
    new = _active_keys(after) - _active_keys(before)
    for key in after.keys:
        if key.name in new:
            columns = ", ".join(quote(column) for column in key.columns)
            index = quote(f"{after.name}/{key.name}")
            connection.execute(f"CREATE UNIQUE INDEX {index} ON {quote(after.name)} ({columns})")


def _active_keys(table: Table) -> set[str]:
    return {key.name for key in table.keys if key.active}


def _column_parts(column: Column) -> list[str]:
    parts = [f"{quote(column.name)} {sql_type(column)}"]
    if column.is_lookup:
        parts.append(f"{quote(column.name + '@type')} TEXT")
    return parts


def _drop_column(connection: sqlite3.Connection, table: Table, column: Column) -> None:
    connection.execute(f"DROP INDEX IF EXISTS {quote(f'{table.name}.{column.name}')}")
    connection.execute(f"ALTER TABLE {quote(table.name)} DROP COLUMN {quote(column.name)}")
    if column.is_lookup:
        kind = quote(column.name + "@type")
        connection.execute(f"ALTER TABLE {quote(table.name)} DROP COLUMN {kind}")


def _index_lookup(connection: sqlite3.Connection, table: Table, column: Column) -> None:
    linking = table.is_intersect and column.kind == "Uniqueidentifier"
    if not (column.is_lookup or linking) or column.name in _UNINDEXED:
        return
    name, lookup = quote(f"{table.name}.{column.name}"), quote(column.name)
    connection.execute(
        f"CREATE INDEX {name} ON {quote(table.name)} ({lookup}) WHERE {lookup} IS NOT NULL"
    )


class SelfClosing(sqlite3.Connection):
    """Closed with its last reference: a reader may outlive the organisation's own close."""

    def __del__(self) -> None:
        self.close()


def open_database(path: str) -> sqlite3.Connection:
    """A connection with Dataverse's text comparison; transactions are begun by hand."""
    connection = sqlite3.connect(
        path,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=512,
        timeout=60,
        factory=SelfClosing,
    )
    connection.create_collation(COLLATION, compare_text)
    connection.create_function("fold", 1, fold_sql, deterministic=True)
    # A development database: losing the last writes in a power cut is fine.
    connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF")
    return connection
