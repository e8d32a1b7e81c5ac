"""``$expand``: parents and children of a whole page, each with one further query."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from emulator.definitions import Relationship, Table
from emulator.errors import Unsupported, missing_property
from emulator.query.linked import LinkedExpansion
from emulator.query.nested import LISTED, collection_address, listed, most
from emulator.query.options import Options
from emulator.query.pages import Window
from emulator.query.shape import RawRow, Row, Shape
from emulator.query.source import Source, Sql
from emulator.rows.schema import quote

if TYPE_CHECKING:
    from emulator.query.read import Reader


class Expansion(Struct, frozen=True):
    """One item of ``$expand``; ``id_at`` and ``kind_at`` say where the raw rows have the link.

    ``kind_at`` is None for children: there the link is the row's own guid.
    """

    reader: "Reader"
    relationship: Relationship
    name: str
    options: Options
    id_at: int
    kind_at: int | None

    def fill(self, raw: Sequence[RawRow], rows: Sequence[Row]) -> None:
        """Add the expanded member to every row."""
        if self.kind_at is None:
            self._fill_children(raw, rows)
        else:
            self._fill_parents(raw, rows, self.kind_at)

    def _fill_parents(self, raw: Sequence[RawRow], rows: Sequence[Row], kind_at: int) -> None:
        kind = self.relationship.parent
        ids = {found[self.id_at] for found in raw if found[kind_at] == kind}
        # Asked also when there are none: a mistake in the options must show in any case.
        parents = self._parents(ids)
        for found, row in zip(raw, rows, strict=True):
            row[self.name] = parents.get(found[self.id_at]) if found[kind_at] == kind else None

    def _parents(self, ids: set[str]) -> dict[str, Row]:
        table = self.reader.definitions.tables[self.relationship.parent]
        shape = self.reader.shape(table, self.options)
        tie = Sql(f"{shape.source.alias}.{quote(table.id_column)} IN {LISTED}", (listed(ids),))
        page = self.reader.page(shape, self.options, tie, Window(size=None))
        return {row[table.id_column]: row for row in page.rows}

    def _fill_children(self, raw: Sequence[RawRow], rows: Sequence[Row]) -> None:
        by_id: dict[str, list[Row]] = {found[self.id_at]: [] for found in raw}
        limit = most(self.options)
        for parent_id, child in self._children(by_id):
            if len(by_id[parent_id]) < limit:
                by_id[parent_id].append(child)
        for found, row in zip(raw, rows, strict=True):
            row[self.name] = by_id[found[self.id_at]]
            # Dataverse gives this link even when everything is here already.
            row[f"{self.name}@odata.nextLink"] = self._address(found[self.id_at])

    def _children(self, ids: Iterable[str]) -> list[tuple[str, Row]]:
        item = self.relationship
        shape = self.reader.shape(self.reader.definitions.tables[item.child], self.options)
        lookup, kind = _link(shape.source, item)
        parent_at = shape.column_at(lookup)
        tie = Sql(f"{lookup} IN {LISTED} AND {kind} = '{item.parent}'", (listed(ids),))
        page = self.reader.page(shape, self.options, tie, Window(size=None))
        return [(raw[parent_at], row) for raw, row in zip(page.raw, page.rows, strict=True)]

    def _address(self, row_id: str) -> str:
        parent = self.reader.definitions.tables[self.relationship.parent]
        return collection_address(self.reader.root, parent, row_id, self.name, self.options)


def expansions(
    reader: "Reader", shape: Shape, items: Sequence[tuple[str, Options]]
) -> list[Expansion | LinkedExpansion]:
    """What to fill in after reading; adds the columns it needs to the shape."""
    return [_expansion(reader, shape, name, options) for name, options in items]


def _expansion(
    reader: "Reader", shape: Shape, name: str, options: Options
) -> Expansion | LinkedExpansion:
    source, table = shape.source, shape.source.table
    if options.count:
        raise Unsupported("$count inside $expand")
    parent = reader.definitions.parents.get((table.name, name))
    if parent is not None:
        if options.filter or options.order or options.top is not None:
            raise Unsupported(f"other options than $select and $expand inside $expand={name}")
        lookup, kind = _link(source, parent)
        return Expansion(
            reader, parent, name, options, shape.column_at(lookup), shape.column_at(kind)
        )
    children = reader.definitions.children.get((table.name, name))
    own = shape.column_at(f"{source.alias}.{quote(table.id_column)}")
    if children is None:
        end = reader.definitions.ends.get((table.name, name))
        if end is None:
            raise _unknown(table, name)
        return LinkedExpansion(reader, end, options, own)
    return Expansion(reader, children, name, options, own, None)


def _link(source: Source, relationship: Relationship) -> tuple[str, str]:
    lookup = f"{source.alias}.{quote(relationship.lookup)}"
    return lookup, f"{source.alias}.{quote(relationship.lookup + '@type')}"


def _unknown(table: Table, name: str) -> Exception:
    if name == "*" or name.endswith(("/$ref", "/$count")):
        return Unsupported(f"$expand={name}")
    column = table.columns.get(name)
    if column is not None and column.is_lookup:
        return Unsupported(f"$expand={name}")
    return missing_property(name, table.name)
