"""RetrievePrincipalAccess: what the asking user may do with one row.

`systemusers(<me>)/Microsoft.Dynamics.CRM.RetrievePrincipalAccess(Target=@t)?@t={"@odata.id":"…"}`
"""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

from emulator.definitions import Table
from emulator.errors import ApiError, Unsupported, bad_query, missing_row
from emulator.rows.keyed import row_id_of
from emulator.users_caller import caller_id, require
from emulator.webapi.calls import Answer, Call

FUNCTION = "Microsoft.Dynamics.CRM.RetrievePrincipalAccess"
_CALL = re.compile(re.escape(FUNCTION) + r"\(Target=(@\w+)\)")
_TARGET = re.compile(
    r"""\{\s*(['"])@odata\.id\1\s*:\s*(['"])(?:[^'"]*/)?(\w+)\(([^()'"]+)\)\2\s*\}"""
)
_RIGHTS: Mapping[str, str] = {
    "read": "ReadAccess",
    "write": "WriteAccess",
    "append": "AppendAccess",
    "appendto": "AppendToAccess",
    "create": "CreateAccess",
    "delete": "DeleteAccess",
    "share": "ShareAccess",
    "assign": "AssignAccess",
}


def retrieve_access(call: Call, user_id: str, segment: str) -> Answer:
    """The rights on the target, which must exist and be readable."""
    named = _CALL.fullmatch(segment)
    if named is None or call.method != "GET":
        raise Unsupported(f"{call.method} {segment}")
    if user_id != caller_id():
        raise Unsupported("RetrievePrincipalAccess of somebody else")
    table = _target(call, named[1])
    require(table, "read")
    rights = ", ".join(text for right, text in _RIGHTS.items() if _may(table, right))
    context = f"{call.root}$metadata#Microsoft.Dynamics.CRM.RetrievePrincipalAccessResponse"
    return Answer(200, {"@odata.context": context, "AccessRights": rights})


def _target(call: Call, alias: str) -> Table:
    """The table of the row that the alias stands for."""
    values = dict(parse_qsl(call.query, keep_blank_values=True))
    if strange := values.keys() - {alias}:
        raise Unsupported(f"{min(strange)} of RetrievePrincipalAccess")
    match = _TARGET.fullmatch(values.get(alias, ""))
    table = call.org.definitions.sets.get(match[3]) if match else None
    if match is None or table is None:
        raise bad_query("The parameter Target of RetrievePrincipalAccess names no row.")
    row_id = row_id_of(call.org, table, match[4])
    if call.org.row(table.name, row_id) is None:
        raise missing_row(table.name, row_id)
    return table


def _may(table: Table, right: str) -> bool:
    try:
        require(table, right)
    except ApiError:
        return False
    return True
