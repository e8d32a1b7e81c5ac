"""Changes that have messages of their own, from the organisation's post to the stored score."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.line.running import Json, Line, running_line

CRM = "Microsoft.Dynamics.CRM"
ON_LISTS = """
schema: gradesys/v1
id: on_lists
table: account
indicators:
  lists: {type: aggregate, of: list, op: count,
          path: [{many: list, intersect: listmember, near: entityid, far: listid}]}
output: {score: gs_lists}
"""
PAID = """
schema: gradesys/v1
id: paid
table: account
indicators:
  paid: {type: aggregate, of: invoice, lookup: customerid, op: sum, column: totalamount_base}
output: {score: gs_paid}
"""
TYPE = "_customerid_value@Microsoft.Dynamics.CRM.lookuplogicalname"
A, B, INVOICE, LIST = (f"{number}1000000-0000-4000-8000-00000000000{number}" for number in "1234")
ROWS: dict[str, list[Json]] = {
    "account": [{"accountid": id, "name": "n", "statecode": 0} for id in (A, B)],
    "invoice": [
        {"invoiceid": INVOICE, "_customerid_value": B, TYPE: "account", "totalamount_base": 70}
    ],
    "list": [{"listid": LIST, "listname": "l", "createdfromcode": 1, "type": False}],
}


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    folder = tmp_path_factory.mktemp("heard")
    rules = folder / "rules"
    rules.mkdir()
    for name, text in (("lists", ON_LISTS), ("paid", PAID)):
        (rules / f"{name}.yaml").write_text(text, encoding="utf-8")
    with running_line(ROWS, folder, GRADESYS_RULES=str(rules)) as line:
        line.resync()
        line.serve()
        yield line


def score(line: Line, account: str, column: str) -> object:
    line.settle()
    return line.api("GET", f"accounts({account})?$select={column}").json()[column]


def post(line: Line, path: str, body: Json) -> None:
    answer = line.api("POST", path, body)
    assert answer.status_code < 300, answer.text


def rows(*accounts: str) -> list[Json]:
    return [{"@odata.type": f"{CRM}.account", "accountid": account} for account in accounts]


def test_who_is_put_on_a_list_or_taken_off_is_scored_again(line: Line) -> None:
    post(line, f"lists({LIST})/{CRM}.AddMemberList", {"EntityId": A})
    assert score(line, A, "gs_lists") == 1
    post(line, f"lists({LIST})/{CRM}.RemoveMemberList", {"EntityId": A})
    assert score(line, A, "gs_lists") == 0
    many = {"List": {"@odata.type": f"{CRM}.list", "listid": LIST}, "Members": rows(A, B)}
    post(line, "AddListMembersList", many)
    assert [score(line, account, "gs_lists") for account in (A, B)] == [1, 1]


def test_a_merge_brings_the_other_records_rows(line: Line) -> None:
    body = {
        "Target": rows(A)[0],
        "Subordinate": rows(B)[0],
        "UpdateContent": {"@odata.type": f"{CRM}.account"},
        "PerformParentingChecks": False,
    }
    post(line, "Merge", body)
    assert score(line, A, "gs_paid") == 70
    assert line.resync()["written"] == 0
