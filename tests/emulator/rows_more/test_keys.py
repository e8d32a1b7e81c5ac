"""Alternate keys: defined, unique, and as an address of rows."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.emulator.serving import OrgServer

CRM = "Microsoft.Dynamics.CRM."
ACCOUNT = "EntityDefinitions(LogicalName='account')"


def label(text: str) -> dict[str, Any]:
    return {"LocalizedLabels": [{"Label": text, "LanguageCode": 1033}]}


def key(name: str, *columns: str) -> dict[str, Any]:
    return {"@odata.type": f"{CRM}EntityKeyMetadata", "SchemaName": name,
            "KeyAttributes": list(columns), "DisplayName": label(name)}  # fmt: skip


@pytest.fixture(autouse=True)
def keyed(server: OrgServer) -> Iterator[None]:
    """Accounts with a key on their number and one on name and parent."""
    for body in (key("gs_Number", "accountnumber"), key("gs_Name", "name", "parentaccountid")):
        assert server.send("POST", f"{ACCOUNT}/Keys", body).status_code == 204
    yield
    for row in server.rows("accounts?$select=accountid"):
        server.send("DELETE", f"accounts({row['accountid']})")
    for found in server.rows(f"{ACCOUNT}/Keys"):
        assert server.send("DELETE", f"{ACCOUNT}/Keys({found['MetadataId']})").ok


def test_a_key_can_be_read_back(server: OrgServer) -> None:
    found = server.rows(f"{ACCOUNT}/Keys?$select=SchemaName,KeyAttributes,EntityKeyIndexStatus")
    assert [(item["SchemaName"], item["KeyAttributes"], item["EntityKeyIndexStatus"])
            for item in found] == [("gs_Number", ["accountnumber"], "Active"),
                                   ("gs_Name", ["name", "parentaccountid"], "Active")]  # fmt: skip
    one = server.get(f"{ACCOUNT}/Keys(LogicalName='gs_number')")
    assert (one["LogicalName"], one["EntityLogicalName"]) == ("gs_number", "account")
    expanded = server.get(f"{ACCOUNT}?$select=LogicalName&$expand=Keys($select=SchemaName)")
    assert len(expanded["Keys"]) == 2


@pytest.mark.parametrize(
    ("stored", "address"),
    [
        ("A-77", "accounts(accountnumber='A-77')"),
        ("A-77", "accounts(accountnumber='a-77')"),
        ("O'Brien", "accounts(accountnumber='O''Brien')"),
        ("a (b)", "accounts(accountnumber='a (b)')"),
        ("شماره", "accounts(accountnumber='شماره')"),
    ],
)
def test_a_row_is_found_by_its_key(server: OrgServer, stored: str, address: str) -> None:
    row_id = server.create("accounts", name="x", accountnumber=stored)
    assert server.get(f"{address}?$select=name")["accountid"] == row_id
    assert server.send("PATCH", address, {"name": "y"}, If_Match="*").status_code == 204
    assert server.get(f"accounts({row_id})/name")["value"] == "y"
    assert server.get(f"{address}/name")["value"] == "y"
    assert server.send("DELETE", address).status_code == 204
    assert server.rows("accounts") == []


@pytest.mark.parametrize("character", list("/<>*%&:\\?+"))
def test_some_characters_cannot_be_in_an_address(server: OrgServer, character: str) -> None:
    server.create("accounts", name="x", accountnumber=f"A{character}7")
    address = f"accounts(accountnumber='A{quote(character, safe='')}7')"
    response = server.send("GET", address)
    assert (response.status_code, response.json()["error"]["code"]) == (400, "0x80060888")
    assert server.send("PATCH", address, {"name": "y"}).status_code == 400


def test_a_key_of_several_columns_has_a_lookup_by_its_value_name(server: OrgServer) -> None:
    parent = server.create("accounts", name="parent")
    child = server.create("accounts", name="x", parentaccountid__bind=f"/accounts({parent})")
    address = f"accounts(name='x',_parentaccountid_value={parent})"
    assert server.get(address)["accountid"] == child


@pytest.mark.parametrize("method", ["GET", "DELETE", "PATCH"])
def test_a_key_that_no_row_has_is_not_found(server: OrgServer, method: str) -> None:
    response = server.send(method, "accounts(accountnumber='none')", {}, If_Match="*")
    assert (response.status_code, response.json()["error"]["code"]) == (404, "0x80060891")


def test_an_upsert_by_key_creates_once_and_then_changes(server: OrgServer) -> None:
    address = "accounts(accountnumber='k1')"
    prefer = {"Prefer": "return=representation"}
    first = server.send("PATCH", f"{address}?$select=name,accountnumber", {"name": "a"}, **prefer)
    again = server.send("PATCH", f"{address}?$select=name", {"name": "b"}, **prefer)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["accountnumber"] == "k1"
    assert first.json()["accountid"] == again.json()["accountid"]
    assert server.names("accounts") == ["b"]


def test_the_body_of_an_upsert_may_repeat_the_key_but_not_change_it(server: OrgServer) -> None:
    address = "accounts(accountnumber='k1')"
    assert server.send("PATCH", address, {"accountnumber": "k1", "name": "a"}).status_code == 204
    for body in ({"accountnumber": "k2"}, {"accountnumber": None}):
        assert server.send("PATCH", address, body).status_code == 400


def test_only_an_insert_is_refused_when_the_key_is_taken(server: OrgServer) -> None:
    address = "accounts(accountnumber='k1')"
    assert server.send("PATCH", address, {"name": "a"}, If_None_Match="*").status_code == 204
    assert server.send("PATCH", address, {"name": "b"}, If_None_Match="*").status_code == 412


@pytest.mark.parametrize(
    "address",
    ["accounts(name='x')", "accounts(nothing='x')", "accounts(accountnumber='x',name='y')"],
)
def test_columns_that_are_no_key_are_refused(server: OrgServer, address: str) -> None:
    response = server.send("GET", address)
    assert response.status_code == 400
    assert "not a defined key for the account entity" in response.json()["error"]["message"]


def test_the_primary_key_may_be_named(server: OrgServer) -> None:
    row_id = server.create("accounts", name="x")
    assert server.get(f"accounts(accountid={row_id})")["name"] == "x"


def test_two_rows_cannot_have_the_same_key(server: OrgServer) -> None:
    server.create("accounts", accountnumber="k1")
    other = server.create("accounts", accountnumber="k2")
    refused = [
        server.send("POST", "accounts", {"accountnumber": "K1"}),
        server.send("PATCH", f"accounts({other})", {"accountnumber": "k1"}),
    ]
    for response in refused:
        assert (response.status_code, response.json()["error"]["code"]) == (412, "0x80060892")
        assert "Entity Key gs_Number violated" in response.json()["error"]["message"]
    assert sorted(server.names("accounts", "accountnumber")) == ["k1", "k2"]


def test_rows_without_a_value_do_not_collide(server: OrgServer) -> None:
    assert server.create("accounts", name="a") != server.create("accounts", name="a")


def test_a_lookup_is_bound_by_key(server: OrgServer) -> None:
    parent = server.create("accounts", accountnumber="P-1")
    bind = {"parentaccountid@odata.bind": "/accounts(accountnumber='P-1')"}
    child = server.create("accounts", name="child")
    assert server.send("PATCH", f"accounts({child})", bind).status_code == 204
    assert server.get(f"accounts({child})")["_parentaccountid_value"] == parent
    wrong = {"parentaccountid@odata.bind": "/accounts(accountnumber='P-2')"}
    assert server.send("PATCH", f"accounts({child})", wrong).status_code == 404


def test_a_key_over_rows_that_break_it_fails_until_they_are_mended(server: OrgServer) -> None:
    first = server.create("accounts", name="a", tickersymbol="T")
    server.create("accounts", name="b", tickersymbol="t")
    assert server.send("POST", f"{ACCOUNT}/Keys", key("gs_Ticker", "tickersymbol")).ok
    address = f"{ACCOUNT}/Keys(LogicalName='gs_ticker')"
    assert server.get(address)["EntityKeyIndexStatus"] == "Failed"
    assert server.send("GET", "accounts(tickersymbol='T')").status_code == 400
    server.send("PATCH", f"accounts({first})", {"tickersymbol": "U"})
    action = {"EntityLogicalName": "account", "EntityKeyLogicalName": "gs_ticker"}
    assert server.send("POST", "ReactivateEntityKey", action).status_code == 204
    assert server.get(address)["EntityKeyIndexStatus"] == "Active"
    assert server.get("accounts(tickersymbol='u')")["accountid"] == first


@pytest.mark.parametrize(
    "body",
    [
        key("gs_Number", "accountnumber"),
        key("gs_Other", "nothing"),
        key("gs_Other", "description"),
        key("gs_Other"),
        key("NoPrefix", "accountnumber"),
    ],
)
def test_a_key_that_cannot_be_is_refused(server: OrgServer, body: dict[str, Any]) -> None:
    assert server.send("POST", f"{ACCOUNT}/Keys", body).status_code == 400


def test_a_key_without_a_display_name_has_its_own(server: OrgServer) -> None:
    body = {"SchemaName": "gs_Sic", "KeyAttributes": ["sic"]}
    assert server.send("POST", f"{ACCOUNT}/Keys", body).ok
    found = server.get(f"{ACCOUNT}/Keys(LogicalName='gs_sic')")
    assert found["DisplayName"]["UserLocalizedLabel"]["Label"] == "gs_Sic"


def test_a_column_of_a_key_cannot_be_deleted(server: OrgServer) -> None:
    column = {"@odata.type": f"{CRM}StringAttributeMetadata", "SchemaName": "gs_Code",
              "DisplayName": label("Code")}  # fmt: skip
    server.send("POST", f"{ACCOUNT}/Attributes", column)
    server.send("POST", f"{ACCOUNT}/Keys", key("gs_Code", "gs_code"))
    address = f"{ACCOUNT}/Attributes(LogicalName='gs_code')"
    assert server.send("DELETE", address).status_code == 400
    assert server.send("DELETE", f"{ACCOUNT}/Keys(LogicalName='gs_code')").status_code == 204
    assert server.send("DELETE", address).status_code == 204
