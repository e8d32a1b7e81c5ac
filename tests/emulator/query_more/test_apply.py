"""``$apply``: groups and figures over at most 50,000 rows."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pytest

from tests.emulator.query_more.conftest import A1, A2, A3, fetch
from tests.emulator.serving import OrgServer

FORMATTED = 'odata.include-annotations="OData.Community.Display.V1.FormattedValue"'


def applied(org: OrgServer, entity_set: str, text: str, **headers: str) -> list[dict[str, Any]]:
    return org.rows(f"{entity_set}?$apply={quote(text)}", **headers)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("aggregate($count as n)", [{"n": 6}]),
        ("aggregate(totalamount with sum as s)", [{"s": 385.25}]),
        ("aggregate(totalamount_base with sum as s)", [{"s": 192.625}]),
        ("aggregate(totalamount with min as lo,totalamount with max as hi,$count as n)",
         [{"lo": 10, "hi": 200, "n": 6}]),
        # Nulls are left out of an average, rows without a value still count.
        ("aggregate(totalamount with average as a)", [{"a": 77.05}]),
        ("aggregate(createdon with max as last,createdon with min as first)",
         [{"last": "2026-03-04T00:00:00Z", "first": "2025-03-01T00:00:00Z"}]),
        ("aggregate(_customerid_value with countdistinct as d)", [{"d": 3}]),
        ("filter(statecode eq 2)/aggregate(totalamount with sum as s)", [{"s": 325}]),
        (f"filter(_customerid_value eq {A1} and statecode eq 2 and createdon ge "
         "2026-01-01T00:00:00Z)/aggregate(totalamount with sum as s,$count as n)",
         [{"s": 100, "n": 1}]),
        ("filter(statecode eq 2)/filter(totalamount gt 50)/aggregate($count as n)", [{"n": 2}]),
        ("filter(name eq 'a/b')/aggregate(totalamount with sum as s,$count as n)", [{"n": 0}]),
        ("filter(Microsoft.Dynamics.CRM.Today(PropertyName='createdon'))/aggregate($count as n)",
         [{"n": 1}]),
        ("groupby((statecode))", [{"statecode": 0}, {"statecode": 2}, {"statecode": 3}]),
        ("groupby((statecode),aggregate($count as n,totalamount with sum as s))",
         [{"statecode": 0, "n": 2, "s": 50.25}, {"statecode": 2, "n": 3, "s": 325},
          {"statecode": 3, "n": 1, "s": 10}]),
        ("filter(statecode eq 2)/groupby((_customerid_value),aggregate(totalamount with sum as s))",
         [{"_customerid_value": A1, "s": 100}, {"_customerid_value": A3, "s": 25},
          {"_customerid_value": A2, "s": 200}]),
        # Documented: the column of a path is called <table>_<column>; null keys are left out.
        ("groupby((customerid_account/name),aggregate($count as n))",
         [{"n": 1}, {"account_name": "Zarrin", "n": 2}, {"account_name": "Ālpha", "n": 1},
          {"account_name": "شرکت پارس", "n": 2}]),
        ("groupby((statecode,statuscode),aggregate($count as n))",
         [{"statecode": 0, "statuscode": 1, "n": 2},
          {"statecode": 2, "statuscode": 100001, "n": 3},
          {"statecode": 3, "statuscode": 100003, "n": 1}]),
    ],
)  # fmt: skip
def test_invoices_are_summed_up(
    reading_server: OrgServer, text: str, expected: list[dict[str, Any]]
) -> None:
    found = applied(reading_server, "invoices", text)
    assert found == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Texts that differ in case only belong together.
        ("groupby((address1_city),aggregate($count as n))",
         [{"n": 1}, {"address1_city": "Shiraz", "n": 1}, {"address1_city": "Tehran", "n": 2}]),
        # Whole numbers are averaged to a whole number, as SQL Server does.
        ("aggregate(numberofemployees with average as a,numberofemployees with sum as s)",
         [{"a": 7, "s": 21}]),
        # A group that only has nulls sums up to 0.
        ("groupby((address1_city),aggregate(numberofemployees with sum as s))",
         [{"s": 0}, {"address1_city": "Shiraz", "s": 8}, {"address1_city": "Tehran", "s": 13}]),
        ("groupby((primarycontactid/fullname),aggregate(revenue with sum as s))",
         [{"s": 0}, {"contact_fullname": "Omid Karimi", "s": 0},
          {"contact_fullname": "Sara Ahmadi", "s": 300.5}]),
    ],
)  # fmt: skip
def test_accounts_are_summed_up(
    reading_server: OrgServer, text: str, expected: list[dict[str, Any]]
) -> None:
    found = applied(reading_server, "accounts", text)
    for row in found:
        row.update({key: row[key].title() for key in ("address1_city",) if key in row})
    assert found == expected


def test_sums_are_exact_and_the_same_in_both_languages(
    start_server: Callable[..., OrgServer],
) -> None:
    org = start_server()
    amounts = [Decimal(n * n % 997) / 10 + Decimal("0.0001") * n for n in range(1, 60)]
    for amount in amounts:
        org.create("invoices", totalamount=float(amount))
    xml = (
        "<fetch aggregate='true'><entity name='invoice'>"
        "<attribute name='totalamount' alias='s' aggregate='sum'/></entity></fetch>"
    )
    for path in ("invoices?$apply=aggregate(totalamount with sum as s)", fetch("invoices", xml)):
        text = org.send("GET", path).text
        assert json.loads(text, parse_float=Decimal)["value"] == [{"s": sum(amounts)}]


def test_formatted_values_come_with_keys_and_figures(reading_server: OrgServer) -> None:
    text = "groupby((statecode),aggregate($count as n,totalamount with sum as s))"
    row = applied(reading_server, "invoices", text, Prefer=FORMATTED)[1]
    assert row == {
        "statecode@OData.Community.Display.V1.FormattedValue": "Paid",
        "statecode": 2,
        "n@OData.Community.Display.V1.FormattedValue": "3",
        "n": 3,
        "s@OData.Community.Display.V1.FormattedValue": "$325.00",
        "s": 325,
    }


def test_groups_are_paged_and_sorted_by_what_they_are_grouped_by(
    reading_server: OrgServer,
) -> None:
    path = "invoices?$apply=groupby((statecode))&$orderby=statecode desc"
    first = reading_server.get(path, Prefer="odata.maxpagesize=2")
    second = reading_server.get(first["@odata.nextLink"], Prefer="odata.maxpagesize=2")
    rows = first["value"] + second["value"]
    assert [row["statecode"] for row in rows] == [3, 2, 0]
    assert "@odata.nextLink" not in second
    assert reading_server.rows(f"{path}&$top=1") == [{"statecode": 3}]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("$apply=groupby((statecode),aggregate($count as n))&$orderby=n desc",
         "The query node SingleValueOpenPropertyAccess is not supported."),
        ("$apply=groupby((createdon))", "date-time"),
        ("$apply=groupby((nosuch))", "Could not find a property named 'nosuch'"),
        ("$apply=groupby(statecode)", "Syntax error"),
        ("$apply=groupby(())", "groupby needs"),
        ("$apply=aggregate(totalamount with sum)", "Syntax error"),
        ("$apply=aggregate()", "Syntax error"),
        ("$apply=aggregate($count as n,totalamount with sum as n)", "Syntax error"),
        ("$apply=filter(statecode eq)/aggregate($count as n)", "Syntax error"),
        ("$apply=nothing", "Syntax error"),
    ],
)  # fmt: skip
def test_an_aggregation_that_makes_no_sense_is_refused(
    reading_server: OrgServer, query: str, message: str
) -> None:
    response = reading_server.send("GET", f"invoices?{query}")
    assert response.status_code == 400, response.text
    assert message in response.json()["error"]["message"]


@pytest.mark.parametrize(
    "query",
    [
        "$apply=topcount(1,totalamount)",
        "$apply=filter(statecode eq 2)",
        "$apply=groupby((statecode))/filter(statecode eq 2)",
        "$apply=aggregate(totalamount with stdev as s)",
        "$apply=aggregate(name with max as s)",
        "$apply=groupby((statecode))&$filter=statecode eq 2",
        "$apply=groupby((statecode))&$select=statecode",
        "$apply=groupby((statecode))&$count=true",
    ],
)
def test_what_dataverse_does_not_aggregate_is_refused_with_501(
    refused: Callable[[str], OrgServer], query: str
) -> None:
    refused(f"invoices?{query}")


def test_more_than_fifty_thousand_rows_are_too_many(many_accounts: OrgServer) -> None:
    response = many_accounts.send("GET", "accounts?$apply=aggregate($count as n)")
    assert (response.status_code, response.json()["error"]) == (
        400,
        {
            "code": "0x8004e023",
            "message": "AggregateQueryRecordLimit exceeded. Cannot perform this operation.",
        },
    )
    below = "filter(numberofemployees ne 0)/aggregate($count as n)"
    assert applied(many_accounts, "accounts", below) == [{"n": 50_000}]
