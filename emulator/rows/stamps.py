"""What the platform itself writes into a row: who, when, whose, derived names and amounts."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from emulator.definitions import Table
from emulator.rows.money import add_base_amounts
from emulator.rows.states import settle_state
from emulator.seeds import ROOT_UNIT_ID
from emulator.users_caller import caller_id

if TYPE_CHECKING:
    from emulator.rows.transaction import Transaction

_PEOPLE = ("contact", "lead", "systemuser")


def stamp_new(tx: "Transaction", table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a new row with everything the platform adds."""
    now = tx.now
    stamped = dict(values)
    stamped |= _only(table, {"createdon": now, "modifiedon": now})
    stamped |= _user(table, "createdby") | _user(table, "modifiedby")
    if stamped.get("overriddencreatedon"):
        stamped |= {"createdon": stamped["overriddencreatedon"], "overriddencreatedon": now}
    if "ownerid" in table.columns and stamped.get("ownerid") is None:
        stamped |= _user(table, "ownerid")
    _stamp_defaults(table, stamped)
    _derive(tx, table, None, stamped)
    return stamped


def stamp_change(
    tx: "Transaction", table: Table, before: Mapping[str, Any], values: Mapping[str, Any]
) -> dict[str, Any]:
    """The changed values with everything the platform adds."""
    stamped = dict(values)
    stamped |= _only(table, {"modifiedon": tx.now, "modifiedonbehalfby": None})
    stamped |= _user(table, "modifiedby")
    _derive(tx, table, before, stamped)
    return stamped


def _derive(
    tx: "Transaction", table: Table, before: Mapping[str, Any] | None, values: dict[str, Any]
) -> None:
    settle_state(table, before, values)
    _stamp_owner(table, values)
    _stamp_full_name(table, before or {}, values)
    add_base_amounts(tx, table, before or {}, values)


def _only(table: Table, values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in table.columns}


def _user(table: Table, lookup: str) -> dict[str, Any]:
    if lookup not in table.columns:
        return {}
    return {lookup: caller_id(), f"{lookup}@type": "systemuser"}


def _stamp_owner(table: Table, values: dict[str, Any]) -> None:
    if "ownerid" not in values or "owninguser" not in table.columns:
        return
    owner = values["ownerid"]
    of_team = values.get("ownerid@type") == "team"
    values |= {
        "owninguser": None if of_team else owner,
        "owninguser@type": None if of_team else "systemuser",
        "owningteam": owner if of_team else None,
        "owningteam@type": "team" if of_team else None,
        "owningbusinessunit": ROOT_UNIT_ID,
        "owningbusinessunit@type": "businessunit",
    }


def _stamp_full_name(table: Table, before: Mapping[str, Any], values: dict[str, Any]) -> None:
    if table.name not in _PEOPLE or not {"firstname", "lastname"} & values.keys():
        return
    parts = [values.get(name, before.get(name)) for name in ("firstname", "lastname")]
    values["fullname"] = " ".join(part for part in parts if part) or None


def _stamp_defaults(table: Table, values: dict[str, Any]) -> None:
    for name, column in table.columns.items():
        if column.default is not None and values.get(name) is None and name != "statecode":
            values[name] = bool(column.default) if column.kind == "Boolean" else column.default
