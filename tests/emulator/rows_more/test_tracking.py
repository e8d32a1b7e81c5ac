"""Change tracking: what a delta link tells, how it ends, and what it refuses."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest

from tests.emulator.serving import NOW, OrgServer

SELECT = "contacts?$select=lastname"
TRACK = {"Prefer": "odata.track-changes"}


@pytest.fixture(autouse=True)
def empty(server: OrgServer) -> Iterator[None]:
    yield
    server.org.clock = lambda: NOW
    for row in server.rows("contacts?$select=contactid"):
        server.send("DELETE", f"contacts({row['contactid']})")


def read(server: OrgServer, path: str, size: int | None = None) -> tuple[list[Any], str]:
    """All values up to the delta link, and that link."""
    prefer = "odata.track-changes" + (f",odata.maxpagesize={size}" if size else "")
    found = server.get(path, Prefer=prefer)
    values = found["value"]
    while "@odata.nextLink" in found:
        assert "@odata.deltaLink" not in found
        found = server.get(found["@odata.nextLink"], Prefer=prefer)
        values += found["value"]
    return values, found["@odata.deltaLink"]


def told(values: list[Any]) -> list[str]:
    """Names of changed rows, ``-guid`` of deleted ones."""
    return [f"-{item['id']}" if "reason" in item else item["lastname"] for item in values]


def test_nothing_has_changed_at_first(server: OrgServer) -> None:
    for name in "abc":
        server.create("contacts", lastname=name)
    values, link = read(server, SELECT)
    assert sorted(told(values)) == ["a", "b", "c"]
    assert unquote(link).startswith(f"{server.api}{SELECT}&$deltatoken=")
    assert unquote(link).endswith("!03/01/2026 08:30:00")
    assert read(server, link)[0] == []


def test_changes_come_by_version_and_deletions_last(server: OrgServer) -> None:
    ids = {name: server.create("contacts", lastname=name) for name in "abcd"}
    _, link = read(server, SELECT)
    server.send("DELETE", f"contacts({ids['b']})")
    server.send("PATCH", f"contacts({ids['c']})", {"lastname": "c2"})
    server.send("PATCH", f"contacts({ids['a']})", {"lastname": "a2"})
    server.create("contacts", lastname="e")
    values, later = read(server, link)
    assert told(values) == ["c2", "a2", "e", f"-{ids['b']}"]
    assert read(server, later)[0] == []


def test_the_answer_has_the_documented_shape(server: OrgServer) -> None:
    row_id = server.create("contacts", lastname="x")
    response = server.send("GET", SELECT, **TRACK)
    assert response.headers["Preference-Applied"] == "odata.track-changes"
    server.send("DELETE", f"contacts({row_id})")
    found = server.get(response.json()["@odata.deltaLink"])
    assert found["@odata.context"] == f"{server.api}$metadata#contacts(lastname)/$delta"
    assert found["value"] == [{
        "@odata.context": f"{server.api}$metadata#contacts/$deletedEntity",
        "id": row_id,
        "reason": "deleted",
    }]  # fmt: skip


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7, 100])
def test_pages_lose_and_repeat_nothing(server: OrgServer, size: int) -> None:
    ids = [server.create("contacts", lastname=str(number)) for number in range(7)]
    values, link = read(server, SELECT, size)
    assert sorted(told(values)) == [str(number) for number in range(7)]
    for row_id in ids[:3]:
        server.send("PATCH", f"contacts({row_id})", {"lastname": "new"})
    for row_id in ids[3:]:
        server.send("DELETE", f"contacts({row_id})")
    changed, _ = read(server, link, size)
    assert told(changed) == ["new"] * 3 + [f"-{row_id}" for row_id in ids[3:]]


@pytest.mark.parametrize("size", [1, 2])
def test_what_changes_between_two_pages_comes_with_the_next_link(
    server: OrgServer, size: int
) -> None:
    first, second, third = (server.create("contacts", lastname=name) for name in "abc")
    page = server.get(SELECT, Prefer=f"odata.track-changes,odata.maxpagesize={size}")
    server.send("PATCH", f"contacts({first})", {"lastname": "a2"})
    server.send("DELETE", f"contacts({third})")
    _, link = read(server, page["@odata.nextLink"], size)
    page = server.get(link, Prefer="odata.maxpagesize=1")
    server.send("PATCH", f"contacts({second})", {"lastname": "b2"})
    values, link = read(server, page["@odata.nextLink"], size)
    assert told(page["value"] + values) == ["a2", f"-{third}"]
    assert told(read(server, link)[0]) == ["b2"]


def test_a_row_that_came_and_went_is_still_told(server: OrgServer) -> None:
    _, link = read(server, SELECT)
    row_id = server.create("contacts", lastname="short")
    server.send("DELETE", f"contacts({row_id})")
    assert told(read(server, link)[0]) == [f"-{row_id}"]


def test_a_row_created_again_is_no_deletion(server: OrgServer) -> None:
    row_id = server.create("contacts", lastname="x")
    _, link = read(server, SELECT)
    server.send("DELETE", f"contacts({row_id})")
    server.create("contacts", contactid=row_id, lastname="again")
    assert told(read(server, link)[0]) == ["again"]


def test_changes_can_be_counted(server: OrgServer) -> None:
    row_id = server.create("contacts", lastname="x")
    _, link = read(server, SELECT)
    server.send("DELETE", f"contacts({row_id})")
    server.create("contacts", lastname="y")
    token = link.partition("$deltatoken=")[2]
    assert server.send("GET", f"contacts/$count?$deltatoken={token}").text == "2"


@pytest.mark.parametrize(
    ("days", "later", "status"), [(7, 7, 200), (7, 8, 400), (30, 30, 200), (None, 8, 400)]
)
def test_a_token_lives_as_many_days_as_the_organisation_says(
    server: OrgServer, days: int | None, later: int, status: int
) -> None:
    _, link = read(server, SELECT)
    (found,) = server.rows("organizations?$select=organizationid")
    body = {"expirechangetrackingindays": days}
    assert server.send("PATCH", f"organizations({found['organizationid']})", body).ok
    server.org.clock = lambda: NOW + timedelta(days=later)
    response = server.send("GET", link)
    assert response.status_code == status
    if status == 400:
        assert response.json()["error"]["code"] == "0x80044352"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("contacts?$filter=lastname eq 'x'", "0x80060888"),
        ("contacts?$orderby=lastname", "0x80060888"),
        ("contacts?$expand=parentcustomerid_account", "0x80060888"),
        ("contacts?$top=5", "0x80060888"),
        ("contacts/$count", "0x80060888"),
        ("contacts?$deltatoken=nonsense", "0x80040203"),
        ("contacts?$deltatoken=1!99/99/2026 00:00:00", "0x80040203"),
        ("tasks", "0x80072491"),
    ],
)
def test_what_tracking_does_not_allow_is_refused(server: OrgServer, path: str, code: str) -> None:
    response = server.send("GET", path, **TRACK)
    assert (response.status_code, response.json()["error"]["code"]) == (400, code)


def test_a_new_table_can_be_tracked(server: OrgServer) -> None:
    label = {"LocalizedLabels": [{"Label": "Thing", "LanguageCode": 1033}]}
    name = {"@odata.type": "Microsoft.Dynamics.CRM.StringAttributeMetadata", "DisplayName": label,
            "SchemaName": "gs_Name", "IsPrimaryName": True}  # fmt: skip
    table = {"@odata.type": "Microsoft.Dynamics.CRM.EntityMetadata", "SchemaName": "gs_Thing",
             "DisplayName": label, "DisplayCollectionName": label, "Attributes": [name],
             "ChangeTrackingEnabled": True}  # fmt: skip
    assert server.send("POST", "EntityDefinitions", table).ok
    _, link = read(server, "gs_things?$select=gs_name")
    row_id = server.create("gs_things", gs_name="x")
    ((found,), _) = read(server, link)
    assert (found["gs_thingid"], found["gs_name"]) == (row_id, "x")
    address = "EntityDefinitions(LogicalName='gs_thing')"
    off = {"ChangeTrackingEnabled": False}
    assert server.send("PUT", address, off).status_code == 400
    assert server.send("DELETE", address).ok
