"""Activities appear twice: a phone call is also a row of ``activitypointer``, its base table.

The mirror has the columns both share. It raises no event of its own, as in Dataverse.
"""

import sqlite3
from functools import lru_cache

from emulator.definitions import Table
from emulator.rows.schema import quote

POINTER = "activitypointer"


def is_mirrored(table: Table) -> bool:
    """Whether the table's rows also appear in the base table."""
    return table.is_activity and table.name != POINTER


def mirror_activity(
    connection: sqlite3.Connection, table: Table, pointer: Table, row_id: str
) -> None:
    """Bring the base table's row to that of an activity."""
    names = ", ".join(_shared(table, pointer))
    connection.execute(
        f"INSERT OR REPLACE INTO {POINTER} ({names}, activitytypecode) "
        f"SELECT {names}, ? FROM {quote(table.name)} WHERE activityid = ?",
        [table.name, row_id],
    )


def forget_activity(connection: sqlite3.Connection, row_id: str) -> None:
    """Delete the base table's row of a deleted activity."""
    connection.execute(f"DELETE FROM {POINTER} WHERE activityid = ?", [row_id])


@lru_cache(maxsize=64)
def _shared(table: Table, pointer: Table) -> tuple[str, ...]:
    names: list[str] = []
    for name, column in table.columns.items():
        other = pointer.columns.get(name)
        if other is None or name == "activitytypecode":
            continue
        names.append(quote(name))
        if column.is_lookup and other.is_lookup:
            names.append(quote(f"{name}@type"))
    return tuple(names)
