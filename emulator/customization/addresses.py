"""Which definition an address means: `EntityDefinitions(LogicalName='x')/Attributes(<guid>)`."""

import re
from collections.abc import Iterable
from typing import Protocol, TypeVar

from msgspec import Struct

from emulator.definitions import Choice, Column, Definitions, Relationship, Table
from emulator.errors import ApiError, missing_segment

SEGMENT = re.compile(r"(?P<set>\w+)(?:\((?P<key>[^)]*)\))?")
ALTERNATE = re.compile(r"(?P<name>\w+)\s*=\s*'(?P<value>[^']*)'")
CAST = "Microsoft.Dynamics.CRM."


class _Named(Protocol):
    @property
    def id(self) -> str: ...


Item = TypeVar("Item", bound=_Named)


class Segment(Struct, frozen=True):
    """One part of a path: a collection, and the key of one of its members (or None)."""

    collection: str
    key: str | None


def segments(path: str) -> list[Segment]:
    """The parts of a path without type casts; 404 for what is no segment."""
    parts = [part for part in path.split("/") if part and not part.startswith(CAST)]
    return [_segment(part) for part in parts]


def find_table(definitions: Definitions, key: str) -> Table:
    """By logical name or metadata id; 404 when there is none."""
    names = {table.name: table for table in definitions.tables.values()}
    return _find(names.get(_name(key)), definitions.tables.values(), key, "entity")


def find_column(table: Table, key: str) -> Column:
    """By logical name or metadata id; 404 when there is none."""
    return _find(table.columns.get(_name(key)), table.columns.values(), key, "attribute")


def find_choice(definitions: Definitions, key: str) -> Choice:
    """By name or metadata id; 404 when there is none."""
    return _find(definitions.choices.get(_name(key)), definitions.choices.values(), key, "choice")


def find_relationship(definitions: Definitions, key: str) -> Relationship:
    """By schema name or metadata id; 404 when there is none."""
    items = definitions.relationships
    return _find(items.get(_name(key)), items.values(), key, "relationship")


def _segment(part: str) -> Segment:
    match = SEGMENT.fullmatch(part)
    if match is None:
        raise missing_segment(part)
    return Segment(match["set"], match["key"])


def _name(key: str) -> str:
    match = ALTERNATE.fullmatch(key)
    return match["value"] if match else ""


def _find(named: Item | None, items: Iterable[Item], key: str, what: str) -> Item:
    if named is not None:
        return named
    for item in items:
        if item.id == key.lower():
            return item
    raise ApiError(404, "0x80040217", f"Could not find the {what} {key}.")
