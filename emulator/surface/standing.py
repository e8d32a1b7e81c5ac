"""Rows that stand for definitions: one in `entities` a table, up to eight privileges a table.

A new organisation gets them with its empty tables (`emulator.blank`), a new table with its own.
"""

import sqlite3
from collections.abc import Iterable

from emulator.definitions import Table
from emulator.users_caller import kind_of_table, privilege_id

ENTITY, PRIVILEGE = "entity", "privilege"
RIGHTS = ("Create", "Read", "Write", "Delete", "Append", "AppendTo", "Assign", "Share")
_KINDS = ("Entity", "Attribute", "Relationship", "OptionSet", "EntityKey")
GENERAL = (
    *(f"prv{right}{kind}" for right in ("Create", "Read", "Write", "Delete") for kind in _KINDS),
    "prvBulkDelete", "prvMerge", "prvPublishCustomization", "prvImportCustomization",
)  # fmt: skip


def names_of(table: Table) -> dict[str, str]:
    """The privileges of a table by right; what nobody owns cannot be assigned or shared."""
    owned = table.ownership == "UserOwned"
    rights = (right for right in RIGHTS if owned or right not in ("Share", "Assign"))
    return {right: f"prv{right}{kind_of_table(table)}" for right in rights}


def lay_rows(connection: sqlite3.Connection, tables: Iterable[Table], version: int) -> None:
    """The rows of these tables; tables may share privileges, as activities do."""
    standing = [table for table in tables if not table.is_intersect]
    connection.executemany(
        "INSERT INTO entity (entityid, name, logicalname, objecttypecode, versionnumber) "
        "VALUES (?, ?, ?, ?, ?)",
        [(item.id, item.schema_name, item.name, item.type_code, version) for item in standing],
    )
    lay_privileges(connection, (n for item in standing for n in names_of(item).values()), version)


def lay_privileges(connection: sqlite3.Connection, names: Iterable[str], version: int) -> None:
    """The rows of these privileges, where they are not there yet."""
    connection.executemany(
        "INSERT OR IGNORE INTO privilege (privilegeid, name, canbeglobal, versionnumber) "
        "VALUES (?, ?, 1, ?)",
        [(privilege_id(name), name, version) for name in names],
    )
