"""Running an ``$apply``: the groups of the rows that pass its filters."""

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct, field

from emulator.definitions import Table
from emulator.errors import bad_query
from emulator.query.aggregates import (
    LIMIT,
    Group,
    KeyReader,
    Measure,
    aggregate_limit,
    check_measure,
    key_reader,
    summarize,
)
from emulator.query.apply import Apply, Figure
from emulator.query.figures import figure_members
from emulator.query.filters import filter_sql
from emulator.query.output import Output, Part
from emulator.query.read import Reader
from emulator.query.shape import RawRow, Row, Shape
from emulator.query.sort import sort_keys
from emulator.query.source import TRUE, Source


class _Grouping(Struct):
    """How to read the keys of raw rows, and the parts that show them, the table's own first."""

    parts: list[Part]
    keys: list[KeyReader] = field(default_factory=list)

    def place(self, expression: str) -> int:
        """The place of an SQL expression in raw rows."""
        return self.parts[0].shape.column_at(expression)


def apply_rows(
    reader: Reader, table: Table, wanted: Apply, order: Sequence[tuple[str, bool]]
) -> list[Row]:
    """One row for each group; 400 (0x8004E023) over more than 50,000 source rows."""
    source = reader.source(table)
    grouping = _Grouping([Part(Shape(source, (table.id_column,), reader.wanted), {})])
    for path in wanted.groups or ():
        _add(reader, grouping, source, path)
    measures = [_measure(grouping, source, figure) for figure in wanted.figures]
    rows = _source_rows(reader, source, grouping, wanted, order)
    groups = summarize(rows, grouping.keys, measures)
    return [dict(_members(reader, grouping, measures, group)) for group in groups]


def _add(reader: Reader, grouping: _Grouping, source: Source, path: str) -> None:
    *navigation, name = path.split("/")
    end = source.along(navigation)
    column = end.column(name)
    if column.kind == "DateTime":
        raise bad_query(f"Grouping by the date-time property '{name}' is not supported.")
    given = f"{end.table.name}_{name}" if navigation else name
    grouping.parts.append(Part(Shape(end, (column.name,), reader.wanted), {name: (given,)}))
    grouping.keys.append(key_reader(column, grouping.place(end.sql(column))))


def _measure(grouping: _Grouping, source: Source, figure: Figure) -> Measure:
    *navigation, name = (figure.path or source.table.id_column).split("/")
    end = source.along(navigation)
    column = end.column(name)
    check_measure(figure.function, column)
    return Measure(figure.alias, figure.function, column, grouping.place(end.sql(column)))


def _source_rows(
    reader: Reader,
    source: Source,
    grouping: _Grouping,
    wanted: Apply,
    order: Sequence[tuple[str, bool]],
) -> list[RawRow]:
    conditions = [TRUE, *(filter_sql(source, text, reader.asking) for text in wanted.filters)]
    # Groups appear in the order of their first rows.
    keys = sort_keys(source, [*order, *((path, False) for path in wanted.groups or ())])
    where = " AND ".join(part.text for part in conditions)
    names = ", ".join(Output(grouping.parts).expressions())
    statement = (
        f"SELECT {names} {source.from_clause()} WHERE {where} "
        f"ORDER BY {', '.join(key.clause() for key in keys)} LIMIT {LIMIT + 1}"
    )
    values = [value for part in conditions for value in part.values]
    rows = reader.connection.execute(statement, values).fetchall()
    if len(rows) > LIMIT:
        raise aggregate_limit()
    return rows


def _members(
    reader: Reader, grouping: _Grouping, measures: Sequence[Measure], group: Group
) -> Iterator[tuple[str, Any]]:
    if group.sample:
        yield from Output(grouping.parts).row(group.sample).items()
    for measure, figure in zip(measures, group.figures, strict=True):
        yield from figure_members(reader.definitions, reader.wanted, measure, figure)
