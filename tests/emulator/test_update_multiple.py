"""UpdateMultiple: one transaction for all rows."""

from typing import Any

import pytest

from tests.emulator.serving import OrgServer

A1, A2, GONE = (f"ac000000-0000-4000-8000-00000000000{n}" for n in (1, 2, 9))
PATH = "accounts/Microsoft.Dynamics.CRM.UpdateMultiple"


def row(row_id: str | None, **values: Any) -> dict[str, Any]:
    key = {} if row_id is None else {"accountid": row_id}
    return {"@odata.type": "Microsoft.Dynamics.CRM.account"} | key | values


def test_all_rows_are_changed_at_once(org_server: OrgServer) -> None:
    for row_id in (A1, A2):
        org_server.create("accounts", accountid=row_id, description="kept")
    body = {"Targets": [row(A1, name="a"), row(A2, name="b", creditlimit=1.5)]}
    assert org_server.send("POST", f"{PATH}?tag=gradesys", body).status_code == 204
    rows = org_server.rows("accounts?$orderby=name")
    assert [(found["name"], found["creditlimit"]) for found in rows] == [("a", None), ("b", 1.5)]
    assert {found["description"] for found in rows} == {"kept"}


@pytest.mark.parametrize(
    ("bad", "status", "code"),
    [
        (row(GONE, name="b"), 404, "0x80040217"),
        (row(A2, revenue="x"), 400, "0x80048d19"),
        (row(A2, nosuch=1), 400, "0x80048d19"),
        (row(None, name="b"), 400, "0x80040203"),
        (row(A1, name="again"), 400, "0x80040203"),
        ({"accountid": A2, "name": "b"}, 400, "0x80048d19"),
        ({"@odata.type": "Microsoft.Dynamics.CRM.contact", "accountid": A2}, 400, "0x80048d19"),
        ("text", 400, "0x80048d19"),
    ],
)
def test_one_bad_row_undoes_all(org_server: OrgServer, bad: Any, status: int, code: str) -> None:
    for row_id in (A1, A2):
        org_server.create("accounts", accountid=row_id, name="old")
    response = org_server.send("POST", PATH, {"Targets": [row(A1, name="a"), bad]})
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)
    assert org_server.names("accounts") == ["old", "old"]


def test_a_row_that_is_gone_is_named_in_the_plural(org_server: OrgServer) -> None:
    response = org_server.send("POST", PATH, {"Targets": [row(GONE)]})
    assert response.json()["error"]["message"] == f"account With Ids = {GONE} Do Not Exist"


@pytest.mark.parametrize("body", [{}, {"Targets": []}, {"Targets": "x"}])
def test_targets_must_be_a_list_of_rows(org_server: OrgServer, body: dict[str, Any]) -> None:
    assert org_server.send("POST", PATH, body).status_code == 400
