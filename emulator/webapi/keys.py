"""Requests for rows by alternate key; a PATCH of a missing row creates it."""

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from typing import Any

from emulator.definitions import Table
from emulator.errors import bad_query
from emulator.rows.keyed import find_by_values, key_values, missing_key
from emulator.rows.values import TEXT_KINDS
from emulator.webapi.calls import Answer, Call
from emulator.webapi.headers import condition
from emulator.webapi.payloads import payload_of
from emulator.webapi.rows import create_row

# Documented: with one of these in a key, addresses find nothing (dataverse.md 3.9).
_BREAKING = frozenset("/<>*%&:\\?+")


def handle_keyed(call: Call, table: Table, key: str, work: Callable[[str], Answer]) -> Answer:
    """The answer of some work on the row of an alternate key, given its guid."""
    values = key_values(call.org.definitions, table, key)
    _refuse_characters(table, values)
    with nullcontext() if call.method == "GET" else call.org.transaction():
        if call.method == "PATCH":
            refuse_other_values(payload_of(call, table).values(call.json()), values)
        row_id = find_by_values(call.org, table, values)
        if row_id is not None:
            return work(row_id)
        if call.method != "PATCH" or condition(call.headers, "if-match") is not None:
            raise missing_key(table)
        return create_row(call, table, values)


def _refuse_characters(table: Table, values: Mapping[str, Any]) -> None:
    """400 for texts that Dataverse cannot find in an address, however they are encoded."""
    for name, value in values.items():
        column = table.columns.get(name)
        if column is not None and column.kind in TEXT_KINDS and _BREAKING & set(value):
            found = "".join(sorted(_BREAKING & set(value)))
            raise bad_query(f"A key value in an address must not contain '{found}'.")


def refuse_other_values(body: Mapping[str, Any], key: Mapping[str, Any]) -> None:
    """400 when a body has other values for the columns of the key that names its row."""
    if any(name in body and body[name] != value for name, value in key.items()):
        raise bad_query("The key in the body differs from the address.")
