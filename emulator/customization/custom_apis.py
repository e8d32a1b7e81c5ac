"""Custom APIs without a plug-in: rows make a message, calling it only raises that message."""

from collections.abc import Mapping
from typing import Any

from emulator.changes import Change
from emulator.customization.names import logical_name
from emulator.customization.parameters import check_value, default_value
from emulator.errors import Unsupported, bad_payload, invalid_argument
from emulator.organization import Organization
from emulator.rows.transaction import Transaction
from emulator.users_caller import require_privilege
from emulator.webapi.calls import Answer, Call
from emulator.webhooks.messages import message_id, message_row

GLOBAL_BINDING = 0
IMMUTABLE: Mapping[str, tuple[str, ...]] = {
    "customapi": ("uniquename", "bindingtype", "isfunction", "allowedcustomprocessingsteptype"),
    "customapirequestparameter": ("uniquename", "type", "isoptional", "customapiid"),
    "customapiresponseproperty": ("uniquename", "type", "customapiid"),
}
Row = Mapping[str, Any]


def guard_custom_api(tx: Transaction, change: Change) -> None:
    """Keeps the message of a Custom API in step with its rows, before the commit."""
    if change.table not in IMMUTABLE:
        return
    if change.before is not None and change.after is not None:
        _refuse_new_shape(change.before, change.after, IMMUTABLE[change.table])
    elif change.table != "customapi":
        _check_part(change.after)
    elif change.after is not None:
        _add_message(tx, change.id, change.after)
    elif change.before is not None:
        tx.delete("sdkmessage", message_id(change.before["uniquename"]))


def call_custom_api(call: Call, name: str) -> Answer | None:
    """The answer of the Custom API of this unique name; None when there is none."""
    api = _find(call.org, name)
    if api is None:
        return None
    if call.method != "POST":
        raise Unsupported(f"{call.method} of a Custom API")
    if api["executeprivilegename"]:
        require_privilege(api["executeprivilegename"])
    parameters = _parameters(call.org, api, call.json())
    with call.org.transaction() as tx:
        tx.announce(Change(name, "", "", parameters=parameters))
    outputs = _outputs(call.org, api)
    if not outputs:
        return Answer(204)
    context = f"{call.root}$metadata#Microsoft.Dynamics.CRM.{name}Response"
    return Answer(200, {"@odata.context": context} | outputs)


def _find(org: Organization, name: str) -> Row | None:
    rows = org.rows("customapi", uniquename=name)
    return next((row for row in rows if row["uniquename"] == name), None)


def _add_message(tx: Transaction, api_id: str, row: Row) -> None:
    name = row["uniquename"] or ""
    logical_name(name)
    if (row["bindingtype"] or 0) != GLOBAL_BINDING or row["isfunction"]:
        raise Unsupported("Custom APIs that are functions or bound to a table")
    if row["plugintypeid"]:
        raise Unsupported("plug-ins of Custom APIs")
    if tx.row("sdkmessage", message_id(name)) is not None:
        raise invalid_argument(f"A message named {name} exists already.")
    tx.create("sdkmessage", message_row(name))
    link = {"sdkmessageid": message_id(name), "sdkmessageid@type": "sdkmessage"}
    tx.overwrite(tx.org.definitions.tables["customapi"], api_id, link)


def _check_part(row: Row | None) -> None:
    if row is None:
        return
    if not row["uniquename"] or row["customapiid"] is None:
        raise invalid_argument("A parameter needs a unique name and a Custom API.")
    default_value(row["type"])


def _refuse_new_shape(before: Row, after: Row, columns: tuple[str, ...]) -> None:
    for column in columns:
        if before[column] != after[column]:
            raise invalid_argument(f"The {column} of a Custom API cannot be changed.")


def _parameters(org: Organization, api: Row, sent: Mapping[str, Any]) -> dict[str, Any]:
    rows = org.rows("customapirequestparameter", customapiid=api["customapiid"])
    known = {row["uniquename"]: row for row in rows}
    for name in sent:
        if name not in known:
            raise bad_payload(
                "", f"The parameter '{name}' is not valid for the operation '{api['uniquename']}'."
            )
    for name, row in known.items():
        if name not in sent and not row["isoptional"]:
            raise invalid_argument(f"The required parameter '{name}' is missing.")
    return {name: _checked(name, known[name], value) for name, value in sent.items()}


def _checked(name: str, row: Row, value: Any) -> Any:
    try:
        return check_value(row["type"], value)
    except ValueError as mistake:
        raise bad_payload("", f"The parameter '{name}': {mistake}.") from mistake


def _outputs(org: Organization, api: Row) -> dict[str, Any]:
    rows = org.rows("customapiresponseproperty", customapiid=api["customapiid"])
    return {row["uniquename"]: default_value(row["type"]) for row in rows}
