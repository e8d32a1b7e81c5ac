"""The actions on members of marketing lists: two bound to a list, one for many members."""

from collections.abc import Callable, Mapping
from typing import Any

from emulator.errors import Unsupported, bad_payload
from emulator.rows.members import LIST, add_member, add_members, member_table, remove_member
from emulator.rows.payload import parse_guid
from emulator.users_caller import require
from emulator.webapi.calls import Answer, Call

_TYPE = "Microsoft.Dynamics.CRM."
_ENTITY = "EntityId"


def add_list_member(call: Call, list_id: str) -> Answer:
    """POST ``lists(id)/Microsoft.Dynamics.CRM.AddMemberList``; answers the membership's ``Id``."""
    row_id = _member(_body(call, {_ENTITY})[_ENTITY])
    _may_link(call)
    with call.org.transaction() as tx:
        added = add_member(tx, list_id, row_id)
    context = f"{call.root}$metadata#{_TYPE}AddMemberListResponse"
    return Answer(200, {"@odata.context": context, "Id": added})


def remove_list_member(call: Call, list_id: str) -> Answer:
    """POST ``lists(id)/Microsoft.Dynamics.CRM.RemoveMemberList``."""
    row_id = _member(_body(call, {_ENTITY})[_ENTITY])
    _may_link(call)
    with call.org.transaction() as tx:
        remove_member(tx, list_id, row_id)
    return Answer(204)


def add_list_members(call: Call) -> Answer:
    """POST ``AddListMembersList`` with ``List`` and ``Members``."""
    body = _body(call, {"List", "Members"})
    _may_link(call)
    with call.org.transaction() as tx:
        list_id = _key(body["List"], LIST, "listid")
        table = tx.org.definitions.tables[member_table(tx, list_id)]
        members = body["Members"]
        if not isinstance(members, list):
            raise bad_payload(LIST, "Members must be a list of rows.")
        add_members(tx, list_id, [_key(row, table.name, table.id_column) for row in members])
    return Answer(204)


ON_LIST: Mapping[str, Callable[[Call, str], Answer]] = {
    "AddMemberList": add_list_member,
    "RemoveMemberList": remove_list_member,
}
"""Actions bound to a list, by name."""


def _may_link(call: Call) -> None:
    require(call.org.definitions.tables[LIST], "append")


def _body(call: Call, names: set[str]) -> dict[str, Any]:
    body = call.json()
    if unknown := body.keys() - names:
        raise Unsupported(f"the member {min(unknown)} of {call.path.rpartition('.')[2]}")
    if missing := names - body.keys():
        raise bad_payload(LIST, f"The parameter '{min(missing)}' is missing.")
    return body


def _member(given: Any) -> str:
    """A guid, alone or as the only key of a row."""
    if isinstance(given, dict):
        keys = [value for name, value in given.items() if "@" not in name]
        given = keys[0] if len(keys) == 1 else ""
    return parse_guid(str(given))


def _key(row: Any, table: str, column: str) -> str:
    kind = str(row.get("@odata.type", "")).removeprefix("#") if isinstance(row, dict) else ""
    if kind != _TYPE + table or column not in row:
        raise bad_payload(LIST, f"A '{table}' with its @odata.type and its key is needed.")
    return parse_guid(str(row[column]))
