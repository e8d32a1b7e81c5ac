"""From an address to its handler, and from errors to answers."""

import re
import sqlite3
import uuid
from collections.abc import Callable, Mapping

from msgspec import Struct, field

from emulator.definitions import Table
from emulator.errors import ApiError, Unsupported, bad_query, missing_segment
from emulator.limits_cost import charge
from emulator.optional import work_under
from emulator.query.options import check_write
from emulator.rows.intersects import refuse_direct
from emulator.rows.keyed import row_id_of
from emulator.rows.members import LIST
from emulator.rows.payload import resolve_reference
from emulator.stats import Stats
from emulator.surface.privileges import ROLE, add_privileges_role, remove_privilege_role
from emulator.users_rights import (
    authorize_action,
    authorize_definition,
    authorize_row,
    authorize_set,
)
from emulator.webapi import collections, rows
from emulator.webapi.access import FUNCTION, retrieve_access
from emulator.webapi.bulk import MULTIPLE
from emulator.webapi.calls import JSON, Answer, Call, Handler
from emulator.webapi.functions import FUNCTIONS
from emulator.webapi.headers import check_headers
from emulator.webapi.keys import handle_keyed
from emulator.webapi.kinds import kind_of
from emulator.webapi.members import ON_LIST
from emulator.webapi.metadata import read_definitions
from emulator.webapi.optional import read_optional
from emulator.webapi.references import handle_member

DEFINITIONS = frozenset(
    {"EntityDefinitions", "RelationshipDefinitions", "GlobalOptionSetDefinitions"}
)
_SEGMENT = re.compile(r"(\$?\w+)(?:\((.*)\))?")
_MESSAGE = "Microsoft.Dynamics.CRM."


def _no_message(call: Call, name: str) -> Answer | None:
    return None


def _no_definitions(call: Call) -> Answer:
    raise Unsupported(f"{call.method} {call.path}")


class Api(Struct, frozen=True):
    """The Web API with what customization adds to it.

    ``actions`` are unbound actions by name; ``write_definition`` gets every metadata request
    that is not a GET; ``call_message`` answers custom APIs, None for a name it does not know.
    """

    stats: Stats
    actions: Mapping[str, Handler] = field(default_factory=dict)
    write_definition: Handler = _no_definitions
    call_message: Callable[[Call, str], Answer | None] = _no_message

    def answer(self, call: Call) -> Answer:
        """The answer to a call; refusals become answers with Dataverse's error body."""
        charge(call)
        return self.guarded(call, lambda: _consistently(call, self._route))

    def guarded(self, call: Call, work: Callable[[], Answer]) -> Answer:
        """The answer of some work on a call, counted, with headers and with errors caught."""
        self.stats.count_kind(kind_of(call))
        headers = {
            "OData-Version": "4.0",
            "x-ms-service-request-id": str(uuid.uuid4()),
            "REQ_ID": str(uuid.uuid4()),
        }
        try:
            check_headers(call.headers)
            work_under(read_optional(call))
            if call.method != "GET":
                check_write(call.query)
            answer = work()
        except ApiError as error:
            if isinstance(error, Unsupported):
                self.stats.count("unsupported")
            answer = Answer(error.status, error.body(), error.headers)
        except RecursionError:
            answer = Answer(400, bad_query("The request is nested too deeply.").body())
        content = {"Content-Type": JSON} if answer.body is not None else {}
        return Answer(answer.status, answer.body, headers | content | dict(answer.headers))

    def _route(self, call: Call) -> Answer:
        if call.path.startswith("$") and call.path[1:2].isdecimal():
            call = _resolved(call)
        if not call.path:
            raise Unsupported("the service document")
        first, *rest = _segments(call.path)
        match = _SEGMENT.fullmatch(first)
        if match is None:
            raise missing_segment(first)
        name, key = match[1], match[2]
        if name in DEFINITIONS:
            authorize_definition(call)
            return read_definitions(call) if call.method == "GET" else self.write_definition(call)
        table = call.org.definitions.sets.get(name)
        if table is None:
            return self._message(call, name, rest)
        refuse_direct(table, call.method)
        if key is None:
            return _set(call, table, rest)
        if "=" in key and not rest:
            return handle_keyed(call, table, key, lambda row_id: _row(call, table, row_id, []))
        return _row(call, table, row_id_of(call.org, table, key), rest)

    def _message(self, call: Call, name: str, rest: list[str]) -> Answer:
        if call.method == "GET" and name in FUNCTIONS and not rest:
            return FUNCTIONS[name](call)
        if call.method == "POST" and name in self.actions and not rest:
            authorize_action(name)
            return self.actions[name](call)
        answer = self.call_message(call, name)
        if answer is not None:
            return answer
        # Functions and actions of the platform begin with a capital, entity sets do not.
        if name[0].isupper() or name.startswith("$"):
            raise Unsupported(f"{call.method} {name}")
        raise missing_segment(name)


def _consistently(call: Call, work: Handler) -> Answer:
    """The answer under definitions that hold from its beginning to its end.

    Another request may commit a change of them while this one is under way; its own work is
    rolled back then and done once more.
    """
    while True:
        definitions = call.org.definitions
        try:
            return work(call)
        except (sqlite3.OperationalError, KeyError):
            if call.org.is_writing:
                raise
            with call.org.transaction():
                unchanged = call.org.definitions is definitions
            if unchanged:
                raise


def _segments(path: str) -> list[str]:
    """The path cut at slashes outside of brackets."""
    return re.findall(r"[^/(]+(?:\((?:'(?:[^']|'')*'|[^)'])*\))?", path) or [""]


def _resolved(call: Call) -> Call:
    path = resolve_reference(call.path, call.references).removeprefix(call.root)
    return Call(call.org, call.method, path, call.query, call.headers, call.body, call.root,
                call.references)  # fmt: skip


def _set(call: Call, table: Table, rest: list[str]) -> Answer:
    authorize_set(call, table, rest)
    multiple = MULTIPLE.get(rest[0].removeprefix(_MESSAGE)) if len(rest) == 1 else None
    if multiple is not None and call.method == "POST":
        return multiple(call, table)
    if rest == ["$count"] and call.method == "GET":
        return collections.count_set(call, table)
    if rest and rest[0].startswith((_MESSAGE, "$")):
        raise Unsupported(f"{call.method} {call.path}")
    if rest:
        raise missing_segment(rest[0])
    handler = _ON_SET.get(call.method)
    if handler is None:
        raise _wrong_method(call)
    return handler(call, table)


def _row(call: Call, table: Table, row_id: str, rest: list[str]) -> Answer:
    authorize_row(call, table, row_id, rest)
    if table.name == "systemuser" and len(rest) == 1 and rest[0].startswith(FUNCTION):
        return retrieve_access(call, row_id, rest[0])
    if rest and rest[0].startswith(_MESSAGE):
        return _bound(call, table, row_id, rest[0])
    if rest:
        return handle_member(call, table, row_id, rest)
    handler = _ON_ROW.get(call.method)
    if handler is None:
        raise _wrong_method(call)
    return handler(call, table, row_id)


def _bound(call: Call, table: Table, row_id: str, message: str) -> Answer:
    action = _ON_TABLE.get(table.name, {}).get(message.removeprefix(_MESSAGE))
    if action is None or call.method != "POST":
        raise Unsupported(f"{call.method} {message}")
    return action(call, row_id)


def _wrong_method(call: Call) -> ApiError:
    message = f"The requested resource does not support http method '{call.method}'."
    return ApiError(405, "0x8006088a", message)


_ON_TABLE: Mapping[str, Mapping[str, Callable[[Call, str], Answer]]] = {
    LIST: ON_LIST,
    ROLE: {
        "AddPrivilegesRole": add_privileges_role,
        "RemovePrivilegeRole": remove_privilege_role,
    },
}
_ON_SET = {"GET": collections.read_set, "POST": rows.create_row}
_ON_ROW = {"GET": rows.read_row, "PATCH": rows.change_row, "DELETE": rows.delete_row}
