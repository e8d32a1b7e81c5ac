"""``$ref`` on many-to-many relationships: associating and disassociating two rows."""

from urllib.parse import unquote_plus

from emulator.definitions import End
from emulator.errors import ApiError, Unsupported, bad_payload
from emulator.rows.links import associate, disassociate
from emulator.webapi.calls import Answer, Call
from emulator.webapi.payloads import payload_of


def link_rows(call: Call, end: End, row_id: str, key: str) -> Answer:
    """POST links the row to that of ``@odata.id``, DELETE takes a link away; ``key`` names it."""
    target = call.org.definitions.tables[end.target]
    if call.method == "POST" and not key:
        work, address = associate, reference_of(call)
    elif call.method == "DELETE":
        work, address = disassociate, f"{target.set_name}({key})" if key else id_option(call)
    else:
        raise Unsupported(f"{call.method} {call.path}")
    found, target_id = payload_of(call, target).reference(address)
    if found.name != target.name:
        raise bad_payload(end.table, f"A '{found.name}' is no '{target.name}'.")
    with call.org.transaction() as tx:
        work(tx, end, row_id, target_id)
    return Answer(204)


def reference_of(call: Call) -> str:
    """The address in the body of a ``$ref`` request."""
    body = call.json()
    if body.keys() - {"@odata.context"} != {"@odata.id"}:
        raise ApiError(400, "0x80048d19", "The body of a $ref request is one '@odata.id'.")
    return str(body["@odata.id"])


def id_option(call: Call) -> str:
    """The address in the query option ``$id``."""
    name, _, value = call.query.partition("=")
    if unquote_plus(name) != "$id":
        raise ApiError(400, "0x80060888", "The $id query option is missing.")
    return unquote_plus(value)
