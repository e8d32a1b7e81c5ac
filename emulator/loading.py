"""The ``--data`` file: rows as the Web API returns them, stored as given.

A mistake in it is told with its table, row and column: the file may hold thousands of rows.
"""

from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from emulator.definitions import Column, Table
from emulator.errors import ApiError
from emulator.organization import Organization
from emulator.query.annotations import LOOKUP_TABLE
from emulator.rows.activities import POINTER
from emulator.rows.payload import parse_guid, typed_value
from emulator.rows.transaction import Transaction
from emulator.seeds import STANDING

Row = Mapping[str, Any]
_DECODER = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal)
# What the storage holds, which is more than any column's range.
_LIMITS = {"Money": 10**15, "Decimal": 10**15, "Double": 10**308}
_WHOLE_LIMIT = 2**63
_NUMBERS = (int, float, Decimal)


class BadData(Exception):
    """What is wrong with the file, and where."""


def load_rows(org: Organization, path: Path) -> int:
    """Load a file ``{"account": [{"accountid": ...}]}`` and return the number of rows.

    Read-only columns are taken as given and columns left out are null, whatever they would be
    for a row created over the API. A value may be out of its column's range (organisations add
    options and lengthen texts), never of another type. Raises BadData for all that is not known.
    """
    count = 0
    with org.transaction() as tx:
        for table, row, place in _rows(org, path):
            values = dict(_values(org.definitions.properties[table.name], row, place))
            _store(tx, table, values, place)
            count += 1
    return count


class _Place(Struct, frozen=True):
    """Where in the file something is wrong."""

    table: str
    number: int

    def wrong(self, why: str, name: str = "") -> BadData:
        column = f", {name}" if name else ""
        return BadData(f"{self.table}, row {self.number}{column}: {why}")


def _rows(org: Organization, path: Path) -> Iterator[tuple[Table, Row, _Place]]:
    try:
        data = _DECODER.decode(path.read_bytes().removeprefix(BOM_UTF8))
    except (msgspec.DecodeError, UnicodeDecodeError) as mistake:
        raise BadData(str(mistake)) from mistake
    for name, rows in data.items():
        table = org.definitions.tables.get(name)
        if table is None:
            raise BadData(f"there is no table with the logical name '{name}'")
        if not isinstance(rows, list):
            raise BadData(f"{name}: the rows must be a list")
        for number, row in enumerate(rows, 1):
            if not isinstance(row, dict):
                raise _Place(name, number).wrong("a row must be an object")
            yield table, row, _Place(name, number)


def _values(properties: Mapping[str, Column], row: Row, place: _Place) -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        if "@" in name:
            continue
        column = properties.get(name)
        if column is None:
            raise place.wrong("there is no such column", name)
        if value is None:
            yield column.name, None
        elif column.is_lookup:
            yield column.name, _guid(value, place, name)
            yield f"{column.name}@type", _target(column, row, place)
        else:
            yield column.name, _value(column, value, place)


def _value(column: Column, value: Any, place: _Place) -> Any:
    try:
        found = typed_value(place.table, column, value)
    except ApiError as mistake:
        raise place.wrong(f"{value!r} is no {column.kind}", column.name) from mistake
    if isinstance(found, _NUMBERS):
        limit = _LIMITS.get(column.kind, _WHOLE_LIMIT)
        if not -limit < found < limit:
            raise place.wrong(f"{value} is too large", column.name)
    return found


def _guid(value: Any, place: _Place, name: str) -> str:
    try:
        return parse_guid(str(value))
    except ApiError as mistake:
        raise place.wrong(f"{value!r} is no guid", name) from mistake


def _target(column: Column, row: Row, place: _Place) -> str:
    annotation = f"{column.property_name}@{LOOKUP_TABLE}"
    given = row.get(annotation)
    if given is None and len(column.targets) > 1 and column.kind != "Owner":
        raise place.wrong(f"it needs its annotation '{annotation}'", column.property_name)
    if given is not None and given not in column.targets:
        raise place.wrong(f"it cannot point to '{given}'", column.property_name)
    return column.targets[0] if given is None else str(given)


def _store(tx: Transaction, table: Table, values: dict[str, Any], place: _Place) -> None:
    row_id = values.get(table.id_column)
    if row_id is None:
        raise place.wrong(f"the row lacks its {table.id_column}")
    if table.name in (*STANDING, POINTER) and tx.row(table.name, row_id) is not None:
        # A row that is there by itself; the data may say more about it.
        tx.overwrite(table, row_id, values)
        return
    try:
        tx.insert(table, values)
    except ApiError as mistake:
        raise place.wrong(f"another row has the {table.id_column} {row_id}") from mistake
