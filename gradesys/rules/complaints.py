"""What pydantic says about a node, in the words of a rule file.

Pydantic knows types, not people: it names our classes and every member of a union. A complaint here
has the key path as written, one line, and the nearest valid key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from gradesys.errors import Problem
from gradesys.rules.composing import Path
from gradesys.rules.hopnodes import HOP_KEYS
from gradesys.rules.model import POINTS_KEYS
from gradesys.rules.nearest import nearest
from gradesys.rules.nodekeys import keys_at

KINDS = "column", "aggregate", "expression"
UNTAGGED = "union_tag_not_found", "union_tag_invalid"


def problems_of(error: ValidationError, node: type[BaseModel], data: Any) -> tuple[Problem, ...]:
    """One problem for each path of ``data`` at which ``node`` refused it."""
    found: dict[Path, Problem] = {}
    for detail in error.errors(include_url=False):
        path = _path(data, detail)
        if not _is_echo(detail, path, data):
            found.setdefault(path, Problem(path, _message(detail, node, path, _at(data, path))))
    return tuple(problem for problem in found.values() if not _is_answered(problem, found))


def _is_answered(problem: Problem, found: Mapping[Path, Problem]) -> bool:
    """A missing key that stands there misspelt, which is told already."""
    if not problem.message.startswith("missing key"):
        return False
    *home, key = problem.path
    beside = (one for path, one in found.items() if path[:-1] == tuple(home))
    return any(one.message.endswith(f"; did you mean '{key}'?") for one in beside)


def _path(data: Any, detail: ErrorDetails) -> Path:
    """The steps of a pydantic location that are steps of the document."""
    path: list[Any] = []
    for step in detail["loc"]:
        if isinstance(data, dict) and (found := [key for key in data if step in (key, repr(key))]):
            path.append(found[0])
            data = data[found[0]]
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            path.append(step)
            data = data[step]
    if detail["type"] == "missing":
        path.append(detail["loc"][-1])
    if detail["type"] in UNTAGGED and isinstance(data, dict):
        path += _type_key(detail, data)
    return tuple(path)


def _type_key(detail: ErrorDetails, indicator: Mapping[Any, Any]) -> list[Any]:
    """The key of an indicator that should tell its type, misspelt or not."""
    if detail["ctx"]["discriminator"] != "indicator_tag()":
        return []
    meant = (key for key in indicator if key == "type" or nearest(str(key), ["type"]))
    return list(meant)[:1]


def _is_echo(detail: ErrorDetails, path: Path, data: Any) -> bool:
    """A list counted as empty only because its items were refused: not worth a line."""
    return detail["type"] == "too_short" and bool(_at(data, path))


def _at(data: Any, path: Path) -> Any:
    for step in path:
        if step not in (data if isinstance(data, dict) else range(len(data))):
            return None
        data = data[step]
    return data


def _message(detail: ErrorDetails, node: type[BaseModel], path: Path, value: Any) -> str:
    loc = detail["loc"]
    if detail["type"] in UNTAGGED:
        return _untagged(detail, path, value)
    if loc[-1] == "[key]":
        return "a key here must be text"
    if detail["type"] == "extra_forbidden":
        return f"unknown key '{loc[-1]}'{_near(loc[-1], keys_at(node, loc[:-1]))}"
    explain = _MESSAGES.get(detail["type"])
    return explain(detail, value) if explain else detail["msg"]


def _untagged(detail: ErrorDetails, path: Path, value: Any) -> str:
    if detail["ctx"]["discriminator"] == "hop_tag()":
        hops = sorted(HOP_KEYS.values())
        return f"a hop is a map with one of {', '.join(hops)}{_nearest_key(value, hops)}"
    if detail["loc"][-1] == "points":
        forms = list(POINTS_KEYS.values())
        near = _nearest_key(value, forms)
        return f"expected identity or a map with one of {', '.join(forms)}{near}"
    if path[-1:] == ("type",):
        return f"unknown type {_shown(value)}{_near(value, KINDS)}"
    if path[-1] != detail["loc"][-1]:
        return f"unknown key '{path[-1]}'; did you mean 'type'?"
    if isinstance(value, Mapping):
        return f"missing key 'type' ({', '.join(KINDS)})"
    return f"expected a map, got {_shown(value)}"


def _nearest_key(value: Any, known: Iterable[str]) -> str:
    """What the first key of a map may have been meant to be."""
    return nearest(str(next(iter(value), "")), known) if isinstance(value, Mapping) else ""


def _near(name: object, known: Iterable[str]) -> str:
    """The nearest valid name; where none is near, the valid ones."""
    known = sorted(known)
    return nearest(str(name), known) or (f"; known here: {', '.join(known)}" if known else "")


def _missing(detail: ErrorDetails, _: Any) -> str:
    return f"missing key '{detail['loc'][-1]}'"


def _choice(detail: ErrorDetails, value: Any) -> str:
    expected = detail["ctx"]["expected"]
    near = _near(value, expected.replace("'", "").replace(" or ", ", ").split(", "))
    return f"expected {expected}, got {_shown(value)}{near}"


def _scalar(detail: ErrorDetails, value: Any) -> str:
    union = _UNIONS.get(str(detail["loc"][-1])) if not isinstance(detail["loc"][-1], int) else None
    expected = union or _EXPECTED[detail["type"]]
    return f"expected {expected}, got {_shown(value)}"


def _length(detail: ErrorDetails, value: Any) -> str:
    context = detail["ctx"]
    if detail["type"] == "too_long":
        return f"at most {context['max_length']} entries, got {len(value)}"
    return f"at least {context['min_length']} entry"


_UNIONS = {"bool": "a number, text, true or false", "str": "text or a number"}
_EXPECTED = {
    "string_type": "text",
    "bool_type": "true or false",
    "is_instance_of": "a number",
    "decimal_type": "a number",
    "mapping_type": "a map",
    "dict_type": "a map",
    "model_type": "a map",
    "model_attributes_type": "a map",
    "tuple_type": "a list",
}
_MESSAGES: dict[str, Callable[[ErrorDetails, Any], str]] = {
    "missing": _missing,
    "literal_error": _choice,
    "too_short": _length,
    "too_long": _length,
    **dict.fromkeys(_EXPECTED, _scalar),
}


def _shown(value: Any) -> str:
    names: dict[type, str] = {dict: "a map", list: "a list", bool: str(value).lower()}
    if value is None:
        return "nothing"
    return names.get(type(value)) or (f"'{value}'" if isinstance(value, str) else str(value))
