"""Pages of rows with everything expanded: the one way rows are read for an answer."""

import sqlite3
from collections.abc import Sequence

from msgspec import Struct

from emulator.definitions import Definitions, Table
from emulator.query.annotations import Wanted
from emulator.query.asker import Asking
from emulator.query.expansion import expansions
from emulator.query.filters import filter_sql
from emulator.query.options import Options
from emulator.query.pages import PAGE, Page, Window
from emulator.query.shape import Row, Shape
from emulator.query.sort import SortKey, after_row, sort_keys
from emulator.query.source import Source, Sql
from emulator.rows.schema import quote


class Reader(Struct, frozen=True):
    """What reading needs beside the options; ``root`` is the absolute address of the API."""

    connection: sqlite3.Connection
    definitions: Definitions
    root: str
    wanted: Wanted
    asking: Asking

    def source(self, table: Table) -> Source:
        return Source(self.definitions, table, "t0")

    def shape(self, table: Table, options: Options) -> Shape:
        return Shape(self.source(table), options.select, self.wanted)

    def page(self, shape: Shape, options: Options, tie: Sql, window: Window) -> Page:
        """The rows of the shape that the options and the extra condition choose."""
        keys = sort_keys(shape.source, options.order)
        places = [shape.column_at(key.expression) for key in keys]
        expanded = expansions(self, shape, options.expand)
        where = _conditions(self.chosen(shape.source, options, tie), window, keys)
        limit = "" if window.size is None else f" LIMIT {window.size + 1}"
        statement = (
            f"SELECT {', '.join(shape.expressions)} {shape.source.from_clause()} "
            f"WHERE {where.text} ORDER BY {', '.join(key.clause() for key in keys)}{limit}"
        )
        raw = self.connection.execute(statement, where.values).fetchall()
        more, raw = window.size is not None and len(raw) > window.size, raw[: window.size]
        rows = [shape.row(found) for found in raw]
        for expansion in expanded:
            expansion.fill(raw, rows)
        last = tuple(raw[-1][at] for at in places) if more and raw else None
        return Page(rows, raw, last)

    def one(self, table: Table, row_id: str, options: Options) -> Row | None:
        """One row by its guid."""
        shape = self.shape(table, options)
        tie = Sql(f"{shape.source.alias}.{quote(table.id_column)} = ?", (row_id,))
        rows = self.page(shape, options, tie, Window(size=1)).rows
        return rows[0] if rows else None

    def count(self, table: Table, options: Options, tie: Sql) -> int:
        """The number of rows the filter chooses, at most one more than a page."""
        source = self.source(table)
        where = _conditions(self.chosen(source, options, tie), Window(), [])
        inner = f"SELECT 1 {source.from_clause()} WHERE {where.text} LIMIT {PAGE + 1}"
        counted = self.connection.execute(f"SELECT count(*) FROM ({inner})", where.values)
        return int(counted.fetchone()[0])

    def chosen(self, source: Source, options: Options, tie: Sql) -> list[Sql]:
        """The conditions of the options beside the extra one."""
        if options.filter is None:
            return [tie]
        return [tie, filter_sql(source, options.filter, self.asking)]


def _conditions(chosen: Sequence[Sql], window: Window, keys: Sequence[SortKey]) -> Sql:
    parts = list(chosen)
    if window.after is not None:
        parts.append(after_row(keys, window.after))
    values = tuple(value for part in parts for value in part.values)
    return Sql(" AND ".join(part.text for part in parts), values)
