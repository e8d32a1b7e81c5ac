"""Bodies of requests as stored values, and whether what they bind exists."""

from functools import partial
from typing import Any

from emulator.definitions import Table
from emulator.errors import missing_row
from emulator.rows.keyed import row_id_of
from emulator.rows.payload import Payload
from emulator.rows.transaction import Transaction
from emulator.webapi.calls import Call


def payload_of(call: Call, table: Table) -> Payload:
    find_row = partial(row_id_of, call.org)
    return Payload(call.org.definitions, table, call.root, call.references, find_row)


def check_bound(tx: Transaction, values: dict[str, Any]) -> None:
    """404 when a lookup is bound to a row that does not exist."""
    for name, kind in values.items():
        lookup, found, _ = name.rpartition("@type")
        if found and kind is not None and tx.row(kind, values[lookup]) is None:
            raise missing_row(kind, values[lookup])
