"""Narrowings as $filter text: typed literals, and explicit nulls."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from gradesys.dataverse.literals import guid, literal
from gradesys.dataverse.odata import TRUE, filter_text
from gradesys.errors import MissingMetadata, PermanentError
from gradesys.records import AllOf, AnyOf, Compare, Kind, Narrowing, Ref, Value
from tests.dataverse.sample import ACCOUNT_ID, INVOICE, OTHER_ID, SCHEMA

TWO = Decimal(2)
NOON = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (Kind.ID, ACCOUNT_ID.upper(), ACCOUNT_ID),
        (Kind.LOOKUP, Ref("account", ACCOUNT_ID), ACCOUNT_ID),
        (Kind.MONEY, Decimal("1234567890123456.7800"), "1234567890123456.7800"),
        (Kind.DECIMAL, Decimal("1E+3"), "1000"),
        (Kind.CHOICE, TWO, "2"),
        (Kind.BOOLEAN, True, "true"),
        (Kind.DATE, date(2026, 3, 1), "2026-03-01"),
        (Kind.INSTANT, NOON, "2026-03-01T12:30:00Z"),
        (
            Kind.INSTANT,
            NOON.astimezone(timezone(timedelta(hours=3, minutes=30))),
            "2026-03-01T12:30:00Z",
        ),
        (Kind.LOCAL, NOON.replace(tzinfo=None), "2026-03-01T12:30:00Z"),
    ],
)
def test_a_literal_is_written_by_its_kind(kind: Kind, value: Value, text: str) -> None:
    assert literal(kind, value) == text


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Kind.TEXT, "x' or name ne 'y"),
        (Kind.ID, "1 or 1 eq 1"),
        (Kind.LOOKUP, Ref("account", "me")),
        (Kind.MONEY, True),
        (Kind.MONEY, "5"),
        (Kind.MONEY, Decimal("NaN")),
        (Kind.BOOLEAN, Decimal(1)),
        (Kind.DATE, NOON),
        (Kind.INSTANT, date(2026, 3, 1)),
        (Kind.INSTANT, NOON.replace(tzinfo=None)),
        (Kind.LOCAL, NOON),
        (Kind.OTHER, "x"),
        (Kind.ID, None),
    ],
)
def test_a_value_of_another_kind_is_refused(kind: Kind, value: Value) -> None:
    with pytest.raises(PermanentError):
        literal(kind, value)


def test_a_guid_is_parsed_and_never_copied() -> None:
    assert guid(f"{{{ACCOUNT_ID.upper()}}}") == ACCOUNT_ID


@pytest.mark.parametrize(
    ("where", "text"),
    [
        (AllOf(()), TRUE),
        (AnyOf(()), "invoiceid eq null"),
        (Compare("statecode", "eq", TWO), "statecode eq 2"),
        (Compare("statecode", "eq", None), "statecode eq null"),
        (Compare("statecode", "ne", TWO), "(statecode ne 2 or statecode eq null)"),
        (Compare("statecode", "ne", None), "statecode ne null"),
        (Compare("totalamount", "gt", Decimal("5.50")), "totalamount gt 5.50"),
        (Compare("totalamount", "le", TWO), "totalamount le 2"),
        (Compare("statecode", "in", (TWO,)), "statecode eq 2"),
        (Compare("statecode", "in", (TWO, None)), "(statecode eq 2 or statecode eq null)"),
        (Compare("statecode", "in", ()), "(statecode eq null and statecode ne null)"),
        (
            Compare("statecode", "not_in", (TWO, Decimal(3))),
            "((statecode ne 2 and statecode ne 3) or statecode eq null)",
        ),
        (
            Compare("statecode", "not_in", (TWO, None)),
            "(statecode ne 2 and statecode ne null)",
        ),
        (Compare("statecode", "not_in", ()), TRUE),
        (Compare("name", "null"), "name eq null"),
        (Compare("name", "not_null"), "name ne null"),
        (Compare("customerid", "null"), "_customerid_value eq null"),
        (
            Compare("customerid", "ne", Ref("account", ACCOUNT_ID)),
            f"(_customerid_value ne {ACCOUNT_ID} or _customerid_value eq null)",
        ),
        (
            AllOf((Compare("ispriced", "eq", True), Compare("duedate", "lt", date(2026, 1, 2)))),
            "(ispriced eq true and duedate lt 2026-01-02)",
        ),
        (
            AllOf((AllOf(()), Compare("invoiceid", "in", (ACCOUNT_ID, OTHER_ID)))),
            f"(invoiceid eq {ACCOUNT_ID} or invoiceid eq {OTHER_ID})",
        ),
        (AnyOf((AllOf(()), Compare("statecode", "eq", TWO))), TRUE),
        (
            AnyOf((Compare("statecode", "eq", TWO), Compare("quantity", "ge", TWO))),
            "(statecode eq 2 or quantity ge 2)",
        ),
    ],
)
def test_a_narrowing_says_what_null_means(where: Narrowing, text: str) -> None:
    assert filter_text(SCHEMA, INVOICE, where) == text


@pytest.mark.parametrize(
    ("column", "op", "text"),
    [
        ("salesorderid.statecode", "eq", "salesorderid/statecode eq 2"),
        ("salesorderid.statecode", "ne", TRUE),
        ("customerid.gs_score", "gt", TRUE),
        ("salesorderid.customerid.gs_score", "gt", TRUE),
    ],
)
def test_a_parents_condition_is_sent_only_where_it_cannot_mislead(
    column: str, op: str, text: str
) -> None:
    assert filter_text(SCHEMA, INVOICE, Compare(column, op, TWO)) == text


def test_a_parents_condition_is_no_alternative() -> None:
    parent, own = (Compare(name, "eq", TWO) for name in ("salesorderid.statecode", "statecode"))
    assert filter_text(SCHEMA, INVOICE, AnyOf((own, AllOf((own, parent))))) == TRUE
    assert filter_text(SCHEMA, INVOICE, AllOf((AnyOf((own,)), parent))) == (
        "(statecode eq 2 and salesorderid/statecode eq 2)"
    )


@pytest.mark.parametrize("name", ["nothing", "Name", "name eq 1 or name", "salesorderid.nothing"])
def test_a_name_outside_the_schema_is_refused(name: str) -> None:
    with pytest.raises(MissingMetadata):
        filter_text(SCHEMA, INVOICE, Compare(name, "eq", TWO))


@pytest.mark.parametrize(("op", "operand"), [("like", TWO), ("gt", None)])
def test_a_condition_that_makes_no_sense_is_refused(op: str, operand: Value) -> None:
    with pytest.raises(PermanentError):
        filter_text(SCHEMA, INVOICE, Compare("totalamount", op, operand))
