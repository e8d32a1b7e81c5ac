"""The pages of change tracking: a table as it is, and what happened to it between two versions.

Whatever is committed while the pages of one reading are fetched belongs to the next reading.
"""

import sqlite3
from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from emulator.definitions import Table
from emulator.errors import ApiError
from emulator.query.options import Options
from emulator.query.pages import Page, Window
from emulator.query.read import Reader
from emulator.query.source import TRUE, Sql
from emulator.rows.tombstones import deleted_between
from emulator.rows.values import SqlValue

Place = Sequence[SqlValue]
_VERSION = "versionnumber"


class Asked(Struct, frozen=True):
    """A reading: of which table, with which options, how many rows a page."""

    table: Table
    options: Options
    size: int


class Part(Struct, frozen=True):
    """One page; ``place`` is where the next one goes on, None at the end of the reading.

    ``version`` is what a client knows of the table once it has read everything.
    """

    rows: list[dict[str, Any]]
    place: Place | None
    version: int


def first_part(reader: Reader, asked: Asked, place: Place) -> Part:
    """A page of all rows; the place is the version at the beginning and the last sort value."""
    if not place:
        place = (_latest(reader.connection),)
    version, after = _whole(place[0]), tuple(place[1:])
    shape = reader.shape(asked.table, asked.options)
    page = reader.page(shape, asked.options, TRUE, Window(asked.size, after or None))
    return Part(page.rows, None if page.last is None else (version, *page.last), version)


def changed_part(reader: Reader, asked: Asked, place: Place) -> Part:
    """A page of changed rows by version, then of deletions by version.

    The place is the version at the end of the reading, and those of the last row and deletion.
    """
    if len(place) == 1:
        place = (_latest(reader.connection), place[0], place[0])
    try:
        upto, row_version, deletion_version = (_whole(value) for value in place)
    except ValueError as error:
        raise ApiError(400, "0x80040203", "Malformed XML in the Paging Cookie.") from error
    page = _changed_rows(reader, asked, (row_version, upto))
    if page.last is not None:
        last = _whole(page.last[0])
        return Part(page.rows, (upto, last, deletion_version), upto)
    room = asked.size - len(page.rows)
    gone = deleted_between(reader.connection, asked.table, (deletion_version, upto), room + 1)
    rows = page.rows + [_deleted(reader, asked.table, row_id) for row_id, _ in gone[:room]]
    if len(gone) <= room:
        return Part(rows, None, upto)
    last = gone[room - 1][1] if room else deletion_version
    return Part(rows, (upto, upto, last), upto)


def count_changes(reader: Reader, table: Table, version: int) -> int:
    """How many rows were changed or deleted since a version."""
    upto = _latest(reader.connection)
    (changed,) = reader.connection.execute(
        f'SELECT count(*) FROM "{table.name}" WHERE {_VERSION} > ?', [version]
    ).fetchone()
    return int(changed) + len(deleted_between(reader.connection, table, (version, upto), -1))


def _changed_rows(reader: Reader, asked: Asked, versions: tuple[int, int]) -> Page:
    by_version = replace(asked.options, order=((_VERSION, False),))
    shape = reader.shape(asked.table, asked.options)
    column = f"{shape.source.alias}.{_VERSION}"
    between = Sql(f"{column} > ? AND {column} <= ?", versions)
    return reader.page(shape, by_version, between, Window(asked.size))


def _deleted(reader: Reader, table: Table, row_id: str) -> dict[str, Any]:
    context = f"{reader.root}$metadata#{table.set_name}/$deletedEntity"
    return {"@odata.context": context, "id": row_id, "reason": "deleted"}


def _latest(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute('SELECT last FROM "@version"').fetchone()
    return int(version)


def _whole(value: SqlValue) -> int:
    if not isinstance(value, int):
        raise ApiError(400, "0x80040203", "Malformed XML in the Paging Cookie.")
    return value
