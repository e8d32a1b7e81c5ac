"""Tables in memory that answer reads like an organisation does: for case files and tests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from gradesys.records import Page, Plan, Read, Row, Scope, Value
from gradesys.rules.pool import identity, referred
from gradesys.rules.standard import id_column


class MemoryTable:
    """Typed rows with indexes that are built when first asked for, because many cases share one."""

    def __init__(self, name: str, rows: Sequence[Row]) -> None:
        self.rows = rows
        self._key = id_column(None, name)
        self._holding: dict[str, Mapping[str, Sequence[Row]]] = {}

    @cached_property
    def by_id(self) -> Mapping[Value, Row]:
        """Primary key -> row."""
        return {row[self._key]: row for row in self.rows}

    @cached_property
    def columns(self) -> frozenset[str]:
        """The names that at least one row carries."""
        return frozenset(name for row in self.rows for name in row)

    def holding(self, column: str, id: str) -> Sequence[Row]:
        """The rows whose lookup, or link between many, holds this id."""
        if column not in self._holding:
            index: dict[str, list[Row]] = defaultdict(list)
            for row in self.rows:
                if (value := row.get(column)) is not None:
                    index[identity(value)].append(row)
            self._holding[column] = index
        return self._holding[column].get(id, ())


class TableStore:
    """Answers plans from memory. A dotted column is the parent's, null where the way is broken;
    a column that no row of a table carries is left out of its rows."""

    def __init__(self, tables: Mapping[str, MemoryTable]) -> None:
        self._tables = tables

    def pages(self, plan: Plan) -> Iterator[Page]:
        """One page a read, without narrowing. RecordError where nothing tells a lookup's target."""
        for read in plan.reads:
            rows = self.rows(read, plan.scope)
            yield Page(read, tuple(self._selected(read, row) for row in rows))

    def rows(self, read: Read, scope: Scope) -> Iterable[Row]:
        """The whole rows that belong to the scope; of tables further away, all."""
        table = self._tables.get(read.table)
        if table is None:
            return ()
        if scope.ids is None or read.way or read.below:
            return table.rows
        if read.key == id_column(None, read.table):
            return [table.by_id[id] for id in scope.ids if id in table.by_id]
        return [row for id in scope.ids for row in table.holding(read.key, id)]

    def _selected(self, read: Read, row: Row) -> Row:
        known = self._tables[read.table].columns
        return {
            column: self._value(row, column)
            for column in read.columns
            if "." in column or column in known
        }

    def _value(self, row: Row, column: str) -> Value:
        head, _, rest = column.partition(".")
        if not rest:
            return row.get(column)
        parent = referred(row, head)
        table = None if parent is None else self._tables.get(parent.table)
        if parent is None or table is None or parent.id not in table.by_id:
            return None
        return self._value(table.by_id[parent.id], rest)
