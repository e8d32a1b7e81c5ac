"""The ``--data`` file: rows as the Web API returns them, stored as given."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from emulator.definitions import Column, Table
from emulator.errors import bad_payload
from emulator.organization import Organization
from emulator.query.annotations import LOOKUP_TABLE
from emulator.rows.activities import POINTER
from emulator.rows.payload import parse_guid, stored_value
from emulator.rows.transaction import Transaction
from emulator.seeds import STANDING

_DECODER = msgspec.json.Decoder(dict[str, list[dict[str, Any]]], float_hook=Decimal)


def load_rows(org: Organization, path: Path) -> int:
    """Load a file ``{"account": [{"accountid": ...}]}`` and return the number of rows.

    Read-only columns are taken as given and columns left out are null, whatever they would be
    for a row created over the API. An unknown table or column is refused.
    """
    count = 0
    with org.transaction() as tx:
        for name, rows in _DECODER.decode(path.read_bytes()).items():
            table = org.definitions.tables.get(name)
            if table is None:
                raise bad_payload(name, "There is no such table.")
            for row in rows:
                _store(tx, table, dict(_values(tx.org, table, row)))
                count += 1
    return count


def _values(org: Organization, table: Table, row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        if "@" in name:
            continue
        column = org.definitions.properties[table.name].get(name)
        if column is None:
            raise bad_payload(table.name, f"There is no property '{name}'.")
        if column.is_lookup:
            yield column.name, None if value is None else parse_guid(value)
            yield f"{column.name}@type", None if value is None else _target(table, column, row)
        else:
            yield column.name, stored_value(org.definitions, table, column, value)


def _target(table: Table, column: Column, row: Mapping[str, Any]) -> str:
    given = row.get(f"{column.property_name}@{LOOKUP_TABLE}")
    if given is not None:
        return str(given)
    if len(column.targets) > 1 and column.kind != "Owner":
        raise bad_payload(
            table.name, f"'{column.property_name}' needs its {LOOKUP_TABLE} annotation."
        )
    return column.targets[0]


def _store(tx: Transaction, table: Table, values: dict[str, Any]) -> None:
    row_id = values.get(table.id_column)
    if row_id is None:
        raise bad_payload(table.name, f"A row lacks its {table.id_column}.")
    if table.name in (*STANDING, POINTER) and tx.row(table.name, row_id) is not None:
        # A row that is there by itself; the data may say more about it.
        tx.overwrite(table, row_id, values)
    else:
        tx.insert(table, values)
