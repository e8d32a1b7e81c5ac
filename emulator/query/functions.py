"""Dataverse's own query functions, ``Microsoft.Dynamics.CRM.LastXDays(PropertyName=...)``.

The grammar of ``$filter`` knows neither their named arguments nor their lists, so each call is
rewritten before parsing into one whose only argument is a text with everything in it.
"""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from emulator.errors import Unsupported, bad_query

NAMESPACE = ("Microsoft", "Dynamics", "CRM")
_QUOTED = r"'(?:[^']|'')*+'|\"(?:[^\"\\]|\\.)*+\""
_BARE = r"[^,\[\]()'\"\s=]++"
_ITEM = rf"(?:{_QUOTED}|{_BARE})"
_LIST = rf"\[\s*+(?:{_ITEM}\s*+,?\s*+)*+\]"
_CALL = re.compile(
    rf"'(?:[^']|'')*+'|Microsoft\.Dynamics\.CRM\.(\w+)\(((?:{_QUOTED}|[^()'\"])*+)\)"
)
_ARGUMENT = re.compile(rf"\s*(\w+)\s*=\s*({_LIST}|{_ITEM})\s*(?:,|$)")
_WORD = re.compile(r"[A-Z][a-z]*|\d+")

# Functions whose operator is not just their name in lower case with dashes.
_IRREGULAR = {
    "EqualUserId": "eq-userid",
    "NotEqualUserId": "ne-userid",
    "EqualBusinessId": "eq-businessid",
    "NotEqualBusinessId": "ne-businessid",
    "EqualUserLanguage": "eq-userlanguage",
    "EqualUserOrUserHierarchy": "eq-useroruserhierarchy",
    "EqualUserOrUserHierarchyAndTeams": "eq-useroruserhierarchyandteams",
    "EqualUserOrUserTeams": "eq-useroruserteams",
    "EqualUserTeams": "eq-userteams",
    "AboveOrEqual": "eq-or-above",
    "UnderOrEqual": "eq-or-under",
    "DoesNotContainValues": "not-contain-values",
    "Last7Days": "last-seven-days",
    "Next7Days": "next-seven-days",
}


def rewrite_functions(text: str) -> str:
    """The filter with every call turned into ``Microsoft.Dynamics.CRM.Name('<json>')``."""
    return _CALL.sub(_rewritten, text)


def _rewritten(match: re.Match[str]) -> str:
    name, inner = match[1], match[2]
    if name is None:
        return match[0]
    packed = msgspec.json.encode(_arguments(name, inner)).decode().replace("'", "''")
    return f"{'.'.join(NAMESPACE)}.{name}('{packed}')"


def _arguments(name: str, inner: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    at = 0
    while at < len(inner):
        match = _ARGUMENT.match(inner, at)
        if match is None:
            raise bad_query(f"Syntax error in the arguments of {name}: '{inner[at:]}'.")
        found[match[1]] = _value(match[2])
        at = match.end()
    return found


def _value(text: str) -> str | list[str]:
    if text.startswith("["):
        return [_plain(item) for item in re.findall(_ITEM, text[1:-1])]
    return _plain(text)


def _plain(text: str) -> str:
    if text.startswith("'"):
        return text[1:-1].replace("''", "'")
    if not text.startswith('"'):
        return text
    try:
        return msgspec.json.decode(text, type=str)
    except msgspec.DecodeError as error:
        raise bad_query(f"The text {text} is not well formed: {error}") from error


def operator_of(name: str) -> str:
    """The condition operator a function stands for."""
    if name in _IRREGULAR:
        return _IRREGULAR[name]
    plain = name.replace("OlderThan", "Olderthan")
    return "-".join(_WORD.findall(plain)).lower()


def unpack_call(name: str, packed: str) -> tuple[list[str], list[str]]:
    """Path and values of a rewritten call; 400 for missing arguments, 501 for unknown ones."""
    given: Mapping[str, Any] = msgspec.json.decode(packed)
    unknown = given.keys() - {"PropertyName", "PropertyValue", "PropertyValues"}
    if unknown:
        raise Unsupported(f"the argument {min(unknown)} of {name}")
    path = given.get("PropertyName")
    if not isinstance(path, str) or not path:
        raise bad_query(f"The function {name} needs its PropertyName.")
    values: str | list[str] = given.get("PropertyValue", given.get("PropertyValues", []))
    return path.split("/"), [values] if isinstance(values, str) else values
