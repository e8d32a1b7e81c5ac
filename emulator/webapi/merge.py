"""The unbound action ``Merge``: two rows become one."""

from typing import Any

from emulator.definitions import Table
from emulator.errors import Unsupported, bad_payload
from emulator.rows.merging import merge_rows
from emulator.rows.payload import parse_guid
from emulator.webapi.calls import Answer, Call
from emulator.webapi.payloads import check_bound, payload_of

_TYPE = "Microsoft.Dynamics.CRM."
_MEMBERS = frozenset({"Target", "Subordinate", "UpdateContent", "PerformParentingChecks"})


def merge(call: Call) -> Answer:
    """POST ``Merge`` with ``Target``, ``Subordinate`` and the optional ``UpdateContent``."""
    body = call.json()
    if unknown := body.keys() - _MEMBERS:
        raise Unsupported(f"the member {min(unknown)} of Merge")
    if body.get("PerformParentingChecks", False) is not False:
        raise Unsupported("parenting checks of Merge")
    table = _table(call, body.get("Target"))
    target, subordinate = (_id(table, body.get(name)) for name in ("Target", "Subordinate"))
    content = payload_of(call, table).values(body.get("UpdateContent") or {})
    content.pop(table.id_column, None)
    with call.org.transaction() as tx:
        check_bound(tx, content)
        merge_rows(tx, table, (target, subordinate), content)
    return Answer(204)


def _table(call: Call, row: Any) -> Table:
    kind = str(row.get("@odata.type", "")).removeprefix("#") if isinstance(row, dict) else ""
    table = call.org.definitions.tables.get(kind.removeprefix(_TYPE))
    if table is None or not kind.startswith(_TYPE):
        raise bad_payload("Merge", "Target and Subordinate must name their @odata.type.")
    return table


def _id(table: Table, row: Any) -> str:
    named = isinstance(row, dict) and str(row.get("@odata.type", "")).endswith(_TYPE + table.name)
    if not named or table.id_column not in row:
        why = f"Target and Subordinate need the type and the key of a '{table.name}'."
        raise bad_payload(table.name, why)
    return parse_guid(str(row[table.id_column]))
