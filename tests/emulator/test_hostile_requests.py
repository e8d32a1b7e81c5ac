"""Requests that no careful client sends: refused in Dataverse's words, never a failure of ours."""

import uuid
from typing import Any

import pytest

from tests.emulator.serving import OrgServer

A1 = "ac000000-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"revenue":1e30}', "0x80044330"),
        (b'{"revenue":1e400}', "0x80044330"),
        (b'{"overriddencreatedon":"0001-01-01T00:00:00+14:00"}', "0x80048d19"),
        (b'{"lastusedincampaign":"2026-W01-1"}', "0x80048d19"),
        (b'{"overriddencreatedon":"20260301"}', "0x80048d19"),
        (b'{"name":"\xff\xfe"}', "0x80060888"),
        (b'{"name":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "0x80060888"),
    ],
)
def test_a_value_that_cannot_be_stored_is_refused(
    org_server: OrgServer, body: bytes, code: str
) -> None:
    response = org_server.session.post(f"{org_server.api}accounts", data=body, timeout=30)
    assert (response.status_code, response.json()["error"]["code"]) == (400, code)


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("numberofemployees lt 99999999999999999999", 1),
        ("numberofemployees gt -99999999999999999999", 1),
        ("revenue lt 1e400", 1),
    ],
)
def test_a_literal_beyond_every_value_still_compares(
    org_server: OrgServer, condition: str, found: int
) -> None:
    org_server.create("accounts", numberofemployees=5, revenue=5)
    assert len(org_server.rows(f"accounts?$filter={condition}")) == found


@pytest.mark.parametrize(
    "path",
    [
        "accounts?$filter=createdon gt 9999-12-31T23:59:59-14:00",
        "accounts?$select=name&$select=revenue",
        f"accounts?$filter={'not(' * 3000}name eq 'x'{')' * 3000}",
        "accounts?$filter="
        + "statecode eq 0 and (statecode eq 1 or (" * 700
        + "name eq 'x'"
        + "))" * 700,
        # Also when no row has a parent, so that nothing would be read with the wrong name.
        "accounts?$expand=primarycontactid($select=nosuch)",
    ],
)
def test_a_query_that_makes_no_sense_is_refused(org_server: OrgServer, path: str) -> None:
    org_server.create("accounts", name="x")
    response = org_server.send("GET", path)
    assert (response.status_code, response.json()["error"]["code"]) == (400, "0x80060888")


@pytest.mark.parametrize(("levels", "status"), [(14, 200), (15, 400), (500, 400)])
def test_no_more_than_fifteen_expansions_are_allowed(
    org_server: OrgServer, levels: int, status: int
) -> None:
    path = f"accounts?$expand={'parentaccountid($expand=' * levels}owninguser{')' * levels}"
    response = org_server.send("GET", path)
    assert response.status_code == status
    assert response.ok or response.json()["error"]["code"] == "0x8004430d"


@pytest.mark.parametrize(
    ("method", "name", "value", "status"),
    [
        ("PUT", "accountid", str(uuid.UUID(int=5)), 400),
        ("DELETE", "accountid", None, 400),
        ("PUT", "_parentaccountid_value", A1, 400),
        ("PUT", "createdon", "2001-01-01T00:00:00Z", 204),
        ("PUT", "revenue_base", 7, 204),
        ("DELETE", "createdby/$ref", None, 204),
    ],
)
def test_single_properties_obey_the_rules_of_whole_rows(
    org_server: OrgServer, method: str, name: str, value: Any, status: int
) -> None:
    org_server.create("accounts", accountid=A1, revenue=3)
    before = org_server.get(f"accounts({A1})")
    body = {"value": value} if method == "PUT" else None
    assert org_server.send(method, f"accounts({A1})/{name}", body).status_code == status
    after = org_server.get(f"accounts({A1})")
    kept = ("accountid", "createdon", "revenue_base", "_createdby_value", "_parentaccountid_value")
    assert {column: after[column] for column in kept} == {column: before[column] for column in kept}


@pytest.mark.parametrize(
    ("line", "part"),
    [
        (b"GET accounts?$select=name&$filter=name eq 'a b' HTTP/1.1", b"HTTP/1.1 200"),
        ("GET accounts?$filter=name eq 'سلام' HTTP/1.1".encode(), b"HTTP/1.1 200"),
        (b"GET accounts?$filter=name eq '\xff' HTTP/1.1", b"HTTP/1.1 200"),
        (b'POST accounts HTTP/1.1\r\n\r\n{"name":"\xff"}', b"HTTP/1.1 400"),
    ],
)
def test_a_batch_part_may_have_blanks_and_any_bytes(
    org_server: OrgServer, line: bytes, part: bytes
) -> None:
    body = b"--b\r\nContent-Type: application/http\r\n\r\n" + line + b"\r\n\r\n\r\n--b--\r\n"
    headers = {"Content-Type": "multipart/mixed; boundary=b", "Prefer": "odata.continue-on-error"}
    response = org_server.session.post(
        f"{org_server.api}$batch", data=body, headers=headers, timeout=30
    )
    assert response.status_code == 200
    assert part in response.content


def test_settle_takes_no_endless_timeout(org_server: OrgServer) -> None:
    url = f"{org_server.url}/_emulator/settle?timeout=nan"
    assert org_server.session.post(url, timeout=30).status_code == 400
