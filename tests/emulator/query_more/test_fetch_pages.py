"""FetchXML page by page: with the cookie, without it, and counted."""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

import pytest

from tests.emulator.query_more.conftest import fetch
from tests.emulator.serving import OrgServer

COOKIE = "@Microsoft.Dynamics.CRM.fetchxmlpagingcookie"
MORE = "@Microsoft.Dynamics.CRM.morerecords"
WANTED = 'odata.include-annotations="*"'


def page(
    org: OrgServer, inside: str, number: int, *, cookie: str = "", attributes: str = "count='2'"
) -> dict[str, Any]:
    """One page of invoices; the cookie is the inner one, decoded twice."""
    given = f" paging-cookie={quoteattr(cookie)}" if cookie else ""
    entity = f"<entity name='invoice'>{inside}</entity>"
    xml = f"<fetch page='{number}' {attributes}{given}>{entity}</fetch>"
    found: dict[str, Any] = org.get(fetch("invoices", xml), Prefer=WANTED)
    return found


def inner(body: dict[str, Any]) -> str:
    """The cookie as a client takes it from the answer: URL-decoded twice."""
    outer = ElementTree.fromstring(body[COOKIE])
    return unquote(unquote(outer.attrib["pagingcookie"]))


def walk(org: OrgServer, inside: str, *, cookies: bool) -> list[str]:
    """The names on all pages."""
    names: list[str] = []
    number, cookie, more = 1, "", True
    while more:
        body = page(org, inside, number, cookie=cookie)
        assert len(body["value"]) <= 2
        names += [row["name"] for row in body["value"]]
        more = body.get(MORE, False)
        assert (COOKIE in body) == (more and cookies)
        number, cookie = number + 1, inner(body) if COOKIE in body else ""
    return names


CUSTOMER = (
    "<link-entity name='account' from='accountid' to='customerid' link-type='outer' alias='a'>{}"
    "</link-entity>"
)


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("<order attribute='name'/>", ["I1", "I2", "I3", "I4", "I5", "I6"]),
        ("<order attribute='name' descending='true'/>", ["I6", "I5", "I4", "I3", "I2", "I1"]),
        ("<order attribute='totalamount'/>", ["I5", "I6", "I4", "I2", "I1", "I3"]),
        ("<order attribute='totalamount' descending='true'/>",
         ["I3", "I1", "I2", "I4", "I6", "I5"]),
        ("<order attribute='statecode'/><order attribute='name'/>",
         ["I2", "I5", "I1", "I3", "I4", "I6"]),
        ("<order attribute='customerid'/><order attribute='name'/>" + CUSTOMER.format(""),
         ["I6", "I1", "I2", "I4", "I3", "I5"]),
    ],
)  # fmt: skip
def test_the_cookie_leads_through_all_pages(
    reading_server: OrgServer, inside: str, expected: list[str]
) -> None:
    assert walk(reading_server, f"<attribute name='name'/>{inside}", cookies=True) == expected


def test_a_join_that_repeats_rows_loses_none_between_pages(reading_server: OrgServer) -> None:
    """Each account comes once for every invoice; the pages must not cut that short."""
    xml = (
        "<fetch count='2' page='{}' {}><entity name='account'><attribute name='name'/>"
        "<link-entity name='invoice' from='customerid' to='accountid' alias='i'>"
        "<attribute name='name'/></link-entity></entity></fetch>"
    )
    found: list[str] = []
    body = reading_server.get(fetch("accounts", xml.format(1, "")), Prefer=WANTED)
    for number in (2, 3):
        found += [row["i.name"] for row in body["value"]]
        cookie = f"paging-cookie={quoteattr(inner(body))}"
        body = reading_server.get(fetch("accounts", xml.format(number, cookie)), Prefer=WANTED)
    found += [row["i.name"] for row in body["value"]]
    assert sorted(found) == ["I1", "I2", "I3", "I4", "I5"]
    assert MORE not in body


def test_a_query_sorted_by_a_joined_table_is_paged_without_a_cookie(
    reading_server: OrgServer,
) -> None:
    inside = "<attribute name='name'/>" + CUSTOMER.format("<order attribute='name'/>")
    names = walk(reading_server, inside, cookies=False)
    assert names[0] == "I6"
    assert sorted(names) == ["I1", "I2", "I3", "I4", "I5", "I6"]


def test_distinct_rows_are_paged_without_a_cookie(reading_server: OrgServer) -> None:
    inside = "<attribute name='statecode'/><order attribute='statecode'/>"
    first = page(reading_server, inside, 1, attributes="count='2' distinct='true'")
    second = page(reading_server, inside, 2, attributes="count='2' distinct='true'")
    assert [row["statecode"] for row in first["value"] + second["value"]] == [0, 2, 3]
    assert (first[MORE], COOKIE in first, MORE in second) == (True, False, False)


def test_pages_can_be_skipped(reading_server: OrgServer) -> None:
    inside = "<attribute name='name'/><order attribute='name'/>"
    assert [row["name"] for row in page(reading_server, inside, 3)["value"]] == ["I5", "I6"]
    cookie = inner(page(reading_server, inside, 1))
    skipped = page(reading_server, inside, 3, cookie=cookie)
    assert [row["name"] for row in skipped["value"]] == ["I5", "I6"]


def test_a_cookie_survives_rows_that_go(start_server: Callable[..., OrgServer]) -> None:
    org = start_server()
    ids = [org.create("invoices", name=name) for name in ("a", "b", "c", "d")]
    inside = "<attribute name='name'/><order attribute='name'/>"
    cookie = inner(page(org, inside, 1))
    org.send("DELETE", f"invoices({ids[0]})")
    assert [row["name"] for row in page(org, inside, 2, cookie=cookie)["value"]] == ["c", "d"]


def test_the_cookie_is_encoded_twice(reading_server: OrgServer) -> None:
    body = page(reading_server, "<attribute name='name'/><order attribute='name'/>", 1)
    assert body[COOKIE].startswith('<cookie pagenumber="2" pagingcookie="%253Ccookie')
    assert body[COOKIE].endswith('" istracking="False" />')
    assert inner(body).startswith('<cookie page="1">')


def test_the_annotations_only_come_when_they_are_asked_for(reading_server: OrgServer) -> None:
    xml = "<fetch count='2'><entity name='invoice'><attribute name='name'/></entity></fetch>"
    body = reading_server.get(fetch("invoices", xml))
    assert set(body) == {"@odata.context", "value"}


@pytest.mark.parametrize(
    ("attributes", "total"), [("count='2' returntotalrecordcount='true'", 6), ("count='2'", -1)]
)
def test_the_total_counts_all_pages(reading_server: OrgServer, attributes: str, total: int) -> None:
    body = page(reading_server, "<attribute name='name'/>", 1, attributes=attributes)
    assert body["@Microsoft.Dynamics.CRM.totalrecordcount"] == total
    assert body["@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded"] is False


def test_a_preferred_page_size_counts_where_the_query_names_none(
    reading_server: OrgServer,
) -> None:
    xml = "<fetch {}><entity name='invoice'><attribute name='name'/></entity></fetch>"
    prefer = f"odata.maxpagesize=3,{WANTED}"
    body = reading_server.get(fetch("invoices", xml.format("")), Prefer=prefer)
    assert (len(body["value"]), body[MORE]) == (3, True)
    assert len(reading_server.rows(fetch("invoices", xml.format("count='4'")), Prefer=prefer)) == 4


def test_the_count_option_counts_all_pages(reading_server: OrgServer) -> None:
    xml = "<fetch count='2'><entity name='invoice'><attribute name='name'/></entity></fetch>"
    assert reading_server.get(fetch("invoices", xml) + "&$count=true")["@odata.count"] == 6


def test_the_total_is_cut_at_five_thousand(many_accounts: OrgServer) -> None:
    entity = "<entity name='account'><attribute name='name'/></entity>"
    xml = f"<fetch returntotalrecordcount='true'>{entity}</fetch>"
    body = many_accounts.get(fetch("accounts", xml), Prefer=WANTED)
    assert len(body["value"]) == 5000
    assert body["@Microsoft.Dynamics.CRM.totalrecordcount"] == 5000
    assert body["@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded"] is True


@pytest.mark.parametrize(
    ("number", "cookie", "code"),
    [
        (2, "nonsense", "0x80040203"),
        (2, '<cookie page="1"/>', "0x80040203"),
        (2, '<cookie page="1"><key last="{}"/></cookie>', "0x80040203"),
        (11, "", "0x8004e024"),
    ],
)
def test_a_page_that_cannot_be_found_is_refused(
    reading_server: OrgServer, number: int, cookie: str, code: str
) -> None:
    xml = (
        f"<fetch count='5000' page='{number}' paging-cookie={quoteattr(cookie)}>"
        "<entity name='invoice'/></fetch>"
    )
    response = reading_server.send("GET", fetch("invoices", xml))
    assert (response.status_code, response.json()["error"]["code"]) == (400, code)


def test_paging_backwards_is_refused_with_501(refused: Callable[[str], OrgServer]) -> None:
    cookie = quoteattr('<cookie page="2"><key last="MQ=="/></cookie>')
    xml = f"<fetch page='1' paging-cookie={cookie}><entity name='invoice'/></fetch>"
    refused(fetch("invoices", xml))
