"""An organisation without data, as the bytes of a database: made once a process, then copied.

Fifty tables with an index for each lookup take a tenth of a second to create; a process that opens
hundreds of organisations (a test run) would spend minutes on it.
"""

from __future__ import annotations

import sqlite3
from functools import cache
from pathlib import Path

from emulator.definitions import encode, standard_catalogue
from emulator.rows import schema
from emulator.rows.intersects import with_intersects
from emulator.surface.standing import GENERAL, lay_privileges, lay_rows

FIRST_VERSION = 1_000_000


def lay(path: str) -> bool:
    """Whether the organisation at this path is new; then its empty tables are there now. Raises
    sqlite3.OperationalError where no file can be."""
    file = Path(path)
    try:
        if file.exists() and file.stat().st_size:
            return False
        file.write_bytes(_blank())
    except OSError as error:
        raise sqlite3.OperationalError(str(error)) from error
    return True


@cache
def _blank() -> bytes:
    catalogue = with_intersects(standard_catalogue())
    made = schema.open_database(":memory:")
    made.execute("BEGIN")
    made.execute('CREATE TABLE "@definitions" (body BLOB)')
    made.execute('CREATE TABLE "@version" (last INTEGER)')
    made.execute('INSERT INTO "@version" VALUES (?)', [FIRST_VERSION])
    made.execute('INSERT INTO "@definitions" VALUES (?)', [encode(catalogue)])
    for table in catalogue.tables:
        schema.create_table(made, table)
    lay_rows(made, catalogue.tables, FIRST_VERSION)
    lay_privileges(made, GENERAL, FIRST_VERSION)
    made.execute("COMMIT")
    return made.serialize()
