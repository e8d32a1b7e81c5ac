"""Asking for figures: the questions, what becomes of the answers, and when paging goes on."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from gradesys.dataverse.client import Client
from gradesys.dataverse.totals import partial_of
from gradesys.errors import TemporaryError
from gradesys.records import Compare, Figure, Page, Partial, Plan, Read, Value
from tests.dataverse.organisation import API, Call, Install, Reply, ok, refused
from tests.dataverse.sample import (
    ACCOUNT_ID,
    BUSY,
    INVOICE_ID,
    ONE,
    SCHEMA,
    TYPE,
)

SUM, MOST = Figure("sum", "totalamount"), Figure("max", "duedate")
COUNT = Figure("count", "quantity")
D = Decimal


def read(*figures: Figure) -> Read:
    columns, paid = ("invoiceid", "customerid"), Compare("statecode", "eq", D(2))
    return Read("invoice", columns, "customerid", "account", paid, figures=figures)


def asked(client: Client, *figures: Figure) -> Partial | None:
    return partial_of(client, SCHEMA, read(*figures), ACCOUNT_ID.upper())


def test_one_question_for_all_sums_and_one_for_each_count(install: Install, client: Client) -> None:
    _, organisation = install(lambda call: ok({"value": []}))
    asked(client, COUNT, MOST, SUM)
    rows = f"statecode eq 2 and _customerid_value eq {ACCOUNT_ID}"
    assert [call.path for call in organisation.calls] == [
        f"invoices?$apply=filter({rows})/aggregate(duedate with max as max_of_duedate"
        ",totalamount with sum as sum_of_totalamount,$count as rows)",
        f"invoices?$apply=filter({rows} and quantity ne null)/aggregate($count as rows)",
    ]
    assert organisation.https == ["POST $batch"]


@pytest.mark.parametrize(
    ("body", "rows", "value"),
    [
        (b'{"value":[{"rows":7,"sum_of_totalamount":92233720368547758071234567.1234}]}', 7,
         D("92233720368547758071234567.1234")),
        (b'{"value":[{"rows":7,"sum_of_totalamount":0.1}]}', 7, D("0.1")),
        (b'{"value":[{"rows":7,"sum_of_totalamount":null}]}', 7, None),
        (b'{"value":[{"rows":7}]}', 7, None),
        (b'{"value":[]}', 0, None),
    ],
)  # fmt: skip
def test_figures_arrive_to_the_last_digit(
    install: Install, client: Client, body: bytes, rows: int, value: Value
) -> None:
    install(lambda call: (200, {}, body))
    assert asked(client, SUM) == Partial(ACCOUNT_ID, rows, {SUM: value})


TOO_MANY = refused(400, "0x8004E023", "AggregateQueryRecordLimit exceeded.")


@pytest.mark.parametrize(
    "reply",
    [
        TOO_MANY,
        refused(400, "0x80060888", "the aggregation is not supported"),
        refused(403, "0x80040220", "prvReadInvoice"),
        refused(501, "", "not implemented"),
        ok({"value": "nothing"}),
        ok({"value": [{"rows": "many"}]}),
    ],
)
@pytest.mark.parametrize("part", ["sum_of", "quantity ne null"])
def test_a_refusal_of_one_question_means_paging(
    install: Install, client: Client, reply: Reply, part: str
) -> None:
    install(lambda call: reply if part in call.path else ok({"value": [{"rows": 1}]}))
    assert asked(client, SUM, COUNT) is None


def test_an_outage_is_no_refusal(install: Install, client: Client) -> None:
    install(lambda call: BUSY)
    with pytest.raises(TemporaryError):
        asked(client, SUM)


def _row(owner: str, table: str) -> dict[str, Any]:
    return {"invoiceid": INVOICE_ID, "_customerid_value": owner, f"_customerid_value{TYPE}": table}


@pytest.mark.parametrize(
    ("row", "rows", "paged"),
    [
        (_row(ACCOUNT_ID, "account"), 2, False),
        (_row(ACCOUNT_ID, "account"), 0, True),
        (_row(ACCOUNT_ID, "contact"), 2, True),
    ],
)
def test_figures_that_cannot_be_meant_are_not_taken(
    install: Install, row: dict[str, Any], rows: int, paged: bool
) -> None:
    def respond(call: Call) -> Reply:
        if "$apply" in call.path:
            return ok({"value": [{"rows": rows}]})
        link = None if "skiptoken" in call.path else f"{API}invoices?$skiptoken=1"
        return ok({"value": [row], "@odata.nextLink": link})

    store, _ = install(respond)
    pages = list(store.pages(Plan((read(),), ONE)))
    summed = [Page(read(), (), (Partial(ACCOUNT_ID, rows, {}),))]
    assert (pages != summed) is paged
    assert len(pages) == (2 if paged else 1)
