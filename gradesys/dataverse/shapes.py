"""What a read asks of each table on its way: its own columns, and those of its parents.

Query text and page decoding follow the same tree, so they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from gradesys.dataverse.odata import column_of, table_of
from gradesys.errors import MissingMetadata
from gradesys.records import Column, Kind, Schema

DOTS = 2
"""A parent's parent is the farthest that one read reaches."""


class Branch(Struct, frozen=True):
    """One target table of a lookup: ``navigation`` leads there, ``shape`` is wanted of it."""

    lookup: str
    navigation: str
    shape: Shape


class Shape(Struct, frozen=True):
    """Own columns of ``table``, and branches; several branches of one lookup exclude each other."""

    table: str
    columns: tuple[Column, ...]
    branches: tuple[Branch, ...] = ()


def alias_of(place: str, number: int) -> str:
    """The name of a branch where a query must call it by one; ``place``: the alias of its tree."""
    return f"{place or 'p'}{number}_"


def shape_of(schema: Schema, table_name: str, names: Iterable[str]) -> Shape:
    """The tree for columns ``names``. Raises ``MissingMetadata`` naming what is not there; a column
    that only some targets of a lookup have is null for the others."""
    table = table_of(schema, table_name)
    own: list[Column] = []
    parents: dict[str, list[str]] = {}
    for name in names:
        head, dot, rest = name.partition(".")
        column = column_of(table, head)
        if dot:
            _check_path(schema, table_name, name)
            parents.setdefault(head, []).append(rest)
        else:
            own.append(_readable(table_name, column))
    branches = [
        branch
        for head, rests in parents.items()
        for branch in _branches(schema, table_name, head, rests)
    ]
    return Shape(table_name, tuple(own), tuple(branches))


def _branches(schema: Schema, table_name: str, head: str, rests: list[str]) -> list[Branch]:
    found = []
    for target, navigation in _targets(schema, table_name, head):
        present = [rest for rest in rests if _has(schema, target, rest)]
        if present:
            found.append(Branch(head, navigation, shape_of(schema, target, present)))
    return found


def _targets(schema: Schema, table_name: str, head: str) -> list[tuple[str, str]]:
    table = schema[table_name]
    column = table.columns.get(head)
    return [
        (target, table.navigations[head, target])
        for target in (column.targets if column else ())
        if target in schema and (head, target) in table.navigations
    ]


def _has(schema: Schema, table_name: str, name: str) -> bool:
    head, dot, rest = name.partition(".")
    if not dot:
        return head in schema[table_name].columns
    return any(_has(schema, target, rest) for target, _ in _targets(schema, table_name, head))


def _check_path(schema: Schema, table_name: str, name: str) -> None:
    if name.count(".") > DOTS or not _has(schema, table_name, name):
        raise MissingMetadata(f"table {table_name} has no parent column {name!r}")


def _readable(table_name: str, column: Column) -> Column:
    if column.kind is Kind.OTHER:
        raise MissingMetadata(f"column {column.name!r} of table {table_name} cannot be read")
    return column
