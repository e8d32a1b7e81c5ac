"""Metadata of invoices with a column of every kind, their parents, and a way to ask a narrowing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from gradesys.records import AllOf, AnyOf, Column, Compare, Kind, Narrowing, Ref, Row, Table

_INVOICE = (
    Column("invoiceid", Kind.ID),
    Column("customerid", Kind.LOOKUP, ("account", "contact")),
    Column("salesorderid", Kind.LOOKUP, ("salesorder",)),
    Column("statecode", Kind.CHOICE),
    Column("lines", Kind.INTEGER),
    Column("totalamount_base", Kind.MONEY),
    Column("rate", Kind.DOUBLE),
    Column("paid", Kind.BOOLEAN),
    Column("name", Kind.TEXT),
    Column("due", Kind.DATE),
    Column("createdon", Kind.INSTANT),
    Column("meeting", Kind.LOCAL),
    Column("tags", Kind.OTHER),
)
_PARENT = (Column("gs_score", Kind.DECIMAL), Column("ownerid", Kind.LOOKUP, ("systemuser",)))


def _table(name: str, plural: str, *columns: Column) -> Table:
    key = Column(f"{name}id", Kind.ID)
    return Table(name, plural, key.name, {each.name: each for each in (key, *columns)})


SCHEMA = {
    table.name: table
    for table in (
        _table("invoice", "invoices", *_INVOICE),
        _table("account", "accounts", *_PARENT, Column("mood", Kind.TEXT)),
        _table("contact", "contacts", *_PARENT, Column("mood", Kind.CHOICE)),
        _table(
            "salesorder",
            "salesorders",
            Column("statecode", Kind.CHOICE),
            Column("customerid", Kind.LOOKUP, ("account", "contact")),
            Column("quoteid", Kind.LOOKUP, ("quote",)),
        ),
    )
}


def passes(where: Narrowing, row: Row) -> bool:
    """Whether a store that honours the narrowing would send the row; two-valued."""
    if isinstance(where, AllOf):
        return all(passes(part, row) for part in where.parts)
    if isinstance(where, AnyOf):
        return any(passes(part, row) for part in where.parts)
    return bool(_COMPARE[where.op](_plain(row.get(where.column)), where))


def _plain(value: Any) -> Any:
    return value.id if isinstance(value, Ref) else value


def _known(holds: Any) -> Any:
    return lambda value, where: value is not None and holds(value, where.operand)


def _eq(value: Any, where: Compare) -> bool:
    return value is not None and type(value) is type(where.operand) and value == where.operand


_COMPARE: dict[str, Any] = {
    "null": lambda value, where: value is None,
    "not_null": lambda value, where: value is not None,
    "eq": _eq,
    "ne": lambda value, where: not _eq(value, where),
    "gt": _known(lambda value, operand: value > operand),
    "ge": _known(lambda value, operand: value >= operand),
    "lt": _known(lambda value, operand: value < operand),
    "le": _known(lambda value, operand: value <= operand),
}


def local(text: str, zone: str = "Asia/Tehran") -> datetime:
    """An instant written as local time."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def day(text: str) -> date:
    """A day."""
    return date.fromisoformat(text)
