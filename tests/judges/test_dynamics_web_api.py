"""A JavaScript client of Dataverse, dynamics-web-api, reads and writes rows of the emulator."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.judges.conftest import Organisation
from tests.judges.node import Call, Client, Refusal, start_client

COUNT = 7
GROUP = "startswith(name,'گروه ')"
MISSING = "00000000-0000-4000-8000-000000000404"
ANNOTATION = "@OData.Community.Display.V1.FormattedValue"


@pytest.fixture(scope="module")
def client(organisation: Organisation) -> Iterator[Client]:
    with start_client(organisation) as client:
        yield client


@pytest.fixture
def ids(client: Client) -> Iterator[list[str]]:
    """Accounts named ``گروه 0`` to ``گروه 6`` with as many employees; gone after the test."""
    rows = [{"name": f"گروه {number}", "numberofemployees": number} for number in range(COUNT)]
    yield [client.call("create", collection="accounts", data=row) for row in rows]
    found = client.call("retrieveAll", collection="accounts", select=["accountid"], filter=GROUP)
    for row in found["value"]:
        client.call("deleteRecord", collection="accounts", key=row["accountid"])


def names(client: Client, condition: str = GROUP) -> list[str]:
    """The names of accounts in their order, without the group's word."""
    request = {"select": ["name"], "filter": condition, "orderBy": ["name"]}
    found = client.call("retrieveMultiple", collection="accounts", **request)
    return [row["name"].removeprefix("گروه ") for row in found["value"]]


def test_it_asks_who_it_is(client: Client) -> None:
    answer = client.call("callFunction", name="WhoAmI")
    assert {"UserId", "BusinessUnitId", "OrganizationId"} <= answer.keys()


def test_a_row_is_created_read_changed_and_deleted(client: Client) -> None:
    data = {"name": "شرکت «یک»", "revenue": 12.5, "customertypecode": 3}
    made = client.call("create", collection="accounts", data=data, returnRepresentation=True)
    row = {"collection": "accounts", "key": made["accountid"]}
    assert made["name"] == "شرکت «یک»"
    changed = {"name": "O'Neil & ی"}
    client.call("update", **row, data=changed)
    client.call("updateSingleProperty", **row, fieldValuePair={"revenue": 99})
    found = client.call("retrieve", **row, select=["name", "revenue"], includeAnnotations="*")
    assert (found["name"], found["revenue"]) == ("O'Neil & ی", 99)
    assert found[f"revenue{ANNOTATION}"]
    client.call("deleteRecord", **row)
    with pytest.raises(Refusal) as refusal:
        client.call("retrieve", **row, select=["name"])
    assert (refusal.value.status, refusal.value.code) == (404, "0x80040217")


def test_a_row_is_created_by_its_id_only_when_it_may(client: Client) -> None:
    row = {"collection": "accounts", "key": "ac000000-0000-4000-8000-000000000001"}
    client.call("upsert", **row, data={"name": "تازه"}, ifnonematch="*")
    with pytest.raises(Refusal) as refusal:
        client.call("upsert", **row, data={"name": "دوباره"}, ifnonematch="*")
    assert refusal.value.status == 412
    client.call("upsert", **row, data={"name": "نو"}, ifmatch="*")
    assert client.call("retrieve", **row, select=["name"])["name"] == "نو"
    client.call("deleteRecord", **row)


def test_a_change_of_somebody_else_is_not_overwritten(client: Client, ids: list[str]) -> None:
    row = {"collection": "accounts", "key": ids[0]}
    tag = client.call("retrieve", **row, select=["name"])["@odata.etag"]
    client.call("update", **row, data={"description": "a"}, ifmatch=tag)
    with pytest.raises(Refusal) as refusal:
        client.call("update", **row, data={"description": "b"}, ifmatch=tag)
    assert refusal.value.status == 412


def test_a_list_comes_in_pages(client: Client, ids: list[str]) -> None:
    request: dict[str, Any] = {"collection": "accounts", "filter": GROUP, "maxPageSize": 3}
    request |= {"select": ["numberofemployees"], "orderBy": ["numberofemployees desc"]}
    pages = [client.call("retrieveMultiple", **request)]
    while "oDataNextLink" in pages[-1]:
        pages.append(client.call("retrieveMultiple", pages[-1]["oDataNextLink"], **request))
    numbers = [[row["numberofemployees"] for row in page["value"]] for page in pages]
    assert numbers == [[6, 5, 4], [3, 2, 1], [0]]
    assert len(client.call("retrieveAll", **request)["value"]) == len(ids)
    assert client.call("count", collection="accounts", filter=GROUP) == len(ids)


def test_fetchxml_comes_in_pages_by_its_cookie(client: Client, ids: list[str]) -> None:
    xml = """
        <fetch count="3">
          <entity name="account">
            <attribute name="name"/>
            <order attribute="name"/>
            <filter><condition attribute="name" operator="like" value="گروه %"/></filter>
          </entity>
        </fetch>""".strip()
    request = {"collection": "accounts", "fetchXml": xml, "includeAnnotations": "*"}
    paging = client.call("fetch", **request, pageNumber=1)["PagingInfo"]
    assert (paging["nextPage"], paging["cookie"] != "") == (2, True)
    place = {"pageNumber": paging["nextPage"], "pagingCookie": paging["cookie"]}
    second = client.call("fetch", **request, **place)
    assert [row["name"][-1] for row in second["value"]] == ["3", "4", "5"]
    everything = client.call("fetchAll", **request)
    assert [row["name"][-1] for row in everything["value"]] == list("0123456")


def test_lookups_are_set_expanded_and_cleared(client: Client, ids: list[str]) -> None:
    parent, child = ids[:2]
    row = {"collection": "accounts", "key": child}
    lookup = {"collection": "accounts", "primaryKey": child}
    lookup |= {"navigationProperty": "parentaccountid"}
    related = {"relatedCollection": "accounts", "relatedKey": parent}
    client.call("associateSingleValued", **lookup, **related)
    expand = [{"property": "parentaccountid", "select": ["name"]}]
    found = client.call("retrieve", **row, select=["name"], expand=expand)
    assert found["parentaccountid"]["name"] == "گروه 0"
    client.call("disassociateSingleValued", **lookup)
    found = client.call("retrieve", **row, select=["_parentaccountid_value"])
    assert found["_parentaccountid_value"] is None


def test_a_batch_carries_reads_and_writes(client: Client, ids: list[str]) -> None:
    account: dict[str, Any] = {"collection": "accounts"}
    listed, made, counted = client.batch(
        Call("retrieveMultiple", {**account, "select": ["name"], "filter": GROUP, "top": 2}),
        Call("create", {**account, "data": {"name": "گروه 7"}}),
        Call("count", {**account, "filter": GROUP}),
        in_change_set=False,
    )
    assert (len(listed["value"]), counted) == (2, len(ids) + 1)
    assert client.call("retrieve", **account, key=made, select=["name"])["name"] == "گروه 7"


def test_a_change_set_refers_to_its_own_rows(client: Client, ids: list[str]) -> None:
    contact = {"lastname": "رضایی", "firstname": "علی"}
    changed = {"primarycontactid@odata.bind": "$1", "name": "گروه الف"}
    contact_id, _ = client.batch(
        Call("create", {"collection": "contacts", "data": contact, "contentId": "1"}),
        Call("update", {"collection": "accounts", "key": ids[0], "data": changed}),
    )
    columns = ["name", "_primarycontactid_value"]
    row = client.call("retrieve", collection="accounts", key=ids[0], select=columns)
    assert (row["name"], row["_primarycontactid_value"]) == ("گروه الف", contact_id)


def test_a_change_set_that_fails_leaves_nothing_behind(client: Client, ids: list[str]) -> None:
    calls = [
        Call("update", {"collection": "accounts", "key": key, "data": {"name": "گروه نه"}})
        for key in (ids[0], MISSING)
    ]
    with pytest.raises(Refusal) as refusal:
        client.batch(*calls)
    assert (refusal.value.status, refusal.value.code) == (404, "0x80040217")
    assert names(client) == list("0123456")
