"""A small schema that the unit tests of this package share, and an organisation that fits it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from gradesys.records import Column, Kind, Page, Read, Ref, Schema, Scope, Table
from tests.dataverse.organisation import Call, Reply, ok, refused

ACCOUNT_ID = "ac000000-0000-4000-8000-000000000001"
OTHER_ID = "ac000000-0000-4000-8000-000000000002"
CONTACT_ID = "c0000000-0000-4000-8000-000000000001"
INVOICE_ID = "1d2c3b4a-0000-4000-8000-00000000a001"


def _table(name: str, entity_set: str, *columns: Column, **more: Any) -> Table:
    by_name = {column.name: column for column in (Column(f"{name}id", Kind.ID), *columns)}
    return Table(name, entity_set, f"{name}id", by_name, **more)


ACCOUNT = _table(
    "account",
    "accounts",
    Column("name", Kind.TEXT),
    Column("gs_score", Kind.DECIMAL, places=2),
    Column("gs_grade", Kind.CHOICE),
    Column("gs_reasons", Kind.MEMO),
    Column("gs_scoredon", Kind.INSTANT),
    Column("gs_belowsince", Kind.DATE),
    Column("ownerid", Kind.LOOKUP, ("systemuser", "team")),
    Column("primarycontactid", Kind.LOOKUP, ("contact",)),
    navigations={("primarycontactid", "contact"): "primarycontactid"},
)
CONTACT = _table("contact", "contacts", Column("gs_score", Kind.DECIMAL, places=2))
INVOICE = _table(
    "invoice",
    "invoices",
    Column("name", Kind.TEXT),
    Column("totalamount", Kind.MONEY, places=2),
    Column("exchangerate", Kind.DOUBLE),
    Column("quantity", Kind.INTEGER),
    Column("ispriced", Kind.BOOLEAN),
    Column("statecode", Kind.CHOICE),
    Column("createdon", Kind.INSTANT),
    Column("duedate", Kind.DATE),
    Column("promisedat", Kind.LOCAL),
    Column("entityimage", Kind.OTHER),
    Column("customerid", Kind.LOOKUP, ("account", "contact")),
    Column("salesorderid", Kind.LOOKUP, ("salesorder",)),
    navigations={
        ("customerid", "account"): "customerid_account",
        ("customerid", "contact"): "customerid_contact",
        ("salesorderid", "salesorder"): "salesorderid",
    },
    bulk_update=False,
)
ORDER = _table(
    "salesorder",
    "salesorders",
    Column("statecode", Kind.CHOICE),
    Column("customerid", Kind.LOOKUP, ("account", "contact")),
    navigations={
        ("customerid", "account"): "customerid_account",
        ("customerid", "contact"): "customerid_contact",
    },
)
SCHEMA: Schema = {table.name: table for table in (ACCOUNT, CONTACT, INVOICE, ORDER)}

WRITABLE = {
    "account": frozenset({"gs_score", "gs_grade", "gs_reasons", "gs_scoredon", "gs_belowsince"}),
    "invoice": frozenset({"quantity"}),
}
TYPE = "@Microsoft.Dynamics.CRM.lookuplogicalname"
ACCOUNTS = Read("account", ("accountid", "gs_score"), "accountid", "account")
INVOICES = Read("invoice", ("invoiceid", "customerid"), "customerid", "account")
ONE = Scope("account", (ACCOUNT_ID,))
ALL = Scope("account")
GONE = refused(404, "0x80040217", "account With Id = 1 Does Not Exist")
BUSY = refused(429, "0x80072322", "busy", **{"Retry-After": "3"})
UPDATE_MULTIPLE = "accounts/Microsoft.Dynamics.CRM.UpdateMultiple"


def rows(call: Call) -> Reply:
    """One account, one invoice of it, and a yes to every write."""
    if call.method != "GET":
        return ok()
    if call.path.startswith("accounts"):
        return ok({"value": [{"accountid": ACCOUNT_ID, "gs_score": 81.5}]})
    customer = {"_customerid_value": ACCOUNT_ID, f"_customerid_value{TYPE}": "account"}
    return ok({"value": [{"invoiceid": INVOICE_ID, **customer}]})


ACCOUNT_PAGE = Page(ACCOUNTS, ({"accountid": ACCOUNT_ID, "gs_score": Decimal("81.5")},))
INVOICE_PAGE = Page(
    INVOICES, ({"invoiceid": INVOICE_ID, "customerid": Ref("account", ACCOUNT_ID)},)
)
