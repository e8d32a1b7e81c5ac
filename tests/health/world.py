"""The small org with a status column, and rules that fill it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from msgspec.structs import replace

from gradesys.engine import Context
from gradesys.records import Column, Kind, Option, Schema, Value
from gradesys.rules.document import load_document
from gradesys.rules.parse import Source, parse_model
from gradesys.rules.rulebook import open_rulebook
from tests.engine.world import CUSTOMERS, SCHEMA, MemoryOrg, context_of

CURRENT, PARKED = Decimal(1), Decimal(2)
OPTIONS = (Option(1, {1033: "Current", 1065: "به‌روز"}), Option(2, {1033: "Parked"}))
CHOICE = Column("gs_status", Kind.CHOICE, options=OPTIONS)
ACCOUNT = SCHEMA["account"]
WITH_STATUS: Schema = {
    **SCHEMA,
    "account": replace(ACCOUNT, columns={**ACCOUNT.columns, "gs_status": CHOICE}),
}
TOLD = CUSTOMERS.replace("grade: gs_grade}", "grade: gs_grade, status: gs_status}")


def having(column: Column) -> Schema:
    """The org's tables, with this column of accounts as it is given."""
    columns = {**WITH_STATUS["account"].columns, column.name: column}
    return {**WITH_STATUS, "account": replace(ACCOUNT, columns=columns)}


def told_context(org: MemoryOrg, folder: Path, schema: Schema = WITH_STATUS) -> Context:
    """The org under rules with a status column."""
    document = load_document(TOLD, "told.yaml")
    book = open_rulebook([Source(parse_model(document, {}), document)], schema)
    return replace(context_of(org, folder), rulebook=book)


def status(org: MemoryOrg) -> Value:
    """What the form shows."""
    return org.tables["account"]["a1"].get("gs_status")


def invoice(org: MemoryOrg, amount: Value) -> None:
    """Make the only invoice one over this amount."""
    org.tables["invoice"]["i1"]["totalamount"] = amount
