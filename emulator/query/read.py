"""Pages of rows with everything expanded: the one way rows are read for an answer."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from emulator.definitions import Definitions, Relationship, Table
from emulator.errors import Unsupported, missing_property
from emulator.query.annotations import Wanted
from emulator.query.filters import filter_sql
from emulator.query.options import Options
from emulator.query.shape import RawRow, Row, Shape
from emulator.query.sort import SortKey, after_row, sort_keys
from emulator.query.source import TRUE, Source, Sql
from emulator.rows.schema import quote
from emulator.rows.values import SqlValue

PAGE = 5000


@dataclass(frozen=True, slots=True)
class Reader:
    """What reading needs beside the options; ``root`` is the absolute address of the API."""

    connection: sqlite3.Connection
    definitions: Definitions
    root: str
    wanted: Wanted = Wanted()

    def source(self, table: Table) -> Source:
        return Source(self.definitions, table, "t0")


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, and the sort values of the last one when there are more."""

    rows: list[Row]
    last: tuple[SqlValue, ...] | None


def read_page(
    reader: Reader, source: Source, options: Options, tie: Sql, window: "Window"
) -> Page:
    """The rows of a source that the options and the extra condition choose."""
    shape = Shape(source, options.select, reader.wanted)
    keys = sort_keys(source, options.order)
    places = [shape.column_at(key.expression) for key in keys]
    expansions = [_expansion(reader, shape, name, inner) for name, inner in options.expand]
    where = _conditions(source, options, tie, keys, window)
    statement = (
        f"SELECT {', '.join(shape.expressions)} {source.from_clause()} WHERE {where.text} "
        f"ORDER BY {', '.join(key.clause() for key in keys)} LIMIT {window.size + 1}"
    )
    found = reader.connection.execute(statement, where.values).fetchall()
    more, found = len(found) > window.size, found[: window.size]
    rows = [shape.row(raw) for raw in found]
    for expansion in expansions:
        expansion.fill(found, rows)
    last = tuple(found[-1][at] for at in places) if more and found else None
    return Page(rows, last)


@dataclass(frozen=True, slots=True)
class Window:
    """How many rows, and after which sort values."""

    size: int = PAGE
    after: tuple[SqlValue, ...] | None = None


def count_rows(reader: Reader, source: Source, options: Options, tie: Sql) -> int:
    """The number of rows the filter chooses, at most 5,001."""
    where = _conditions(source, options, tie, [], Window())
    statement = f"SELECT 1 {source.from_clause()} WHERE {where.text} LIMIT {PAGE + 1}"
    counted = reader.connection.execute(f"SELECT count(*) FROM ({statement})", where.values)
    return int(counted.fetchone()[0])


def _conditions(
    source: Source, options: Options, tie: Sql, keys: Sequence[SortKey], window: Window
) -> Sql:
    parts = [tie]
    if options.filter is not None:
        parts.append(filter_sql(source, options.filter))
    if window.after is not None:
        parts.append(after_row(keys, window.after))
    values = tuple(value for part in parts for value in part.values)
    return Sql(" AND ".join(part.text for part in parts), values)


@dataclass(frozen=True, slots=True)
class _Expansion:
    """One item of ``$expand``, filled in for a whole page with one query."""

    reader: Reader
    relationship: Relationship
    options: Options
    name: str
    id_at: int
    kind_at: int | None

    def fill(self, found: Sequence[RawRow], rows: list[Row]) -> None:
        if self.kind_at is None:
            self._fill_children(found, rows)
        else:
            self._fill_parents(found, rows, self.kind_at)

    def _fill_parents(self, found: Sequence[RawRow], rows: list[Row], kind_at: int) -> None:
        kind = self.relationship.parent
        ids = {raw[self.id_at] for raw in found if raw[kind_at] == kind}
        table = self.reader.definitions.tables[kind]
        source = self.reader.source(table)
        tie = Sql(f"{source.alias}.{quote(table.id_column)} IN {_LIST}", (_json(ids),))
        window = Window(size=len(ids))
        page = read_page(self.reader, source, self.options, tie, window) if ids else None
        parents = {row[table.id_column]: row for row in page.rows} if page else {}
        for raw, row in zip(found, rows, strict=True):
            row[self.name] = parents.get(raw[self.id_at]) if raw[kind_at] == kind else None

    def _fill_children(self, found: Sequence[RawRow], rows: list[Row]) -> None:
        by_id: dict[str, list[Row]] = {raw[self.id_at]: [] for raw in found}
        for parent, child in self._children(list(by_id)):
            by_id[parent].append(child)
        limit = min(self.options.top or PAGE, PAGE)
        parent_set = self.reader.definitions.tables[self.relationship.parent].set_name
        for raw, row in zip(found, rows, strict=True):
            row_id = raw[self.id_at]
            row[self.name] = by_id[row_id][:limit]
            address = f"{self.reader.root}{parent_set}({row_id})/{self.name}"
            # Dataverse gives this link even when everything is here already.
            row[f"{self.name}@odata.nextLink"] = address + _query_text(self.options)

    def _children(self, ids: Sequence[str]) -> list[tuple[str, Row]]:
        item = self.relationship
        source = self.reader.source(self.reader.definitions.tables[item.child])
        lookup = f"{source.alias}.{quote(item.lookup)}"
        kind = f"{source.alias}.{quote(item.lookup + '@type')}"
        tie = Sql(f"{lookup} IN {_LIST} AND {kind} = '{item.parent}'", (_json(ids),))
        shape = Shape(source, self.options.select, self.reader.wanted)
        parent_at = shape.column_at(lookup)
        inner = [_expansion(self.reader, shape, *part) for part in self.options.expand]
        keys = sort_keys(source, self.options.order)
        where = _conditions(source, self.options, tie, keys, Window())
        statement = (
            f"SELECT {', '.join(shape.expressions)} {source.from_clause()} "
            f"WHERE {where.text} ORDER BY {', '.join(key.clause() for key in keys)}"
        )
        found = self.reader.connection.execute(statement, where.values).fetchall()
        rows = [shape.row(raw) for raw in found]
        for expansion in inner:
            expansion.fill(found, rows)
        return [(raw[parent_at], row) for raw, row in zip(found, rows, strict=True)]


_LIST = "(SELECT value FROM json_each(?))"


def _expansion(reader: Reader, shape: Shape, name: str, options: Options) -> _Expansion:
    source = shape.source
    table = source.table
    parent = reader.definitions.parents.get((table.name, name))
    if parent is not None:
        if options.filter or options.order or options.top is not None or options.count:
            raise Unsupported(f"other options than $select and $expand inside $expand={name}")
        id_at = shape.column_at(f"{source.alias}.{quote(parent.lookup)}")
        kind_at = shape.column_at(f"{source.alias}.{quote(parent.lookup + '@type')}")
        return _Expansion(reader, parent, options, name, id_at, kind_at)
    children = reader.definitions.children.get((table.name, name))
    if children is None:
        raise _unknown_navigation(reader, table, name)
    if options.count:
        raise Unsupported("$count inside $expand")
    id_at = shape.column_at(f"{source.alias}.{quote(table.id_column)}")
    return _Expansion(reader, children, options, name, id_at, None)


def _unknown_navigation(reader: Reader, table: Table, name: str) -> Exception:
    column = table.columns.get(name)
    if name in reader.definitions.many_to_many or (column and column.is_lookup):
        return Unsupported(f"$expand={name}")
    return missing_property(name, table.name)


def _json(ids: Sequence[str] | set[str]) -> str:
    return msgspec.json.encode(list(ids)).decode()


def _query_text(options: Options) -> str:
    pairs = "&".join(f"{name}={value}" for name, value in options.pairs)
    return f"?{pairs}" if pairs else ""


def one_row(reader: Reader, table: Table, row_id: str, options: Options) -> Row | None:
    """One row of a table by its guid."""
    source = reader.source(table)
    tie = Sql(f"{source.alias}.{quote(table.id_column)} = ?", (row_id,))
    page = read_page(reader, source, options, tie, Window(size=1))
    return page.rows[0] if page.rows else None


__all__ = ["PAGE", "TRUE", "Page", "Reader", "Window", "count_rows", "one_row", "read_page"]
