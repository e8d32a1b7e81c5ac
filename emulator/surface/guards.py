"""Refusals while a web resource, a command, a view, a chart or a variable is being stored."""

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from emulator.changes import Change
from emulator.errors import ApiError, Unsupported, invalid_argument
from emulator.rows.transaction import Transaction
from emulator.surface.drawing import check_chart, check_view

Row = Mapping[str, Any]
JAVASCRIPT, JAVASCRIPT_EVENT, ENTITY_CONTEXT = 3, 2, 1
KEPT: Mapping[str, tuple[str, ...]] = {
    "appaction": ("name", "uniquename", "context", "contextvalue", "location", "origin"),
    "webresource": ("name", "webresourcetype"),
    "savedquery": ("returnedtypecode", "querytype"),
    "savedqueryvisualization": ("primaryentitytypecode",),
    "environmentvariabledefinition": ("schemaname",),
}
"""Values of creation: a later one is accepted and not kept."""
UNIQUE: Mapping[str, str] = {
    "appaction": "uniquename",
    "webresource": "name",
    "environmentvariabledefinition": "schemaname",
}


def guard_surface(tx: Transaction, change: Change) -> None:
    """Raises ApiError for a row that Dataverse would refuse."""
    check = CHECKS.get(change.table)
    if check is None or change.after is None:
        return
    row = _with_kept(tx, change)
    _check_name(tx, change.table, row)
    check(tx, row)


def _with_kept(tx: Transaction, change: Change) -> Row:
    before, after = change.before, dict(change.after or {})
    kept = {name: before[name] for name in KEPT.get(change.table, ())} if before else {}
    if any(after[name] != value for name, value in kept.items()):
        tx.overwrite(tx.org.definitions.tables[change.table], change.id, kept)
    return after | kept


def _check_name(tx: Transaction, table: str, row: Row) -> None:
    column = UNIQUE.get(table)
    if column is None:
        return
    name = row[column] or ""
    prefixes = [item["customizationprefix"] for item in tx.org.rows("publisher")]
    if not any(prefix and name.startswith(f"{prefix}_") for prefix in prefixes):
        message = f"The name {name} must begin with the customization prefix of a publisher."
        raise ApiError(400, "0x800608ad", message)
    if len(tx.org.rows(table, **{column: name})) > 1:
        raise ApiError(412, "0x80040237", f"A {table} named {name} exists already.")


def _check_web_resource(tx: Transaction, row: Row) -> None:
    if row["webresourcetype"] not in range(1, 13):
        raise invalid_argument(f"There is no web resource type {row['webresourcetype']}.")
    if not re.fullmatch(r"[\w./-]+", row["name"]) or "//" in row["name"]:
        raise invalid_argument("Web resource names hold letters, digits, '_', '.', '-' and '/'.")
    try:
        base64.b64decode(row["content"] or "", validate=True)
    except binascii.Error as mistake:
        raise invalid_argument("The content of a web resource is base64.") from mistake


def _check_command(tx: Transaction, row: Row) -> None:
    for column in ("name", "type", "context", "location"):
        if row[column] is None:
            raise invalid_argument(f"A command needs its {column}.")
    if row["context"] == ENTITY_CONTEXT and row["contextvalue"] not in tx.org.definitions.tables:
        raise invalid_argument(f"There is no table {row['contextvalue']}.")
    if row["onclickeventtype"] != JAVASCRIPT_EVENT:
        raise Unsupported("commands without a JavaScript event")
    library = row["onclickeventjavascriptwebresourceid"]
    found = tx.row("webresource", library) if library else None
    if found is None or found["webresourcetype"] != JAVASCRIPT:
        raise invalid_argument("A JavaScript command needs a script web resource.")
    if not row["onclickeventjavascriptfunctionname"]:
        raise invalid_argument("A JavaScript command needs a function.")
    _check_parameters(row["onclickeventjavascriptparameters"])


def _check_parameters(text: str | None) -> None:
    try:
        found = json.loads(text or "[]")
        fine = all(isinstance(item["type"], int) for item in found)
    except (ValueError, TypeError, KeyError):
        fine = False
    if not fine:
        raise invalid_argument("The parameters of a command are a JSON list of {type, value}.")


def _check_definition(tx: Transaction, row: Row) -> None:
    if row["type"] not in range(100_000_000, 100_000_006):
        raise invalid_argument("An environment variable needs a type.")


def _check_value(tx: Transaction, row: Row) -> None:
    definition = row["environmentvariabledefinitionid"]
    if definition is None:
        raise invalid_argument("A value needs the definition of its environment variable.")
    if len(tx.org.rows("environmentvariablevalue", environmentvariabledefinitionid=definition)) > 1:
        raise ApiError(412, "0x80040237", "An environment variable has one value.")


CHECKS: Mapping[str, Callable[[Transaction, Row], None]] = {
    "appaction": _check_command,
    "environmentvariabledefinition": _check_definition,
    "environmentvariablevalue": _check_value,
    "savedquery": check_view,
    "savedqueryvisualization": check_chart,
    "webresource": _check_web_resource,
}
