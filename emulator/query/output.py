"""Answers put together from several tables, under names of their own; null members are left out."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from emulator.query.shape import RawRow, Row, Shape
from emulator.rows.schema import quote

Names = Mapping[str, tuple[str, ...]]


class Part(Struct, frozen=True):
    """The columns of one table; ``names`` are those a property has in the answer."""

    shape: Shape
    names: Names

    def members(self, raw: RawRow) -> Iterator[tuple[str, object]]:
        """Name and value of every member that is there, with its annotations."""
        for key, value in self.shape.row(raw).items():
            name, at, term = key.partition("@")
            if value is not None:
                for given in self.names.get(name, ()):
                    yield f"{given}{at}{term}", value


class Output(Struct, frozen=True):
    """The parts of all tables, the main one first; in raw rows their columns follow in a row."""

    parts: Sequence[Part]
    distinct: bool = False

    def expressions(self) -> list[str]:
        """The SQL columns; a distinct query must not see the keys nobody asked for."""
        names: list[str] = []
        for part in self.parts:
            unasked = _unasked(part) if self.distinct else set()
            names += ["NULL" if text in unasked else text for text in part.shape.expressions]
        return names

    def row(self, raw: RawRow) -> Row:
        row: Row = {}
        start = 0
        for part in self.parts:
            row.update(part.members(raw[start:]))
            start += len(part.shape.expressions)
        return row


def _unasked(part: Part) -> set[str]:
    source, columns = part.shape.source, part.shape.source.table.columns
    hidden = {f"{source.alias}.{quote('versionnumber')}"}
    hidden |= {
        source.sql(columns[name])
        for name in (source.table.id_column, "transactioncurrencyid")
        if name in columns
    }
    asked = {
        source.sql(column) for column in columns.values() if column.property_name in part.names
    }
    return hidden - asked
