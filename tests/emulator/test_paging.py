"""``$orderby``, pages, cookies and counts."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.emulator.serving import OrgServer

IDS = [
    "00000000-0000-0000-0000-020000000000",
    "03000000-0000-0000-0000-010000000000",
    "02000000-0000-0000-0100-010000000000",
    "01000000-0000-0001-0100-010000000000",
    "01000000-0000-0100-0100-010000000000",
]
SQL_SERVER_ORDER = [IDS[1], IDS[2], IDS[4], IDS[3], IDS[0]]


@pytest.fixture(scope="module")
def org(shared_server: OrgServer) -> Iterator[OrgServer]:
    """Five accounts with nulls and ties; nothing is changed by the tests."""
    contacts = [shared_server.create("contacts", lastname=name) for name in ("b", "A")]
    for place, (row_id, name, revenue) in enumerate(
        zip(IDS, ["d", None, "B", "b", "ا"], [1, 1, None, 10, 9], strict=True)
    ):
        bound = {"primarycontactid__bind": f"/contacts({contacts[place % 2]})"}
        shared_server.create(
            "accounts", accountid=row_id, name=name, revenue=revenue, **(bound if place else {})
        )
    yield shared_server
    with shared_server.org.transaction() as tx:
        for table in ("account", "contact"):
            for row in shared_server.org.rows(table):
                tx.delete(table, row[f"{table}id"])


def walk(org: OrgServer, path: str, size: int) -> list[list[dict[str, Any]]]:
    """Every page, following the links as given."""
    pages, link = [], org.api + path
    while link:
        body = org.get(link, Prefer=f"odata.maxpagesize={size}")
        pages.append(body["value"])
        link = body.get("@odata.nextLink", "")
    return pages


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("", SQL_SERVER_ORDER),
        ("&$orderby=accountid desc", SQL_SERVER_ORDER[::-1]),
        ("&$orderby=name", [IDS[1], IDS[2], IDS[3], IDS[0], IDS[4]]),
        ("&$orderby=name desc", [IDS[4], IDS[0], IDS[2], IDS[3], IDS[1]]),
        ("&$orderby=revenue,name", [IDS[2], IDS[1], IDS[0], IDS[4], IDS[3]]),
        ("&$orderby=revenue desc,name asc", [IDS[3], IDS[4], IDS[1], IDS[0], IDS[2]]),
        ("&$orderby=_primarycontactid_value,name", [IDS[0], IDS[1], IDS[3], IDS[2], IDS[4]]),
        ("&$orderby=primarycontactid/lastname,name", [IDS[0], IDS[1], IDS[3], IDS[2], IDS[4]]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("size", [1, 2, 5000])
def test_the_order_is_sql_servers_on_every_page_size(
    org: OrgServer, order: str, expected: list[str], size: int
) -> None:
    pages = walk(org, f"accounts?$select=accountid{order}", size)
    assert [row["accountid"] for page in pages for row in page] == expected
    assert max(len(page) for page in pages) <= size


def test_the_next_link_is_absolute_opaque_and_keeps_the_query(org: OrgServer) -> None:
    query = "accounts?$select=name&$filter=revenue%20ne%20null"
    link = org.get(query, Prefer="odata.maxpagesize=2")["@odata.nextLink"]
    kept, _, token = link.partition("&$skiptoken=")
    assert kept == org.api + query
    assert token.startswith("%3Ccookie%20pagenumber=%222%22%20pagingcookie=%22%253Ccookie")
    assert token.endswith("%22%20istracking=%22False%22%20/%3E")


def test_the_preferred_page_size_is_echoed(org: OrgServer) -> None:
    response = org.send("GET", "accounts?$select=name", Prefer="odata.maxpagesize=2")
    assert response.headers["Preference-Applied"] == "odata.maxpagesize=2"


def test_a_page_is_not_disturbed_by_rows_that_come_and_go(org: OrgServer) -> None:
    first = org.get("accounts?$select=name", Prefer="odata.maxpagesize=2")
    extra = org.create("accounts", accountid="00000000-0000-0000-0000-000000000001")
    second = org.get(first["@odata.nextLink"], Prefer="odata.maxpagesize=2")
    assert org.send("DELETE", f"accounts({extra})").status_code == 204
    assert [row["accountid"] for row in second["value"]] == SQL_SERVER_ORDER[2:4]


@pytest.mark.parametrize(
    ("prefer", "expected", "more"),
    [("", 2, False), ("odata.maxpagesize=3", 3, True), ("odata.maxpagesize=5", 5, False)],
)
def test_top_is_ignored_when_a_page_size_is_preferred(
    org: OrgServer, prefer: str, expected: int, more: bool
) -> None:
    body = org.get("accounts?$top=2", **({"Prefer": prefer} if prefer else {}))
    assert (len(body["value"]), "@odata.nextLink" in body) == (expected, more)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("accounts?$count=true&$top=1", 5),
        ("accounts?$count=true&$filter=revenue eq 1", 2),
    ],
)
def test_the_count_ignores_the_page(org: OrgServer, path: str, expected: int) -> None:
    assert org.get(path)["@odata.count"] == expected


def test_a_bare_count_is_text(org: OrgServer) -> None:
    response = org.send("GET", "accounts/$count?$filter=revenue eq 1")
    assert response.headers["Content-Type"].startswith("text/plain")
    assert response.text == "2"


def test_the_annotations_tell_when_the_count_is_cut(org: OrgServer) -> None:
    body = org.get("accounts?$count=true", Prefer='odata.include-annotations="*"')
    assert body["@Microsoft.Dynamics.CRM.totalrecordcount"] == 5
    assert body["@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded"] is False


@pytest.mark.parametrize(
    "path",
    [
        "accounts?$skiptoken=nonsense",
        "accounts?$skiptoken=%3Ccookie/%3E",
        "accounts?$top=x",
        "accounts?$orderby=nosuch",
        "accounts?$orderby=name sideways",
        "accounts?$select=nosuch",
        "accounts?$expand=nosuch",
        "accounts?$count=maybe",
        f"accounts({IDS[0]})?$filter=name eq 'd'",
        f"accounts({IDS[0]})?$top=1",
    ],
)
def test_a_query_that_makes_no_sense_is_refused(org: OrgServer, path: str) -> None:
    assert org.send("GET", path).status_code == 400
