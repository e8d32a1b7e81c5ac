"""What alternate keys forbid: two rows with the same values in all columns of a key.

Rows with a null in a key column are free of it, as SQLite's unique indexes have it too.
"""

import re
import sqlite3
from collections.abc import Iterable

from emulator.definitions import Table
from emulator.errors import ApiError
from emulator.rows.schema import quote

_FAILED = re.compile(r"UNIQUE constraint failed: (.*)")
DUPLICATE_ID = "0x80040237"
DUPLICATE_KEY = "0x80060892"


def breaks_key(connection: sqlite3.Connection, table: str, columns: Iterable[str]) -> bool:
    """Whether two rows there have the same values in all of these columns."""
    names = [quote(column) for column in columns]
    filled = " AND ".join(f"{name} IS NOT NULL" for name in names)
    found = connection.execute(
        f"SELECT 1 FROM {quote(table)} WHERE {filled} GROUP BY {', '.join(names)} "
        "HAVING count(*) > 1 LIMIT 1"
    )
    return found.fetchone() is not None


def duplicate(table: Table, error: sqlite3.IntegrityError) -> ApiError:
    """412 in the words for an alternate key, or for the primary key."""
    failed = _FAILED.search(str(error))
    columns = {part.rpartition(".")[2] for part in failed[1].split(", ")} if failed else set()
    for key in table.keys:
        if key.active and columns == set(key.columns):
            names = ", ".join(key.columns)
            message = (
                f"Entity Key {key.schema_name} violated. A record with the same value for "
                f"{names} already exists. A duplicate record cannot be created. Select one or "
                "more unique values and try again."
            )
            return ApiError(412, DUPLICATE_KEY, message)
    return ApiError(412, DUPLICATE_ID, "A record with matching key values already exists.")
