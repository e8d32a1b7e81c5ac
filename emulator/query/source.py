"""Where columns come from: a table and the parents joined to it along navigation properties."""

import itertools
from collections.abc import Iterator, Sequence

from msgspec import Struct, field

from emulator.definitions import Column, Definitions, Relationship, Table
from emulator.errors import missing_property
from emulator.rows.schema import quote
from emulator.rows.values import SqlValue
from emulator.users_caller import require
from emulator.users_secured import is_hidden


class Sql(Struct, frozen=True):
    """A piece of SQL with the values of its question marks."""

    text: str
    values: tuple[SqlValue, ...] = ()


TRUE = Sql("1")


class Source(Struct, frozen=True):
    """A table under an alias; joining a parent adds to ``joins``, shared along the path."""

    definitions: Definitions
    table: Table
    alias: str
    joins: dict[tuple[str, str], tuple["Source", str]] = field(default_factory=dict)
    aliases: Iterator[str] = field(default_factory=lambda: (f"t{n}" for n in itertools.count(1)))

    def __post_init__(self) -> None:
        require(self.table, "read")

    def column(self, property_name: str) -> Column:
        """The column behind a property; 400 when the table has none of that name."""
        column = self.definitions.properties[self.table.name].get(property_name)
        if column is None:
            raise missing_property(property_name, self.table.name)
        return column

    def sql(self, column: Column) -> str:
        if is_hidden(self.table, column):
            return "NULL"
        return f"{self.alias}.{quote(column.name)}"

    def parent(self, navigation: str) -> "Source":
        """The source of a single-valued navigation property, joined once."""
        relationship = self.definitions.parents.get((self.table.name, navigation))
        if relationship is None:
            raise missing_property(navigation, self.table.name)
        key = (self.alias, navigation)
        if key not in self.joins:
            table = self.definitions.tables[relationship.parent]
            parent = Source(self.definitions, table, next(self.aliases), self.joins, self.aliases)
            self.joins[key] = (parent, self._join(parent, relationship))
        return self.joins[key][0]

    def along(self, path: Sequence[str]) -> "Source":
        """The source at the end of a path of single-valued navigation properties."""
        source = self
        for navigation in path:
            source = source.parent(navigation)
        return source

    def children(self, navigation: str) -> tuple["Source", str]:
        """A fresh source of a collection and the condition that ties it to this one."""
        relationship = self.definitions.children.get((self.table.name, navigation))
        if relationship is None:
            return self._linked(navigation)
        table = self.definitions.tables[relationship.child]
        child = Source(self.definitions, table, next(self.aliases), {}, self.aliases)
        lookup = f"{child.alias}.{quote(relationship.lookup)}"
        kind = f"{child.alias}.{quote(relationship.lookup + '@type')}"
        own = f"{self.alias}.{quote(self.table.id_column)}"
        return child, f"{lookup} = {own} AND {kind} = '{relationship.parent}'"

    def _linked(self, navigation: str) -> tuple["Source", str]:
        end = self.definitions.ends.get((self.table.name, navigation))
        if end is None:
            raise missing_property(navigation, self.table.name)
        table = self.definitions.tables[end.target]
        far = Source(self.definitions, table, next(self.aliases), {}, self.aliases)
        links = (
            f"SELECT {quote(end.far)} FROM {quote(end.relationship.intersect)} "
            f"WHERE {quote(end.near)} = {self.alias}.{quote(self.table.id_column)}"
        )
        return far, f"{far.alias}.{quote(table.id_column)} IN ({links})"

    def from_clause(self) -> str:
        """The FROM of this source with every join made so far (call it last)."""
        joins = "".join(text for _, text in self.joins.values())
        return f"FROM {quote(self.table.name)} {self.alias}{joins}"

    def _join(self, parent: "Source", relationship: Relationship) -> str:
        lookup = f"{self.alias}.{quote(relationship.lookup)}"
        kind = f"{self.alias}.{quote(relationship.lookup + '@type')}"
        key = f"{parent.alias}.{quote(parent.table.id_column)}"
        return (
            f" LEFT JOIN {quote(parent.table.name)} {parent.alias}"
            f" ON {key} = {lookup} AND {kind} = '{relationship.parent}'"
        )


def name_of_lookup(source: Source, column: Column) -> str:
    """SQL for the primary name of the row a lookup points to."""
    lookup, kind = source.sql(column), f"{source.alias}.{quote(column.name + '@type')}"
    names = [
        f"WHEN '{table.name}' THEN (SELECT {quote(table.name_column)} FROM {quote(table.name)} "
        f"WHERE {quote(table.id_column)} = {lookup})"
        for target in column.targets
        if (table := source.definitions.tables.get(target)) and table.name_column
    ]
    return f"CASE {kind} {' '.join(names)} END" if names else "NULL"
