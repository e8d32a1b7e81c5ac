"""Tables of our own, and how their columns are told apart from a customer's.

They are owned by the organisation: a row holds names of tables, ids and results, and whoever may
read them must see those that the service's own user wrote.
"""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from gradesys.deploy.specs import ColumnSpec, OptionSpec, note
from gradesys.deploy.texts import Text
from gradesys.records import Column, Kind


class TableSpec(Struct, frozen=True):
    """A table of our own with all of its columns; ``primary`` is its primary name."""

    name: str
    title: Text
    titles: Text
    description: Text
    primary: ColumnSpec
    columns: tuple[ColumnSpec, ...]


def own_column(
    table: str, column: Column, title: Text, options: tuple[OptionSpec, ...] = ()
) -> ColumnSpec:
    """A column of ours, which nobody needs an audit of."""
    return ColumnSpec(
        table=table,
        column=column,
        title=title,
        description=note(title),
        fits=frozenset({column.kind}),
        options=options,
        audited=False,
    )


def text_column(table: str, name: str, length: int, title: Text) -> ColumnSpec:
    """One line of text."""
    return own_column(table, Column(name, Kind.TEXT, length=length), title)


def memo_column(table: str, name: str, title: Text) -> ColumnSpec:
    """Several lines of text."""
    return own_column(table, Column(name, Kind.MEMO, length=4000), title)


def count_column(table: str, name: str, title: Text) -> ColumnSpec:
    """A whole number from 0."""
    whole = Column(name, Kind.INTEGER, minimum=Decimal(0), maximum=Decimal(2**31 - 1))
    return own_column(table, whole, title)


def instant_column(table: str, name: str, title: Text) -> ColumnSpec:
    """A moment."""
    return own_column(table, Column(name, Kind.INSTANT), title)
