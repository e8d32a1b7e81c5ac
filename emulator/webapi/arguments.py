"""Arguments of functions: ``Name(Key='x',Other=@p1)?@p1=...``, each a text or JSON."""

import re
from typing import Any

import msgspec

from emulator.errors import Unsupported, bad_query
from emulator.query.options import parse_query
from emulator.webapi.calls import Call

_CALLED = re.compile(r"\w+(?:\((.*)\))?", re.DOTALL)
_ARGUMENT = re.compile(r"\s*(\w+)\s*=\s*(@\w+|[\w.]*'(?:[^']|'')*'|\[[^\]]*\]|[\w.-]+)\s*(?:,|$)")
_QUOTED = re.compile(r"[\w.]*'((?:[^']|'')*)'")
"""A text, or a member of an enumeration with the name of its type before it."""


def read_arguments(call: Call, *names: str) -> dict[str, Any]:
    """The arguments by name; 400 for a missing one, 501 for others and for other options."""
    pairs = _query_pairs(call)
    called = _CALLED.fullmatch(call.path)
    inner = (called[1] if called else None) or ""
    if _ARGUMENT.sub("", inner):
        raise bad_query(f"Bad Request - Error in query syntax: '{inner}'.")
    given: dict[str, str] = dict(_ARGUMENT.findall(inner))
    if unknown := given.keys() - set(names):
        raise Unsupported(f"the argument {min(unknown)} of {call.path.partition('(')[0]}")
    if missing := set(names) - given.keys():
        raise bad_query(f"The parameter '{min(missing)}' is missing.")
    return {name: _value(pairs.get(text, text)) for name, text in given.items()}


def _query_pairs(call: Call) -> dict[str, str]:
    aliases = {part.partition("=")[0] for part in call.query.replace("%40", "@").split("&")}
    found = dict(
        parse_query(call.query, frozenset(name for name in aliases if name[:1] == "@")).pairs
    )
    if other := [name for name in found if not name.startswith("@") and name != "tag"]:
        raise Unsupported(f"the query option {other[0]} of a function")
    return found


def _value(text: str) -> Any:
    """JSON in which texts may have single quotes too, as OData writes them."""
    plain = text if text.startswith("{") else _QUOTED.sub(_json_text, text)
    try:
        return msgspec.json.decode(plain)
    except msgspec.DecodeError as error:
        raise bad_query(f"Bad Request - Error in query syntax: '{text}'.") from error


def _json_text(match: re.Match[str]) -> str:
    return msgspec.json.encode(match[1].replace("''", "'")).decode()
