"""Drawn accounts and invoices as a store sends them: as rows, or as they came off the wire."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from msgspec import Raw
from msgspec.structs import replace

from gradesys.dataverse.amounts import amounts
from gradesys.records import (
    NUMBERS,
    TEXTS,
    Column,
    Kind,
    Option,
    Page,
    Read,
    Ref,
    Row,
    Schema,
    Typed,
    Value,
)
from tests.rules.invoices import SCHEMA as INVOICES

_HALF_PAST = timezone(timedelta(hours=3, minutes=30))
_MORE = (
    Column("revenue", Kind.MONEY),
    Column("employees", Kind.INTEGER),
    Column("industry", Kind.CHOICE),
    Column("vip", Kind.BOOLEAN),
    Column("since", Kind.DATE),
    Column("seen", Kind.INSTANT),
    Column("meeting", Kind.LOCAL),
    Column("gs_score", Kind.DECIMAL, places=1, minimum=Decimal(-40), maximum=Decimal(90)),
    Column("gs_exact", Kind.MONEY, places=4),
    Column("gs_free", Kind.DOUBLE),
    Column("gs_whole", Kind.INTEGER),
    Column("gs_grade", Kind.TEXT),
    Column("gs_raw", Kind.TEXT),
    Column("gs_reasons", Kind.TEXT),
    Column("gs_state", Kind.MEMO),
    Column("gs_status", Kind.TEXT),
    Column(
        "gs_choice",
        Kind.CHOICE,
        options=(Option(11, {1033: "A"}), Option(12, {1033: "B"})),
    ),
)
_ACCOUNT, _INVOICE = INVOICES["account"], INVOICES["invoice"]
_REFERRER = Column("referrerid", Kind.LOOKUP, ("account",))
SCHEMA: Schema = {
    **INVOICES,
    "invoice": replace(_INVOICE, columns={**_INVOICE.columns, _REFERRER.name: _REFERRER}),
    "account": replace(_ACCOUNT, columns={**_ACCOUNT.columns, **{c.name: c for c in _MORE}}),
}
START = datetime(2026, 4, 1, tzinfo=UTC)


def accounts(count: int, drawn: random.Random) -> list[Row]:
    """Accounts in which nothing is stored yet."""
    blank: Row = dict.fromkeys(SCHEMA["account"].columns)
    return [
        {
            **blank,
            "accountid": f"a{place}",
            "revenue": _maybe(drawn, Decimal(drawn.randrange(10**6)) / 100),
            "employees": _maybe(drawn, Decimal(drawn.randrange(300))),
            "industry": _maybe(drawn, Decimal(drawn.randrange(4))),
            "vip": _maybe(drawn, drawn.random() < 0.5),
            "mood": _maybe(drawn, drawn.choice(("good", "bad"))),
            "since": _maybe(drawn, _instant(drawn).date()),
            "seen": _maybe(drawn, _instant(drawn)),
        }
        for place in range(count)
    ]


def invoices(count: int, accounts: int, drawn: random.Random) -> list[Row]:
    """Invoices of accounts, of contacts, of accounts that are not there, and of nobody."""
    blank: Row = dict.fromkeys(SCHEMA["invoice"].columns)
    return [
        {
            **blank,
            "invoiceid": f"i{place}",
            "customerid": drawn.choice((None, *[_owner(accounts, drawn) for _ in range(9)])),
            "referrerid": _maybe(drawn, Ref("account", f"a{drawn.randrange(accounts)}")),
            "statecode": _maybe(drawn, Decimal(drawn.randrange(4))),
            "lines": _maybe(drawn, Decimal(drawn.randrange(9))),
            "totalamount_base": _maybe(drawn, Decimal(drawn.randrange(10**6)) / 100),
            "paid": _maybe(drawn, drawn.random() < 0.5),
            "due": _maybe(drawn, _instant(drawn).date()),
            "createdon": _maybe(drawn, _instant(drawn)),
        }
        for place in range(count)
    ]


def pages(read: Read, rows: list[Row], size: int, typed: bool) -> Iterator[Page]:
    """The rows in pages, typed or not."""
    for start in range(0, len(rows), size):
        some = tuple({name: row[name] for name in read.columns} for row in rows[start:][:size])
        yield wired_page(SCHEMA, Page(read, some)) if typed else Page(read, some)


def wired_page(schema: Schema, page: Page) -> Page:
    """The page with its rows as they came off the wire, where a wire can hold them: with the cells
    that are wanted and no others."""
    read, known = page.read, schema[page.read.table].columns
    if not all(name in known for name in read.columns):
        return page
    columns = tuple(known[name] for name in read.columns)
    if not all(_fits(c.kind, row.get(c.name)) for row in page.rows for c in columns):
        return page
    objects = [_object(read, columns, row) for row in page.rows]
    spelled = dict.fromkeys(read.spelled, amounts)
    return replace(page, typed=Typed(objects, _row(read, columns), spelled))


def _object(read: Read, columns: tuple[Column, ...], row: Row) -> Any:
    found = SimpleNamespace()
    for place, column in enumerate(columns):
        if read.cells is None or column.name in read.cells:
            value = row.get(column.name)
            cell = _wired(column.kind, value)
            is_spelled = column.name in read.spelled
            setattr(found, f"c{place}", _spelled(cell) if is_spelled else cell)
            if column.kind is Kind.LOOKUP:
                setattr(found, f"t{place}", value.table.title() if isinstance(value, Ref) else None)
    return found


def _spelled(cell: Any) -> Raw:
    return Raw(b"null" if cell is None else str(cell).encode())


_ROWS: dict[Any, Any] = {}


def _row(read: Read, columns: tuple[Column, ...]) -> Any:
    """From the wire to a row; one function for all pages of a read."""

    def row(found: Any) -> Row:
        return {column.name: _read(found, place, column) for place, column in enumerate(columns)}

    return _ROWS.setdefault((read, tuple((c.name, c.kind) for c in columns)), row)


def _read(found: Any, place: int, column: Column) -> Value:
    cell = getattr(found, f"c{place}")
    if column.kind is Kind.LOOKUP and cell is not None:
        return Ref(getattr(found, f"t{place}").lower(), cell.lower())
    return _cell(column.kind, cell)


def _fits(kind: Kind, value: Value) -> bool:
    if kind in (Kind.INTEGER, Kind.CHOICE) and isinstance(value, Decimal):
        return value == int(value)
    return value is None or type(value) in _TYPES[kind]


def _wired(kind: Kind, value: Value) -> Any:
    if isinstance(value, Decimal) and kind in (Kind.INTEGER, Kind.CHOICE):
        return int(value)
    if isinstance(value, datetime) and kind is Kind.INSTANT:
        return value if value.minute % 2 else value.astimezone(_HALF_PAST)
    if isinstance(value, Ref):
        return value.id.upper()
    return value.upper() if kind is Kind.ID and isinstance(value, str) else value


def _cell(kind: Kind, cell: Any) -> Value:
    if isinstance(cell, int) and kind in (Kind.INTEGER, Kind.CHOICE):
        return Decimal(cell)
    if isinstance(cell, datetime) and kind is Kind.INSTANT:
        return cell.astimezone(UTC)
    value: Value = cell.lower() if kind is Kind.ID and cell is not None else cell
    return value


_TYPES: dict[Kind, tuple[type, ...]] = {
    **dict.fromkeys(NUMBERS, (Decimal,)),
    **dict.fromkeys((*TEXTS, Kind.ID), (str,)),
    **dict.fromkeys((Kind.INSTANT, Kind.LOCAL), (datetime,)),
    Kind.LOOKUP: (Ref,),
    Kind.BOOLEAN: (bool,),
    Kind.DATE: (date,),
}


def _owner(accounts: int, drawn: random.Random) -> Ref:
    table = drawn.choice(("account", "account", "account", "contact"))
    return Ref(table, f"a{drawn.randrange(accounts + 3)}")


def _instant(drawn: random.Random) -> datetime:
    return START + timedelta(minutes=drawn.randrange(110 * 1440))


def _maybe(drawn: random.Random, value: Value) -> Value:
    return None if drawn.random() < 0.1 else value
