"""What sort of operation a call is, for the statistics."""

import re

from emulator.webapi.calls import Call

_ROW = re.compile(r"\w+\([^/]*\)")
_MULTIPLE = {
    f"Microsoft.Dynamics.CRM.{verb}Multiple": f"{verb.lower()}_multiple"
    for verb in ("Create", "Update", "Upsert")
}
_BY_METHOD = {"POST": "create", "PATCH": "update", "PUT": "update", "DELETE": "delete"}


def kind_of(call: Call) -> str:
    """E.g. ``retrieve``, ``retrieve_multiple``, ``update``, ``update_multiple``, ``metadata``."""
    first, _, rest = call.path.partition("/")
    if first == "$batch":
        return "batch"
    if "Definitions" in first:
        return "metadata"
    if rest in _MULTIPLE:
        return _MULTIPLE[rest]
    if first[:1].isupper():
        return "function" if call.method == "GET" else "action"
    if call.method == "GET":
        return "retrieve" if _ROW.fullmatch(call.path) else "retrieve_multiple"
    return _BY_METHOD.get(call.method, "other")
