"""A running organisation with a few rows of every kind, for tests of the store against it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from gradesys.dataverse.client import Client
from gradesys.dataverse.store import DataverseStore
from gradesys.records import Plan, Read, Row, Schema, Scope
from tests.emulator.serving import OrgServer

TABLES = ("account", "contact", "invoice", "salesorder")
WRITABLE = {
    "account": frozenset({"revenue", "numberofemployees", "description"}),
    "invoice": frozenset({"description"}),
}
TYPE = "@Microsoft.Dynamics.CRM.lookuplogicalname"
HUGE = Decimal("922337203685476.1234")


def account_id(number: int) -> str:
    return str(UUID(int=0xAC << 120 | number))


def invoice_id(number: int) -> str:
    return str(UUID(int=0x1D << 120 | number))


def contact_id(number: int) -> str:
    return str(UUID(int=0xC0 << 120 | number))


ORDER_ID = "50000000-0000-4000-8000-000000000001"
ACCOUNTS = [
    {"accountid": account_id(1), "name": "شرکت الف", "revenue": float(5)},
    {"accountid": account_id(2), "name": None},
]
CONTACTS = [{"contactid": contact_id(n), "creditlimit": 7} for n in range(5003)]
BLANK: dict[str, Any] = {"name": None, "totalamount": None, "statecode": 0, "duedate": None}
INVOICES: list[dict[str, Any]] = [
    {
        **BLANK,
        "invoiceid": invoice_id(1),
        "totalamount": 100,
        "statecode": 2,
        "statuscode": 100001,
        "duedate": "2026-02-01",
        "createdon": "2026-01-10T10:00:00Z",
        "ispricelocked": True,
        "_customerid_value": account_id(1),
        f"_customerid_value{TYPE}": "account",
        "_salesorderid_value": ORDER_ID,
    },
    {
        **BLANK,
        "invoiceid": invoice_id(2),
        "totalamount": 100.5,
        "duedate": "2026-03-01",
        "createdon": "2026-02-10T10:00:00Z",
        "ispricelocked": False,
        "_customerid_value": contact_id(1),
        f"_customerid_value{TYPE}": "contact",
    },
    {**BLANK, "invoiceid": invoice_id(3), "statecode": None, "createdon": None},
]
DATA = {
    "account": ACCOUNTS,
    "contact": CONTACTS,
    "salesorder": [{"salesorderid": ORDER_ID, "statecode": 3, "name": "O-1"}],
    "invoice": INVOICES,
}


@dataclass(frozen=True, slots=True)
class Org:
    """An emulator with the rows above, and a store that reaches it without ever sleeping."""

    server: OrgServer
    client: Client
    schema: Schema
    store: DataverseStore

    def rows(self, read: Read, scope: Scope) -> list[Row]:
        return [row for page in self.store.pages(Plan((read,), scope)) for row in page.rows]

    def requests_of(self, work: Callable[[], object]) -> int:
        before = self.server.emulator.stats.snapshot()["requests"]
        work()
        return int(self.server.emulator.stats.snapshot()["requests"] - before)
