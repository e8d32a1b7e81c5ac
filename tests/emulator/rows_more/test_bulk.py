"""CreateMultiple and UpsertMultiple: all rows or none."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.emulator.serving import OrgServer
from tests.emulator.webhooks.conftest import Hooks

CRM = "Microsoft.Dynamics.CRM."
A1, A2, A3 = (f"ac000000-0000-4000-8000-00000000000{n}" for n in (1, 2, 3))


def row(**values: Any) -> dict[str, Any]:
    body = {name.replace("__", "@odata."): value for name, value in values.items()}
    return {"@odata.type": f"{CRM}account"} | body


def send(server: OrgServer, verb: str, *targets: Any) -> Any:
    path = f"accounts/{CRM}{verb}Multiple"
    return server.send("POST", path, {"Targets": list(targets)})


@pytest.fixture(scope="module", autouse=True)
def keyed(server: OrgServer) -> None:
    label = {"LocalizedLabels": [{"Label": "Number", "LanguageCode": 1033}]}
    body = {"SchemaName": "gs_Number", "KeyAttributes": ["accountnumber"], "DisplayName": label}
    assert server.send("POST", "EntityDefinitions(LogicalName='account')/Keys", body).ok


@pytest.fixture(autouse=True)
def empty(server: OrgServer) -> Iterator[None]:
    yield
    for found in server.rows("accounts?$select=accountid"):
        server.send("DELETE", f"accounts({found['accountid']})")


def test_the_guids_of_new_rows_come_in_the_order_of_the_rows(server: OrgServer) -> None:
    response = send(server, "Create", row(name="a"), row(name="b", accountid=A2), row(name="c"))
    assert response.status_code == 200
    body = response.json()
    assert body["@odata.context"] == f"{server.api}$metadata#{CRM}CreateMultipleResponse"
    names = [server.get(f"accounts({row_id})")["name"] for row_id in body["Ids"]]
    assert (names, body["Ids"][1]) == (["a", "b", "c"], A2)


def test_an_upsert_creates_and_changes_by_guid_and_by_key(server: OrgServer) -> None:
    server.create("accounts", accountid=A1, name="old", description="kept")
    server.create("accounts", accountid=A2, name="old", accountnumber="k2")
    response = send(
        server,
        "Upsert",
        row(accountid=A1, name="by guid"),
        row(accountid=A3, name="new guid"),
        row(__id="accounts(accountnumber='k2')", name="by key"),
        row(__id="accounts(accountnumber='k4')", name="new key"),
    )
    assert response.status_code == 204
    rows = server.rows("accounts?$select=name,description,accountnumber&$orderby=name")
    assert [(found["name"], found["description"], found["accountnumber"]) for found in rows] == [
        ("by guid", "kept", None), ("by key", None, "k2"), ("new guid", None, None),
        ("new key", None, "k4")]  # fmt: skip


@pytest.mark.parametrize(
    ("verb", "targets", "status", "code"),
    [
        ("Create", [row(name="a"), row(accountid=A1)], 412, "0x80040237"),
        ("Create", [row(name="a"), row(accountnumber="taken")], 412, "0x80060892"),
        ("Create", [row(name="a"), row(revenue="much")], 400, "0x80048d19"),
        ("Create", [row(name="a"), {"name": "b"}], 400, "0x80048d19"),
        ("Create", [], 400, "0x80040203"),
        ("Upsert", [row(name="a"), row(revenue="much")], 400, "0x80048d19"),
        ("Upsert", [row(accountid=A2, name="a"), row(accountid=A2)], 400, "0x80040203"),
        ("Upsert", [row(__id="contacts(x='1')")], 400, "0x80048d19"),
        ("Upsert", [row(__id="accounts(name='1')")], 400, "0x80060888"),
        ("Upsert", ["accounts"], 400, "0x80048d19"),
        ("Upsert", [row(__id="accounts(accountnumber='1')", accountnumber="2")], 400, "0x80060888"),
    ],
)
def test_one_bad_row_refuses_all(
    server: OrgServer, verb: str, targets: list[Any], status: int, code: str
) -> None:
    server.create("accounts", accountid=A1, accountnumber="taken")
    response = send(server, verb, *targets)
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)
    assert len(server.rows("accounts")) == 1


def test_every_row_raises_its_own_event(hooks: Hooks) -> None:
    hooks.step("Create", "account")
    hooks.step("Update", "account")
    send(hooks.server, "Create", row(name="a"), row(accountid=A2, name="b"))
    send(hooks.server, "Upsert", row(accountid=A2, name="c"), row(name="d"))
    hooks.settle()
    messages = [delivery.body["MessageName"] for delivery in hooks.receiver.deliveries]
    assert sorted(messages) == ["Create", "Create", "Create", "Update"]
