"""The ``{"Targets": [...]}`` of the messages for many rows: CreateMultiple and its kin."""

from collections.abc import Mapping
from typing import Any

from emulator.definitions import Table
from emulator.errors import Unsupported, bad_payload, invalid_argument
from emulator.webapi.calls import Call


def read_targets(call: Call, table: Table, message: str) -> list[Mapping[str, Any]]:
    """The rows of the body; 400 unless each of them names its type."""
    body = call.json()
    if unknown := body.keys() - {"Targets"}:
        raise Unsupported(f"the member {min(unknown)} of {message}")
    targets = body.get("Targets")
    if not isinstance(targets, list) or not targets:
        raise invalid_argument(f"The Targets of {message} must be a list of rows.")
    return [_row(table, target) for target in targets]


def refuse_twice(row_ids: list[str], message: str) -> None:
    """400 when a row is there twice."""
    if len(set(row_ids)) < len(row_ids):
        raise invalid_argument(f"The Targets of {message} contain a row twice.")


def _row(table: Table, target: Any) -> Mapping[str, Any]:
    if not isinstance(target, dict):
        raise bad_payload(table.name, "Every item of Targets must be a row.")
    kind = str(target.get("@odata.type", "")).removeprefix("#")
    if kind != f"Microsoft.Dynamics.CRM.{table.name}":
        raise bad_payload(
            table.name, f"The @odata.type of every item must name '{table.name}', not '{kind}'."
        )
    return target
