"""Create-, Update- and UpsertMultiple: many rows of one table in one transaction, all or none."""

import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from emulator.customization.solutions import add_row_to_named_solution
from emulator.definitions import Table
from emulator.errors import ApiError, bad_payload, invalid_argument
from emulator.rows.keyed import find_by_values, key_values
from emulator.rows.payload import parse_guid
from emulator.rows.transaction import Transaction
from emulator.webapi.calls import Answer, Call
from emulator.webapi.keys import refuse_other_values
from emulator.webapi.payloads import check_bound, payload_of
from emulator.webapi.targets import read_targets, refuse_twice

_ADDRESS = re.compile(r"/?(\w+)\((.*)\)")


def create_multiple(call: Call, table: Table) -> Answer:
    """POST ``<set>/Microsoft.Dynamics.CRM.CreateMultiple``; answers the new guids in order."""
    payload = payload_of(call, table)
    rows = [payload.values(target) for target in read_targets(call, table, "CreateMultiple")]
    with call.org.transaction() as tx:
        ids = [_create(call, tx, table, values) for values in rows]
    context = f"{call.root}$metadata#Microsoft.Dynamics.CRM.CreateMultipleResponse"
    return Answer(200, {"@odata.context": context, "Ids": ids})


def update_multiple(call: Call, table: Table) -> Answer:
    """POST ``<set>/Microsoft.Dynamics.CRM.UpdateMultiple`` with ``{"Targets": [...]}``."""
    payload, message = payload_of(call, table), "UpdateMultiple"
    targets = read_targets(call, table, message)
    changes = [_change(table, payload.values(target)) for target in targets]
    refuse_twice([row_id for row_id, _ in changes], message)
    with call.org.transaction() as tx:
        for row_id, values in changes:
            check_bound(tx, values)
            _update(tx, table, row_id, values)
    return Answer(204)


def upsert_multiple(call: Call, table: Table) -> Answer:
    """POST ``<set>/Microsoft.Dynamics.CRM.UpsertMultiple``: every row is created or changed."""
    targets = read_targets(call, table, "UpsertMultiple")
    with call.org.transaction() as tx:
        ids = [_upsert(call, tx, table, target) for target in targets]
        refuse_twice(ids, "UpsertMultiple")
    return Answer(204)


def _create(call: Call, tx: Transaction, table: Table, values: Mapping[str, Any]) -> str:
    check_bound(tx, dict(values))
    row_id = tx.create(table.name, values)
    add_row_to_named_solution(call, table.name, row_id)
    return row_id


def _update(tx: Transaction, table: Table, row_id: str, values: dict[str, Any]) -> None:
    try:
        tx.update(table.name, row_id, values)
    except ApiError as error:
        if error.status != HTTPStatus.NOT_FOUND:
            raise
        message = f"{table.name} With Ids = {row_id} Do Not Exist"
        raise ApiError(error.status, error.code, message) from error


def _upsert(call: Call, tx: Transaction, table: Table, target: Mapping[str, Any]) -> str:
    """The guid of the row; found by its key in ``@odata.id``, else by the guid in the body."""
    key = _named_key(call, table, target.get("@odata.id"))
    values = payload_of(call, table).values(target)
    refuse_other_values(values, key)
    values |= key
    row_id = values.get(table.id_column)
    if row_id is None and key:
        row_id = find_by_values(call.org, table, key)
    if row_id is None or tx.row(table.name, row_id) is None:
        return _create(call, tx, table, values)
    check_bound(tx, values)
    changed = {name: value for name, value in values.items() if name != table.id_column}
    tx.update(table.name, row_id, changed)
    return str(row_id)


def _named_key(call: Call, table: Table, address: Any) -> dict[str, Any]:
    if address is None:
        return {}
    match = _ADDRESS.fullmatch(str(address).removeprefix(call.root))
    if match is None or match[1] != table.set_name:
        raise bad_payload(table.name, f"'{address}' is no address of a row of this table.")
    if "=" not in match[2]:
        return {table.id_column: parse_guid(match[2])}
    return key_values(call.org.definitions, table, match[2])


def _change(table: Table, values: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    row_id = values.pop(table.id_column, None)
    if row_id is None:
        raise invalid_argument(f"An item of Targets lacks its {table.id_column}.")
    return parse_guid(row_id), values


MULTIPLE: Mapping[str, Callable[[Call, Table], Answer]] = {
    "CreateMultiple": create_multiple,
    "UpdateMultiple": update_multiple,
    "UpsertMultiple": upsert_multiple,
}
"""Messages bound to an entity set, by name."""
