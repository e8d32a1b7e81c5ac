"""Drawn accounts and invoices as a store sends them: as rows, or as they came off the wire."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from msgspec.structs import replace

from gradesys.records import Column, Kind, Option, Page, Read, Ref, Row, Schema, Typed, Value
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
    """The rows in pages; the typed ones hold the cells that are wanted and no others."""
    for start in range(0, len(rows), size):
        some = tuple({name: row[name] for name in read.columns} for row in rows[start:][:size])
        yield Page(
            read,
            some,
            typed=Typed([wired(read, row) for row in some], _row(read)) if typed else None,
        )


def wired(read: Read, row: Row) -> Any:
    """A row as it comes off the wire."""
    columns, found = SCHEMA[read.table].columns, SimpleNamespace()
    for place, name in enumerate(read.columns):
        if read.cells is None or name in read.cells:
            value = row[name]
            setattr(found, f"c{place}", _wired(columns[name].kind, value))
            if isinstance(value, Ref) or columns[name].kind is Kind.LOOKUP:
                setattr(found, f"t{place}", value.table.title() if isinstance(value, Ref) else None)
    return found


_ROWS: dict[Read, Any] = {}


def _row(read: Read) -> Any:
    """From the wire to a row; one function for all pages of a read."""
    columns = SCHEMA[read.table].columns

    def row(found: Any) -> Row:
        cells = [getattr(found, f"c{place}") for place in range(len(read.columns))]
        return {n: _cell(columns[n].kind, c) for n, c in zip(read.columns, cells, strict=True)}

    return _ROWS.setdefault(read, row)


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
    value: Value = cell.lower() if kind is Kind.ID else cell
    return value


def _owner(accounts: int, drawn: random.Random) -> Ref:
    table = drawn.choice(("account", "account", "account", "contact"))
    return Ref(table, f"a{drawn.randrange(accounts + 3)}")


def _instant(drawn: random.Random) -> datetime:
    return START + timedelta(minutes=drawn.randrange(110 * 1440))


def _maybe(drawn: random.Random, value: Value) -> Value:
    return None if drawn.random() < 0.1 else value
