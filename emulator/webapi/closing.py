"""The actions that close a row: ``WinOpportunity``, ``CloseIncident`` and their kin."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from emulator.definitions import Table
from emulator.errors import Unsupported, bad_payload
from emulator.rows.closing import ANY_STATUS, CLOSINGS, Closing, close_row
from emulator.rows.payload import stored_value
from emulator.users_caller import require
from emulator.webapi.calls import Answer, Call, Handler
from emulator.webapi.payloads import payload_of

_BIND = "@odata.bind"
# What the closing of an opportunity writes into it.
_TAKEN_OVER: Mapping[str, str] = {"actualrevenue": "actualvalue", "actualend": "actualclosedate"}
_IGNORED = frozenset({"subject", "description", "activityid", "ordernumber", "quotenumber",
                      "timespent"})  # fmt: skip


def _close(closing: Closing, call: Call) -> Answer:
    body = call.json()
    activity = body.get(closing.activity)
    if unknown := body.keys() - {closing.activity, "Status"}:
        raise Unsupported(f"the member {min(unknown)} of {call.path}")
    table = call.org.definitions.tables[closing.table]
    if not isinstance(activity, dict):
        raise bad_payload(table.name, f"The parameter '{closing.activity}' is missing.")
    status = body.get("Status", ANY_STATUS)
    if not isinstance(status, int):
        raise bad_payload(table.name, "The parameter 'Status' must be a number.")
    require(table, "write")
    row_id, values = _row(call, table, activity)
    with call.org.transaction() as tx:
        close_row(tx, closing, row_id, status, values)
    return Answer(204)


def _row(call: Call, table: Table, activity: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The guid of the row that the activity is bound to, and what it takes over."""
    values: dict[str, Any] = {}
    bound = activity.get(table.id_column + _BIND)
    for name, value in activity.items():
        column = table.columns.get(_TAKEN_OVER.get(name, ""))
        if column is not None:
            values[column.name] = stored_value(call.org.definitions, table, column, value)
        elif name not in _IGNORED and not name.startswith(("@", table.id_column)):
            raise Unsupported(f"the column {name} of the activity of a closing")
    found = None if bound is None else payload_of(call, table).reference(str(bound))
    if found is None or found[0].name != table.name:
        raise bad_payload(table.name, f"The activity needs '{table.id_column}{_BIND}'.")
    return found[1], values


CLOSING_ACTIONS: Mapping[str, Handler] = {
    name: partial(_close, closing) for name, closing in CLOSINGS.items()
}
"""Unbound actions, by name."""
