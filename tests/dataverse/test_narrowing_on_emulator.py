"""Narrowings on a running organisation: they mean there what they mean to rules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from gradesys.records import (
    AllOf,
    AnyOf,
    Compare,
    Narrowing,
    Read,
    Ref,
    Row,
    Scope,
    Value,
)
from tests.dataverse.emulated import INVOICES, Org, account_id, contact_id, invoice_id

CELLS: dict[str, tuple[Value, ...]] = {
    "totalamount": (Decimal(100), Decimal("100.5"), Decimal("100.50")),
    "statecode": (Decimal(2), Decimal(0)),
    "duedate": (date(2026, 2, 1), date(2026, 3, 1)),
    "createdon": (datetime(2026, 1, 10, 10, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)),
    "ispricelocked": (True, False),
    "customerid": (Ref("account", account_id(1)), Ref("contact", contact_id(1))),
    "invoiceid": (invoice_id(1), invoice_id(3)),
}
EQUALITY = ("eq", "ne")
ORDER = ("gt", "ge", "lt", "le")
ORDERED = ("totalamount", "statecode", "duedate", "createdon")


def holds(where: Narrowing, row: Row) -> bool:
    """Two-valued logic, as rules.md has it: null is a value like any other."""
    if isinstance(where, AllOf):
        return all(holds(part, row) for part in where.parts)
    if isinstance(where, AnyOf):
        return any(holds(part, row) for part in where.parts)
    value: Any = row[where.column]
    operand: Any = where.operand
    among = value in operand if isinstance(operand, tuple) else False
    decide: dict[str, Callable[[], bool]] = {
        "eq": lambda: value == operand,
        "ne": lambda: value != operand,
        "in": lambda: among,
        "not_in": lambda: not among,
        "null": lambda: value is None,
        "not_null": lambda: value is not None,
        "gt": lambda: value is not None and value > operand,
        "ge": lambda: value is not None and value >= operand,
        "lt": lambda: value is not None and value < operand,
        "le": lambda: value is not None and value <= operand,
    }
    return decide[where.op]()


def narrowings() -> list[Narrowing]:
    found: list[Narrowing] = []
    for column, operands in CELLS.items():
        ops = EQUALITY + (ORDER if column in ORDERED else ())
        found += [Compare(column, op, operand) for op in ops for operand in operands]
        found += [Compare(column, op) for op in ("null", "not_null", *EQUALITY)]
        for values in ((), operands, operands[:1], (*operands[:1], None)):
            found += [Compare(column, op, values) for op in ("in", "not_in")]
    simple = (Compare("totalamount", "ne", Decimal(100)), Compare("statecode", "eq", Decimal(2)))
    return [*found, AllOf(simple), AnyOf(simple), AllOf((AnyOf(simple), AllOf(()))), AnyOf(())]


@pytest.fixture(scope="module")
def every_invoice(org: Org) -> list[Row]:
    found = org.rows(Read("invoice", tuple(CELLS), "customerid", "account"), Scope("account"))
    assert len(found) == len(INVOICES)
    return found


@pytest.mark.parametrize("where", narrowings(), ids=str)
def test_a_narrowing_means_on_the_server_what_it_means_to_rules(org: Org, where: Narrowing) -> None:
    read = Read("invoice", tuple(CELLS), "customerid", "account", where)
    everything = org.rows(Read("invoice", tuple(CELLS), "customerid", "account"), Scope("account"))
    assert len(everything) == len(INVOICES)
    expected = {row["invoiceid"] for row in everything if holds(where, row)}
    assert {row["invoiceid"] for row in org.rows(read, Scope("account"))} == expected


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        (Compare("salesorderid.statecode", "eq", Decimal(3)), [1]),
        (Compare("salesorderid.statecode", "ne", Decimal(3)), [1, 2, 3]),
        (Compare("customerid.creditlimit", "gt", Decimal(5)), [1, 2, 3]),
    ],
)
def test_a_narrowing_by_a_parent_never_loses_a_row(
    org: Org, where: Narrowing, ids: list[int]
) -> None:
    read = Read("invoice", ("invoiceid",), "customerid", "account", where)
    found = {row["invoiceid"] for row in org.rows(read, Scope("account"))}
    assert found == {invoice_id(number) for number in ids}
