"""Grouping rows and computing figures over them, exactly and as SQL Server would.

The rows are at most 50,000, so this is done over raw rows in memory.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypeAlias

from msgspec import Struct

from emulator.definitions import Column
from emulator.errors import ApiError, Unsupported
from emulator.query.shape import RawRow
from emulator.rows.values import (
    DECIMALS,
    MONEY_DECIMALS,
    TEXT_KINDS,
    decimal_from_sql,
    fold_text,
)

LIMIT = 50_000
_WHOLE = frozenset({"Integer", "BigInt"})
_EXACT = frozenset({"Money", "Decimal"})
NUMBERS = _WHOLE | _EXACT | {"Double"}
_COUNTS = frozenset({"count", "countcolumn", "countdistinct"})


class Measure(Struct, frozen=True):
    """A figure over a column: its name in the answer and the place of its values in raw rows."""

    name: str
    function: str
    column: Column
    at: int

    @property
    def is_count(self) -> bool:
        return self.function in _COUNTS


class Group(Struct, frozen=True):
    """Rows with equal keys: the keys, one of the rows, and the figures in order."""

    keys: tuple[Any, ...]
    sample: RawRow
    figures: tuple[Any, ...]


KeyReader: TypeAlias = Callable[[RawRow], Any]


def check_measure(function: str, column: Column) -> None:
    """400 for an unknown function; 501 for one of a type nobody needed so far."""
    if function not in _FUNCTIONS:
        raise ApiError(400, "0x80040203", f"The aggregate function '{function}' is not valid.")
    allowed = NUMBERS if function in ("sum", "avg") else NUMBERS | {"DateTime"}
    if function in ("sum", "avg", "min", "max") and column.kind not in allowed:
        raise Unsupported(f"{function} of a column of type {column.kind}")


def aggregate_limit() -> ApiError:
    message = "AggregateQueryRecordLimit exceeded. Cannot perform this operation."
    return ApiError(400, "0x8004e023", message)


def summarize(
    rows: Sequence[RawRow], keys: Sequence[KeyReader], measures: Sequence[Measure]
) -> list[Group]:
    """The groups in the order of their first rows; without keys always exactly one."""
    found: dict[tuple[Any, ...], list[RawRow]] = {} if keys else {(): []}
    for row in rows:
        found.setdefault(tuple(key(row) for key in keys), []).append(row)
    return [
        Group(key, members[0] if members else (), _figures(members, measures))
        for key, members in found.items()
    ]


def _figures(rows: Sequence[RawRow], measures: Sequence[Measure]) -> tuple[Any, ...]:
    return tuple(
        _FUNCTIONS[item.function]([row[item.at] for row in rows], item.column) for item in measures
    )


def key_reader(column: Column, at: int) -> KeyReader:
    """Texts that only differ in case or trailing blanks belong together."""
    if column.kind in TEXT_KINDS:
        return lambda row: None if row[at] is None else fold_text(row[at])
    return lambda row: row[at]


def _present(values: Sequence[Any]) -> list[Any]:
    return [value for value in values if value is not None]


def _count(values: Sequence[Any], column: Column) -> int:
    return len(values)


def _count_column(values: Sequence[Any], column: Column) -> int:
    return len(_present(values))


def _count_distinct(values: Sequence[Any], column: Column) -> int:
    found = _present(values)
    return len({fold_text(value) if column.kind in TEXT_KINDS else value for value in found})


def _sum(values: Sequence[Any], column: Column) -> Any:
    """Documented: 0 for rows that only have nulls; nothing for no rows."""
    if not values:
        return None
    numbers = _numbers(values, column)
    return math.fsum(numbers) if column.kind == "Double" else sum(numbers)


def _average(values: Sequence[Any], column: Column) -> Any:
    numbers = _numbers(values, column)
    if not numbers:
        return None
    if column.kind == "Double":
        return math.fsum(numbers) / len(numbers)
    if column.kind in _EXACT:
        quantum = Decimal(1).scaleb(-DECIMALS)
        return (sum(numbers) / len(numbers)).quantize(quantum, ROUND_HALF_UP)
    # SQL Server averages whole numbers to a whole number, cut towards zero.
    return math.trunc(Decimal(sum(numbers)) / len(numbers))


def _least(values: Sequence[Any], column: Column) -> Any:
    return min(_numbers(values, column), default=None)


def _greatest(values: Sequence[Any], column: Column) -> Any:
    return max(_numbers(values, column), default=None)


def _numbers(values: Sequence[Any], column: Column) -> list[Any]:
    found = _present(values)
    if column.kind in _EXACT:
        places = MONEY_DECIMALS if column.kind == "Money" else DECIMALS
        return [decimal_from_sql(value, places) for value in found]
    return found


_FUNCTIONS: Mapping[str, Callable[[Sequence[Any], Column], Any]] = {
    "count": _count,
    "countcolumn": _count_column,
    "countdistinct": _count_distinct,
    "sum": _sum,
    "avg": _average,
    "min": _least,
    "max": _greatest,
}
