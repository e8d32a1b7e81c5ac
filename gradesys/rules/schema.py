"""The JSON Schema of rule files, for editors: generated from the nodes that read them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from inspect import cleandoc
from types import NoneType
from typing import Any

from msgspec import Struct

from gradesys.rules.calendars import PERIODS
from gradesys.rules.clock import WEEKDAYS
from gradesys.rules.filters import GROUPS
from gradesys.rules.folds import FOLDS
from gradesys.rules.kinds import (
    Anything,
    Branch,
    Choice,
    Items,
    Kind,
    Map,
    Nullable,
    Pair,
    Scalars,
    Words,
    Written,
    keys_of,
)
from gradesys.rules.model import RuleModel
from gradesys.rules.operators import OPERATORS
from gradesys.rules.parse import REQUIRED

WORDS: Mapping[tuple[str, str], Iterable[str]] = {
    ("AggregateIndicator", "op"): FOLDS,
    ("Downgrade", "until_end_of"): PERIODS,
    ("RuleModel", "week_start"): WEEKDAYS,
    ("Window", "period"): PERIODS,
    ("Window", "week_start"): WEEKDAYS,
}
"""Texts of which only some are known: (node, key) -> the names of the construct table."""

FILTERS = (
    ("AggregateIndicator", "filter"),
    ("AggregateIndicator", "among"),
    ("ChildHop", "filter"),
    ("ParentHop", "filter"),
    ("ManyHop", "filter"),
)
FILTER = {"anyOf": [{"$ref": "#/$defs/Filter"}, {"type": "null"}]}
PARAM = r"^\$"
"""`$name` may stand for any scalar."""

Json = dict[str, Any]


def json_schema() -> Json:
    """JSON Schema (draft 2020-12) of one rule file, as plain data.

    A file that extends a pack holds only what differs: of it just the keys are checked.
    """
    nodes = {node.__name__: _node(node) for node in _nodes_below(RuleModel)}
    nodes["Filter"] = _filter()
    model = nodes["RuleModel"]
    for (node, key), words in WORDS.items():
        _offer(nodes[node]["properties"][key], sorted(words))
    for node, key in (*FILTERS, ("RuleModel", "population")):
        nodes[node]["properties"][key] = FILTER
    model["required"] = sorted({*model["required"], *REQUIRED})
    model["properties"]["extends"] = {"type": "string"}
    keys: Json = {key: {} for key in sorted(model["properties"])}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "gradesys rule file",
        "if": {"required": ["extends"]},
        "then": {
            "type": "object",
            "required": ["id"],
            "properties": keys,
            "additionalProperties": False,
        },
        "else": {"$ref": "#/$defs/RuleModel"},
        "$defs": dict(sorted(nodes.items())),
    }


def _nodes_below(node: type[Struct]) -> Iterator[type[Struct]]:
    yield node
    for key in keys_of(node).values():
        for inner in _branches(key.kind):
            yield from _nodes_below(inner)


def _branches(kind: Kind) -> Iterator[type[Struct]]:
    match kind:
        case Branch(node):
            yield node
        case Choice(_, members):
            for member in members:
                yield from _branches(member)
        case Nullable(inner) | Items(inner) | Pair(inner) | Map(inner):
            yield from _branches(inner)


def _node(node: type[Struct]) -> Json:
    keys = keys_of(node)
    required = [name for name, key in keys.items() if key.required]
    return {
        "additionalProperties": False,
        "description": cleandoc(node.__doc__ or ""),
        "properties": {name: _kind(key.kind) for name, key in keys.items()},
        **({"required": required} if required else {}),
        "title": node.__name__,
        "type": "object",
    }


def _kind(kind: Kind) -> Json:
    return _SCHEMAS[type(kind)](kind)


def _words(kind: Words) -> Json:
    known = {"enum": list(kind.words)} if len(kind.words) > 1 else {"const": kind.words[0]}
    return {**known, "type": "string"}


def _scalars(kind: Scalars) -> Json:
    options = [dict(_TYPES[each]) for each in kind.types]
    return options[0] if len(options) == 1 else {"anyOf": options}


def _nullable(kind: Nullable) -> Json:
    return {"anyOf": [_kind(kind.kind), {"type": "null"}]}


def _items(kind: Items) -> Json:
    least = {"minItems": kind.least} if kind.least else {}
    return {"items": _kind(kind.item), **least, "type": "array"}


def _pair(kind: Pair) -> Json:
    item = _kind(kind.item)
    return {"maxItems": 2, "minItems": 2, "prefixItems": [item, item], "type": "array"}


def _map(kind: Map) -> Json:
    return {"additionalProperties": _kind(kind.item), "type": "object"}


_TYPES: dict[type, Json] = {
    bool: {"type": "boolean"},
    Decimal: {"pattern": PARAM, "type": ["number", "string"]},
    str: {"type": "string"},
    NoneType: {"type": "null"},
}
_SCHEMAS: dict[type, Callable[[Any], Json]] = {
    Words: _words,
    Scalars: _scalars,
    Written: lambda kind: {"type": "string"},
    Nullable: _nullable,
    Items: _items,
    Pair: _pair,
    Map: _map,
    Branch: lambda kind: {"$ref": f"#/$defs/{kind.node.__name__}"},
    Choice: lambda kind: {"oneOf": [_kind(member) for member in kind.members]},
    Anything: lambda kind: {},
}


def _filter() -> Json:
    """A filter: columns with a value, a list, or operators; groups of filters."""
    members = {"type": "array", "items": {"$ref": "#/$defs/Filter"}}
    groups: Json = dict.fromkeys(GROUPS, members)
    groups["not"] = {"anyOf": [members, {"$ref": "#/$defs/Filter"}]}
    operators = {"type": "object", "propertyNames": {"enum": sorted(OPERATORS)}}
    scalars = {"type": ["array", "boolean", "null", "number", "string"]}
    return {
        "type": "object",
        "properties": groups,
        "additionalProperties": {"anyOf": [scalars, operators]},
    }


def _offer(target: Json, words: list[str]) -> None:
    """Let the text be one of the words, or a param."""
    known = {"anyOf": [{"enum": words}, {"type": "string", "pattern": PARAM}]}
    if "anyOf" not in target:
        target.pop("type")
        target.update(known)
        return
    others = [option for option in target["anyOf"] if option.get("type") != "string"]
    target["anyOf"] = [*known["anyOf"], *others]
