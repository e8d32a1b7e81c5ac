"""What of a table a request selects, compiled once: SQL columns in, a row of the Web API out."""

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct

from emulator.definitions import Column
from emulator.errors import Unsupported
from emulator.query import annotations
from emulator.query.annotations import Wanted
from emulator.query.source import Source, name_of_lookup
from emulator.rows.schema import quote
from emulator.rows.values import to_json

RawRow = tuple[Any, ...]
Row = dict[str, Any]


class _Field(Struct, frozen=True):
    """One member of the answer: its name, the SQL column it comes from, how it is written.

    An annotation is left out where there is no value.
    """

    name: str
    at: int
    write: Callable[[Any], Any] | None
    annotation: bool = False


class Shape:
    """The selected columns of a source; ``column_at`` asks for further SQL columns."""

    def __init__(self, source: Source, select: Sequence[str], wanted: Wanted) -> None:
        self.source = source
        self.expressions: list[str] = []
        self._fields: list[_Field] = []
        self._wanted = wanted
        self._version = self.column_at(f"{source.alias}.{quote('versionnumber')}")
        for column in selected_columns(source, select):
            self._add(column)
        self._plain = [field for field in self._fields if not field.annotation]
        self._annotations = [field for field in self._fields if field.annotation]

    def column_at(self, expression: str) -> int:
        """The place of an SQL expression in the raw rows, added when it is new."""
        if expression not in self.expressions:
            self.expressions.append(expression)
        return self.expressions.index(expression)

    def row(self, raw: RawRow) -> Row:
        """A row of the Web API from a raw one."""
        row: Row = {"@odata.etag": f'W/"{raw[self._version]}"'}
        if self._annotations:
            return self._annotated(row, raw)
        for field in self._plain:
            value = raw[field.at]
            write = field.write
            row[field.name] = value if write is None or value is None else write(value)
        return row

    def _annotated(self, row: Row, raw: RawRow) -> Row:
        for field in self._fields:
            value = raw[field.at]
            if value is not None and field.write is not None:
                value = field.write(value)
            if value is not None or not field.annotation:
                row[field.name] = value
        return row

    def _add(self, column: Column) -> None:
        # A secret can be written and never be read.
        at = self.column_at(self.source.sql(column) if column.readable else "NULL")
        name = column.property_name
        if column.is_lookup:
            self._annotate_lookup(column, name)
        elif annotations.FORMATTED in self._wanted and column.kind == "Money":
            priced = self.column_at(_with_symbol(self.source, column))
            self._annotation(name, annotations.FORMATTED, priced, annotations.money_text)
        elif annotations.FORMATTED in self._wanted:
            definitions, language = self.source.definitions, self._wanted.language
            write = annotations.formatter(definitions, column, language)
            if write is not None:
                self._annotation(name, annotations.FORMATTED, at, write)
        self._fields.append(_Field(name, at, to_json(column)))

    def _annotate_lookup(self, column: Column, name: str) -> None:
        kind = f"{self.source.alias}.{quote(column.name + '@type')}"
        if annotations.FORMATTED in self._wanted:
            at = self.column_at(name_of_lookup(self.source, column))
            self._annotation(name, annotations.FORMATTED, at, None)
        if annotations.NAVIGATION in self._wanted:
            names = self._navigation_names(column)
            self._annotation(name, annotations.NAVIGATION, self.column_at(kind), names.get)
        if annotations.LOOKUP_TABLE in self._wanted:
            self._annotation(name, annotations.LOOKUP_TABLE, self.column_at(kind), None)

    def _navigation_names(self, column: Column) -> dict[str, str]:
        table, names = self.source.table.name, self.source.definitions.navigation_names
        if column.kind == "Owner":
            return dict.fromkeys(column.targets, column.name)
        return {
            target: names[table, column.name, target]
            for target in column.targets
            if (table, column.name, target) in names
        }

    def _annotation(
        self, name: str, term: str, at: int, write: Callable[[Any], Any] | None
    ) -> None:
        self._fields.append(_Field(f"{name}@{term}", at, write, annotation=True))


def _with_symbol(source: Source, column: Column) -> str:
    """SQL for an amount behind its currency's symbol; base amounts are in the base currency."""
    amount = source.sql(column)
    if column.name.endswith("_base") or "transactioncurrencyid" not in source.table.columns:
        return f"'$:' || {amount}"
    currency = source.sql(source.table.columns["transactioncurrencyid"])
    symbol = (
        f"SELECT currencysymbol FROM transactioncurrency WHERE transactioncurrencyid = {currency}"
    )
    return f"coalesce(({symbol}), '$') || ':' || {amount}"


def selected_columns(source: Source, select: Sequence[str]) -> list[Column]:
    """The columns of a ``$select``, all readable ones without it.

    The primary key always comes, and the currency with every amount (dataverse.md 3.2).
    """
    table = source.table
    if not select:
        return [column for column in table.columns.values() if column.readable]
    chosen: dict[str, Column] = {}
    for name in select:
        column = _selectable(source, name)
        chosen[column.name] = column
        if column.kind == "Money" and "transactioncurrencyid" in table.columns:
            chosen.setdefault("transactioncurrencyid", table.columns["transactioncurrencyid"])
    chosen.setdefault(table.id_column, table.columns[table.id_column])
    return list(chosen.values())


def _selectable(source: Source, name: str) -> Column:
    if name == "*":
        raise Unsupported("$select=*")
    column = source.table.columns.get(name)
    # A lookup may be selected by the name of its navigation property too.
    if column is not None and column.is_lookup:
        return column
    return source.column(name)
