"""How each kind of column is kept in SQLite, exactly and in SQL Server's order.

Money and decimals are shifted, zero-padded digits: exact, and text order is numeric order.
Date-times are ISO text in UTC, guids lower-case text, booleans 0 and 1, lookups two columns.
"""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypeAlias

import msgspec

from emulator.definitions import Column

SqlValue: TypeAlias = str | int | float | None

COLLATION = "DATAVERSE"
DECIMALS = 10
MONEY_DECIMALS = 4
# One for the sign, fifteen before the point (money), ten after it.
_DIGITS = 26
_SHIFT = 10 ** (_DIGITS - 1)
_POINT = _DIGITS - DECIMALS

TEXT_KINDS = frozenset({"String", "Memo", "EntityName", "Virtual", "PartyList"})
_SQL_TYPES = {
    "Integer": "INTEGER",
    "BigInt": "INTEGER",
    "Picklist": "INTEGER",
    "State": "INTEGER",
    "Status": "INTEGER",
    "Boolean": "INTEGER",
    "Double": "REAL",
}


def sql_type(column: Column) -> str:
    """The declared type, with the collation on text."""
    if column.kind in TEXT_KINDS:
        return f"TEXT COLLATE {COLLATION}"
    return _SQL_TYPES.get(column.kind, "TEXT")


def compare_text(left: str, right: str) -> int:
    """SQL Server's case-insensitive order; trailing spaces do not count."""
    a, b = fold_text(left), fold_text(right)
    return (a > b) - (a < b)


def fold_text(text: str) -> str:
    """The form in which two texts are compared."""
    return text.casefold().rstrip(" ")


def fold_sql(text: str | None) -> str | None:
    """``fold_text`` as an SQL function."""
    return None if text is None else fold_text(text)


def decimal_to_sql(value: Decimal) -> str:
    """Digits whose text order is numeric order; |value| < 10**15, ten decimals."""
    scaled = int(value.scaleb(DECIMALS).to_integral_value(ROUND_HALF_UP))
    return f"{scaled + _SHIFT:0{_DIGITS}d}"


def decimal_from_sql(text: str, places: int = DECIMALS) -> Decimal:
    return Decimal(decimal_text(text, places))


def decimal_text(text: str, places: int) -> str:
    """A JSON number with a fixed number of decimals, as the Web API writes money."""
    if text[0] == "1":
        whole = text[1:_POINT].lstrip("0") or "0"
        return f"{whole}.{text[_POINT : _POINT + places]}"
    digits = f"{_SHIFT - int(text):0{_DIGITS}d}"
    whole = digits[:_POINT].lstrip("0") or "0"
    return f"-{whole}.{digits[_POINT : _POINT + places]}"


def _money_json(text: str) -> msgspec.Raw:
    return msgspec.Raw(decimal_text(text, MONEY_DECIMALS).encode())


def _decimal_json(text: str) -> msgspec.Raw:
    return msgspec.Raw(decimal_text(text, DECIMALS).encode())


def _money_from_sql(text: str) -> Decimal:
    return decimal_from_sql(text, MONEY_DECIMALS)


_FROM_SQL: dict[str, Callable[[Any], Any]] = {
    "Money": _money_from_sql,
    "Decimal": decimal_from_sql,
    "Boolean": bool,
}
_TO_JSON: dict[str, Callable[[Any], Any]] = {
    "Money": _money_json,
    "Decimal": _decimal_json,
    "Boolean": bool,
}


def from_sql(column: Column) -> Callable[[Any], Any] | None:
    """SQLite value -> stored value (not called for null); None where they are the same."""
    return _FROM_SQL.get(column.kind)


def to_json(column: Column) -> Callable[[Any], Any] | None:
    """SQLite value -> value for the JSON encoder; None where they are the same."""
    return _TO_JSON.get(column.kind)


def to_sql(column: Column, value: Any) -> SqlValue:
    """Stored value -> SQLite value."""
    if value is None:
        return None
    if column.kind in ("Money", "Decimal"):
        return decimal_to_sql(value)
    if column.kind == "Boolean":
        return int(value)
    checked: SqlValue = value
    return checked
