"""The wider surface inside a ``$batch``: rows of one change set linked, keyed and bulk-made."""

import json
from typing import Any

import pytest

from tests.emulator.serving import OrgServer
from tests.emulator.test_batch import Part, change_set, send

LINK = "$1/accountleads_association/$ref"
NUMBER = {"SchemaName": "gs_Number", "KeyAttributes": ["accountnumber"]}


@pytest.fixture(scope="module", autouse=True)
def keyed(server: OrgServer) -> None:
    path = "EntityDefinitions(LogicalName='account')/Keys"
    assert server.send("POST", path, NUMBER).ok


def part(method: str, url: str, content_id: str, **body: Any) -> Part:
    return Part(method, url, json.dumps({key.replace("__", "@odata."): value
                                         for key, value in body.items()}), content_id)  # fmt: skip


def test_rows_of_a_change_set_are_linked_by_their_content_ids(server: OrgServer) -> None:
    parts = (
        part("POST", "accounts", "1", name="x"),
        part("POST", "leads", "2", lastname="y"),
        part("POST", LINK, "3", __id="$2"),
    )
    status, answers = send(server, change_set(*parts))
    assert (status, [code for code, _ in answers]) == (200, [204, 204, 204])
    (account,) = server.rows("accounts?$expand=accountleads_association($select=lastname)")
    assert [lead["lastname"] for lead in account["accountleads_association"]] == ["y"]


def test_a_refused_link_takes_the_rows_of_its_change_set_back(server: OrgServer) -> None:
    before = len(server.rows("leads"))
    parts = (
        part("POST", "accounts", "1", name="x"),
        part("POST", "leads", "2", lastname="y"),
        part("POST", LINK, "3", __id="$2"),
        part("POST", LINK, "4", __id="$2"),
    )
    status, answers = send(server, change_set(*parts))
    assert (status, [code for code, _ in answers]) == (412, [412])
    assert len(server.rows("leads")) == before


def test_a_row_made_by_key_is_found_by_key_in_the_same_change_set(server: OrgServer) -> None:
    address = "accounts(accountnumber='k1')"
    parts = (
        part("PATCH", address, "1", name="first"),
        part("PATCH", address, "2", name="second"),
        part("POST", "contacts", "3", lastname="z", parentcustomerid_account__bind=f"/{address}"),
    )
    status, _ = send(server, change_set(*parts))
    assert status == 200
    assert server.get(address)["name"] == "second"
    (contact,) = server.rows("contacts?$expand=parentcustomerid_account($select=name)")
    assert contact["parentcustomerid_account"]["name"] == "second"


def test_many_rows_are_made_in_a_batch(server: OrgServer) -> None:
    rows = [{"@odata.type": "Microsoft.Dynamics.CRM.task", "subject": name} for name in "ab"]
    path = "tasks/Microsoft.Dynamics.CRM.CreateMultiple"
    status, ((code, content),) = send(server, Part("POST", path, json.dumps({"Targets": rows})))
    assert (status, code, len(json.loads(content)["Ids"])) == (200, 200, 2)
    assert sorted(server.names("activitypointers", "subject")) == ["a", "b"]
