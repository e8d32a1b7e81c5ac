"""FetchXML with ``aggregate="true"``."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.emulator.query_more.conftest import A1, A2, A3, fetch
from tests.emulator.serving import OrgServer

ANNOTATED = 'odata.include-annotations="*"'
FORMATTED = "OData.Community.Display.V1.FormattedValue"


def summary(inside: str, attributes: str = "") -> str:
    xml = f"<fetch aggregate='true' {attributes}><entity name='invoice'>{inside}</entity></fetch>"
    return fetch("invoices", xml)


SUM = "<attribute name='totalamount' alias='s' aggregate='sum'/>"
COUNT = "<attribute name='invoiceid' alias='n' aggregate='count'/>"
STATE = "<attribute name='statecode' alias='state' groupby='true'/>"
ACCOUNT = "<attribute name='customerid' alias='acc' groupby='true'/>"


def of(name: str, function: str, more: str = "") -> str:
    return f"<attribute name='{name}' alias='x' aggregate='{function}' {more}/>"


@pytest.mark.parametrize(
    ("attribute", "expected"),
    [
        (of("totalamount", "sum"), 385.25),
        (of("totalamount", "avg"), 77.05),
        (of("totalamount", "min"), 10),
        (of("totalamount", "max"), 200),
        (of("totalamount", "count"), 6),
        (of("totalamount", "countcolumn"), 5),
        (of("statecode", "countcolumn", "distinct='true'"), 3),
        (of("customerid", "countcolumn", "distinct='true'"), 3),
        (of("createdon", "min"), "2025-03-01T00:00:00Z"),
        (of("duedate", "max"), "2026-03-04"),
    ],
)
def test_figures_leave_nulls_out(reading_server: OrgServer, attribute: str, expected: Any) -> None:
    assert reading_server.rows(summary(attribute)) == [{"x": expected}]


def test_groups_have_their_figures(reading_server: OrgServer) -> None:
    rows = reading_server.rows(summary(SUM + COUNT + STATE))
    assert rows == [
        {"state": 0, "s": 50.25, "n": 2},
        {"state": 2, "s": 325, "n": 3},
        {"state": 3, "s": 10, "n": 1},
    ]


def test_the_documented_resync_query_gives_one_row_for_each_parent(
    reading_server: OrgServer,
) -> None:
    path = summary(
        "<attribute name='totalamount_base' alias='s' aggregate='sum'/>"
        + COUNT
        + ACCOUNT
        + "<filter type='and'><condition attribute='statecode' operator='eq' value='2'/>"
        "<condition attribute='createdon' operator='on-or-after' value='2025-03-02'/>"
        f"<condition attribute='customerid' operator='in'><value>{A1}</value><value>{A2}</value>"
        "</condition></filter>"
        "<link-entity name='account' from='accountid' to='customerid' link-type='inner' alias='a'>"
        "<filter><condition attribute='statecode' operator='eq' value='0'/></filter></link-entity>"
    )
    assert reading_server.rows(path) == [
        {"s": 50, "n": 1, "acc": A1},
        {"s": 100, "n": 1, "acc": A2},
    ]


def test_groups_and_figures_are_annotated(reading_server: OrgServer) -> None:
    rows = reading_server.rows(summary(SUM + COUNT + STATE + ACCOUNT), Prefer=ANNOTATED)
    row = next(row for row in rows if row.get("acc") == A1 and row["state"] == 2)
    assert row == {
        f"state@{FORMATTED}": "Paid",
        "state": 2,
        f"acc@{FORMATTED}": "Zarrin",
        "acc@Microsoft.Dynamics.CRM.associatednavigationproperty": "customerid_account",
        "acc@Microsoft.Dynamics.CRM.lookuplogicalname": "account",
        "acc": A1,
        f"s@{FORMATTED}": "$100.00",
        "s": 100,
        f"n@{FORMATTED}": "1",
        "n": 1,
    }


def test_a_null_group_has_no_key(reading_server: OrgServer) -> None:
    rows = reading_server.rows(summary(COUNT + ACCOUNT))
    assert rows[0] == {"n": 1}


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("day", [(1, 2), (4, 1), (25, 1), (28, 1), (31, 1)]),
        ("week", [(5, 1), (9, 3), (10, 2)]),
        ("month", [(1, 1), (2, 2), (3, 3)]),
        ("quarter", [(1, 6)]),
        ("year", [(2025, 1), (2026, 5)]),
        ("fiscal-year", [(2025, 1), (2026, 5)]),
    ],
)
def test_dates_are_grouped_by_a_part(
    reading_server: OrgServer, part: str, expected: list[tuple[int, int]]
) -> None:
    grouped = f"<attribute name='createdon' alias='p' groupby='true' dategrouping='{part}'/>"
    rows = reading_server.rows(summary(COUNT + grouped))
    assert [(row["p"], row["n"]) for row in rows] == expected


@pytest.mark.parametrize(
    ("part", "text"), [("year", "2,025"), ("fiscal-year", "FY2025"), ("month", "3")]
)
def test_date_parts_have_a_text(reading_server: OrgServer, part: str, text: str) -> None:
    grouped = f"<attribute name='createdon' alias='p' groupby='true' dategrouping='{part}'/>"
    older = "<filter><condition attribute='createdon' operator='last-year'/></filter>"
    row = reading_server.rows(summary(COUNT + grouped + older), Prefer=ANNOTATED)[0]
    assert row[f"p@{FORMATTED}"] == text


@pytest.mark.parametrize(("zone", "expected"), [("true", [2, 3]), ("false", [2])])
def test_days_begin_on_the_users_clock_or_in_utc(
    start_server: Callable[..., OrgServer], zone: str, expected: list[int]
) -> None:
    """21:00 UTC is half past midnight of the next day in Tehran."""
    org = start_server()
    for created in ("2026-02-28T21:00:00Z", "2026-02-28T20:00:00Z"):
        org.create("invoices", overriddencreatedon=created)
    settings = org.rows("usersettingscollection")[0]["systemuserid"]
    org.send("PATCH", f"usersettingscollection({settings})", {"timezonecode": 160})
    grouped = (
        "<attribute name='createdon' alias='p' groupby='true' dategrouping='month' "
        f"usertimezone='{zone}'/>"
    )
    assert [row["p"] for row in org.rows(summary(COUNT + grouped))] == expected


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("<order alias='s'/>", [3, 0, 2]),
        ("<order alias='s' descending='true'/>", [2, 0, 3]),
        ("<order alias='state' descending='true'/>", [3, 2, 0]),
        ("<order alias='n' descending='true'/><order alias='s'/>", [2, 0, 3]),
    ],
)
def test_groups_are_ordered_by_alias(
    reading_server: OrgServer, order: str, expected: list[int]
) -> None:
    rows = reading_server.rows(summary(SUM + COUNT + STATE + order))
    assert [row["state"] for row in rows] == expected


def test_lookup_groups_are_ordered_by_name(reading_server: OrgServer) -> None:
    rows = reading_server.rows(summary(COUNT + ACCOUNT + "<order alias='acc'/>"))
    assert [row.get("acc") for row in rows] == [None, A1, A3, A2]


def test_groups_of_joined_tables_and_their_figures(reading_server: OrgServer) -> None:
    path = summary(
        SUM + "<link-entity name='account' from='accountid' to='customerid' alias='a'>"
        "<attribute name='address1_city' alias='city' groupby='true'/>"
        "<attribute name='numberofemployees' alias='staff' aggregate='max'/></link-entity>"
    )
    rows = reading_server.rows(path)
    assert [(row["city"].lower(), row["s"], row["staff"]) for row in rows] == [
        ("shiraz", 25, 8),
        ("tehran", 350.25, 8),
    ]


def test_groups_are_paged(reading_server: OrgServer) -> None:
    inside = COUNT + STATE
    first = reading_server.get(summary(inside, "count='2' page='1'"), Prefer=ANNOTATED)
    second = reading_server.get(summary(inside, "count='2' page='2'"), Prefer=ANNOTATED)
    assert [row["state"] for row in first["value"] + second["value"]] == [0, 2, 3]
    assert first["@Microsoft.Dynamics.CRM.morerecords"] is True
    assert "@Microsoft.Dynamics.CRM.morerecords" not in second
    assert reading_server.rows(summary(inside, "top='1'"))[0]["state"] == 0


def test_no_rows_have_no_sum_but_a_count(reading_server: OrgServer) -> None:
    nothing = "<filter><condition attribute='name' operator='eq' value='x'/></filter>"
    assert reading_server.rows(summary(SUM + COUNT + nothing)) == [{"n": 0}]
    assert reading_server.rows(summary(SUM + STATE + nothing)) == []


def test_rows_with_nulls_only_sum_up_to_nothing_spent(reading_server: OrgServer) -> None:
    """Documented by Microsoft's example: the sum is 0, the average is not there."""
    only = "<filter><condition attribute='name' operator='eq' value='I5'/></filter>"
    average = "<attribute name='totalamount' alias='a' aggregate='avg'/>"
    assert reading_server.rows(summary(SUM + average + only)) == [{"s": 0}]


@pytest.mark.parametrize(
    ("inside", "attributes", "code"),
    [
        (COUNT, "aggregatelimit='5'", "0x8004e023"),
        ("<attribute name='invoiceid' aggregate='count'/>", "", "0x80040201"),
        ("<attribute name='name' alias='n'/>", "", "0x80040201"),
        (COUNT + "<order attribute='name'/>", "", "0x80040201"),
        (COUNT + "<order alias='nosuch'/>", "", "0x80040201"),
        (of("totalamount", "median"), "", "0x80040203"),
        (of("totalamount", "sum", "distinct='true'"), "", "0x80040201"),
        ("<attribute name='createdon' alias='p' groupby='true' dategrouping='decade'/>", "",
         "0x80040203"),
        ("<attribute name='name' alias='p' groupby='true' dategrouping='day'/>", "",
         "0x80040203"),
    ],
)  # fmt: skip
def test_a_summary_that_makes_no_sense_is_refused(
    reading_server: OrgServer, inside: str, attributes: str, code: str
) -> None:
    response = reading_server.send("GET", summary(inside, attributes))
    assert (response.status_code, response.json()["error"]["code"]) == (400, code), response.text


def test_the_limit_is_not_reached_by_as_many_rows(reading_server: OrgServer) -> None:
    assert reading_server.rows(summary(COUNT, "aggregatelimit='6'")) == [{"n": 6}]


@pytest.mark.parametrize(
    "inside",
    [
        of("name", "max"),
        of("statecode", "sum"),
        "<attribute name='createdon' alias='p' groupby='true' dategrouping='fiscal-period'/>",
    ],
)
def test_what_is_left_out_is_refused_with_501(
    refused: Callable[[str], OrgServer], inside: str
) -> None:
    org = refused(summary(inside))
    assert org.rows("invoices") == []


def test_more_than_fifty_thousand_rows_are_too_many(many_accounts: OrgServer) -> None:
    count = "<attribute name='accountid' alias='n' aggregate='count'/>"
    xml = f"<fetch aggregate='true' {{}}><entity name='account'>{count}{{}}</entity></fetch>"
    response = many_accounts.send("GET", fetch("accounts", xml.format("", "")))
    assert (response.status_code, response.json()["error"]["code"]) == (400, "0x8004e023")
    # A limit of the query's own can only lower the cap.
    raised = many_accounts.send("GET", fetch("accounts", xml.format("aggregatelimit='60000'", "")))
    assert raised.status_code == 400
    staffed = "<filter><condition attribute='numberofemployees' operator='ne' value='0'/></filter>"
    assert many_accounts.rows(fetch("accounts", xml.format("", staffed))) == [{"n": 50_000}]
