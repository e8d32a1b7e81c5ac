"""UpdateMultiple: many rows of one table in one transaction, all or nothing."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from emulator.definitions import Table
from emulator.errors import ApiError, Unsupported, bad_payload, invalid_argument
from emulator.rows.payload import parse_guid
from emulator.rows.transaction import Transaction
from emulator.webapi.calls import Answer, Call
from emulator.webapi.rows import check_bound, payload_of


def update_multiple(call: Call, table: Table) -> Answer:
    """POST ``<set>/Microsoft.Dynamics.CRM.UpdateMultiple`` with ``{"Targets": [...]}``."""
    body = call.json()
    if unknown := body.keys() - {"Targets"}:
        raise Unsupported(f"the member {min(unknown)} of UpdateMultiple")
    targets = body.get("Targets")
    if not isinstance(targets, list) or not targets:
        raise invalid_argument("The Targets of UpdateMultiple must be a list of rows.")
    payload = payload_of(call, table)
    changes = [_change(table, payload.values(_row(table, target))) for target in targets]
    if len({row_id for row_id, _ in changes}) < len(changes):
        raise invalid_argument("The Targets of UpdateMultiple contain a row twice.")
    with call.org.transaction() as tx:
        for row_id, values in changes:
            check_bound(tx, values)
            _update(tx, table, row_id, values)
    return Answer(204)


def _update(tx: Transaction, table: Table, row_id: str, values: dict[str, Any]) -> None:
    try:
        tx.update(table.name, row_id, values)
    except ApiError as error:
        if error.status != HTTPStatus.NOT_FOUND:
            raise
        message = f"{table.name} With Ids = {row_id} Do Not Exist"
        raise ApiError(error.status, error.code, message) from error


def _row(table: Table, target: Any) -> Mapping[str, Any]:
    if not isinstance(target, dict):
        raise bad_payload(table.name, "Every item of Targets must be a row.")
    kind = str(target.get("@odata.type", "")).removeprefix("#")
    if kind != f"Microsoft.Dynamics.CRM.{table.name}":
        raise bad_payload(
            table.name, f"The @odata.type of every item must name '{table.name}', not '{kind}'."
        )
    return target


def _change(table: Table, values: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    row_id = values.pop(table.id_column, None)
    if row_id is None:
        raise invalid_argument(f"An item of Targets lacks its {table.id_column}.")
    return parse_guid(row_id), values
