"""The order of values and of rows (rules.md 3.2, 15.3).

Row order: the ``order_by`` keys, nulls last either way, then the primary key as lower-case text.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import total_ordering
from typing import Any

from msgspec import Struct

from gradesys.errors import RecordError
from gradesys.records import Ref, Row, Value
from gradesys.rules.clock import Moment
from gradesys.rules.model import Order
from gradesys.rules.text import normalize
from gradesys.rules.values import described

RowOrder = Callable[[Row, Moment], tuple[Any, ...]]
"""A row's place among the rows of its record; the smallest tuple is the first row."""


@total_ordering
class Rank(Struct, frozen=True):
    """A value's place among others of its kind; RecordError against another kind."""

    kind: str
    key: Any
    descending: bool = False

    def __lt__(self, other: Rank) -> bool:
        if self.kind != other.kind:
            raise RecordError(f"{self.kind} has no order with {other.kind}")
        below = self.key > other.key if self.descending else self.key < other.key
        return bool(below)


def rank(value: Value, moment: Moment, descending: bool = False) -> Rank:
    """The rank of a value that is not null: false < true as 0 < 1, dates by their midnight."""
    if isinstance(value, bool | Decimal):
        return Rank("a number", value, descending)
    if isinstance(value, date):
        return Rank("a date", moment.instant(value), descending)
    if isinstance(value, Ref):
        return Rank("a lookup", value.id.lower(), descending)
    return Rank(described(value), normalize(str(value)), descending)


def row_order(keys: tuple[Order, ...], id_column: str) -> RowOrder:
    """The order of rows by these keys; without any by primary key alone."""

    def place(row: Row, moment: Moment) -> tuple[Any, ...]:
        parts = tuple(_part(row.get(key.column), moment, key.desc) for key in keys)
        return (*parts, str(row.get(id_column)).lower())

    return place


def _part(value: Value, moment: Moment, descending: bool) -> tuple[Any, ...]:
    return (True,) if value is None else (False, rank(value, moment, descending))
