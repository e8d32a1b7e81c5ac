"""Reading metadata: addresses under EntityDefinitions and its two siblings (dataverse.md 5.1)."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from emulator.customization.addresses import (
    find_choice,
    find_column,
    find_relationship,
    find_table,
)
from emulator.customization.keys import find_key
from emulator.customization.links import find_link
from emulator.definitions import Column, Definitions, Table
from emulator.errors import Unsupported, missing_segment
from emulator.query.options import Options, parse_query
from emulator.webapi import described
from emulator.webapi.calls import Answer, Call
from emulator.webapi.matching import matches

Item = dict[str, Any]
_CAST = "Microsoft.Dynamics.CRM."
_KEYED = re.compile(r"(\w+)\((.*)\)")


def read_definitions(call: Call) -> Answer:
    """GET of a definition, a collection of them, or a member of one."""
    options = parse_query(call.query)
    if options.order or options.top is not None or options.count or options.skiptoken:
        raise Unsupported("paging and sorting of metadata")
    first, *rest = call.path.split("/")
    found = _ROOTS[_KEYED.sub(r"\1", first)](call.org.definitions, _key(first), rest)
    unkeyed = _KEYED.sub(r"\1", call.path)
    context = f"{call.root}$metadata#{unkeyed}"
    if isinstance(found, list):
        kept = [item for item in found if options.filter is None or matches(item, options.filter)]
        value = [_selected(item, options) for item in kept]
        return Answer(200, {"@odata.context": context, "value": value})
    if isinstance(found, dict):
        return Answer(200, {"@odata.context": context + "/$entity", **_selected(found, options)})
    if rest[-1] == "$value":
        return Answer(200, str(found).encode(), {"Content-Type": "text/plain"})
    return Answer(200, {"@odata.context": context, "value": found})


def _key(segment: str) -> str | None:
    match = _KEYED.fullmatch(segment)
    return match[2] if match else None


def _tables(definitions: Definitions, key: str | None, rest: list[str]) -> Any:
    if key is None:
        _no_more(rest)
        return [described.entity(definitions, table) for table in definitions.tables.values()]
    table = find_table(definitions, key)
    if not rest:
        return described.entity(definitions, table)
    name, *tail = rest
    if name.partition("(")[0] == "Attributes":
        return _attributes(definitions, table, _key(name), tail)
    if name.startswith("Keys("):
        _no_more(tail)
        return described.entity_key(table, find_key(table, _key(name) or ""))
    if name in described.MEMBERS:
        if tail and not tail[0].startswith(_CAST):
            raise missing_segment(tail[0])
        return described.MEMBERS[name](definitions, table)
    item = described.entity(definitions, table)
    if name not in item:
        raise missing_segment(name)
    return item[name]


def _attributes(definitions: Definitions, table: Table, key: str | None, rest: list[str]) -> Any:
    cast, rest = _cast(rest)
    if key is None:
        _no_more(rest)
        columns: Iterable[Column] = table.columns.values()
        chosen = [column for column in columns if cast in (None, described.type_name(column))]
        return [described.attribute(definitions, table, column) for column in chosen]
    column = find_column(table, key)
    if cast not in (None, described.type_name(column)):
        raise missing_segment(str(cast))
    item = described.attribute(definitions, table, column)
    if not rest:
        return item
    if rest[0] in item:
        return item[rest[0]]
    raise missing_segment(rest[0])


def _relationships(definitions: Definitions, key: str | None, rest: list[str]) -> Any:
    cast, rest = _cast(rest)
    _no_more(rest)
    if key is not None:
        link = find_link(definitions, key)
        if link is not None:
            return described.intersection(link)
        return described.relationship(definitions, find_relationship(definitions, key))
    kinds: dict[str, list[Item]] = {
        "OneToManyRelationshipMetadata": [
            described.relationship(definitions, item) for item in definitions.relationships.values()
        ],
        "ManyToManyRelationshipMetadata": [
            described.intersection(item) for item in definitions.many_to_many.values()
        ],
    }
    if cast is not None:
        return kinds.get(cast, [])
    return [item for items in kinds.values() for item in items]


def _choices(definitions: Definitions, key: str | None, rest: list[str]) -> Any:
    _no_more(_cast(rest)[1])
    if key is not None:
        return described.option_set(find_choice(definitions, key))
    return [described.option_set(choice) for choice in definitions.choices.values()]


def _cast(rest: list[str]) -> tuple[str | None, list[str]]:
    if rest and rest[0].startswith(_CAST):
        return rest[0].removeprefix(_CAST), rest[1:]
    return None, rest


def _no_more(rest: list[str]) -> None:
    if rest:
        raise missing_segment(rest[0])


def _selected(item: Item, options: Options) -> Item:
    """The item with what ``$select`` and ``$expand`` leave of it."""
    hidden = item.get("@hidden", {})
    plain = {name: value for name, value in item.items() if name != "@hidden"}
    if options.select:
        for name in options.select:
            if name not in plain:
                raise missing_segment(name)
        kept = {"@odata.type", "MetadataId", *options.select}
        plain = {name: value for name, value in plain.items() if name in kept}
    for name, inner in options.expand:
        if name not in hidden:
            raise missing_segment(name)
        plain[name] = _expanded(hidden[name](), inner)
    return plain


def _expanded(value: Any, options: Options) -> Any:
    if isinstance(value, list):
        kept = [item for item in value if options.filter is None or matches(item, options.filter)]
        return [_selected(item, options) for item in kept]
    return None if value is None else _selected(value, options)


_ROOTS: Mapping[str, Callable[[Definitions, str | None, list[str]], Any]] = {
    "EntityDefinitions": _tables,
    "RelationshipDefinitions": _relationships,
    "GlobalOptionSetDefinitions": _choices,
}
