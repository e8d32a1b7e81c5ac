"""Which row an alternate key means: ``accountnumber='A-77'`` in an address or a binding."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from emulator.definitions import Column, Definitions, Table
from emulator.errors import ApiError, bad_query
from emulator.rows.payload import parse_guid, stored_value

if TYPE_CHECKING:
    from emulator.organization import Organization

_PAIR = re.compile(r"\s*(\w+)\s*=\s*('(?:[^']|'')*'|[^,']+?)\s*(?:,|$)")


def row_id_of(org: "Organization", table: Table, key: str) -> str:
    """The guid in the brackets of an address, or that of the row with the alternate key."""
    if "=" not in key:
        return parse_guid(key)
    row_id = find_by_values(org, table, key_values(org.definitions, table, key))
    if row_id is None:
        raise missing_key(table)
    return row_id


def key_values(definitions: Definitions, table: Table, key: str) -> dict[str, Any]:
    """Stored values by column; 400 unless the columns are those of an active key."""
    pairs = {match[1]: match[2] for match in _PAIR.finditer(key)}
    if _PAIR.sub("", key):
        raise bad_query(f"Bad Request - Error in query syntax: '{key}'.")
    properties = definitions.properties[table.name] | table.columns
    columns = {name: properties[name] for name in pairs if name in properties}
    names = {column.name for column in columns.values()}
    known = [set(item.columns) for item in table.keys if item.active] + [{table.id_column}]
    if len(columns) < len(pairs) or names not in known:
        message = f"The specified key attributes are not a defined key for the {table.name} entity"
        raise bad_query(message)
    values: dict[str, Any] = {}
    for name, text in pairs.items():
        column = columns[name]
        values[column.name] = _value(definitions, table, column, text)
        if len(column.targets) == 1:
            values[f"{column.name}@type"] = column.targets[0]
    return values


def missing_key(table: Table) -> ApiError:
    """404: no row has the values of the key."""
    message = f"A record with the specified key values does not exist in {table.name} entity"
    return ApiError(404, "0x80060891", message)


def find_by_values(org: "Organization", table: Table, values: Mapping[str, Any]) -> str | None:
    """The guid of the row with these values."""
    for row in org.rows(table.name, **values):
        return str(row[table.id_column])
    return None


def _value(definitions: Definitions, table: Table, column: Column, text: str) -> Any:
    if text.startswith("'"):
        return stored_value(definitions, table, column, text[1:-1].replace("''", "'"))
    if column.is_lookup or column.kind == "Uniqueidentifier":
        return parse_guid(text)
    if column.kind == "DateTime":
        return stored_value(definitions, table, column, text)
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise bad_query(f"Bad Request - Error in query syntax: '{text}'.") from error
    whole = column.kind in ("Integer", "Picklist")
    return stored_value(definitions, table, column, int(number) if whole else number)
