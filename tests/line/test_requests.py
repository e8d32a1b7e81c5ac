"""What an event costs: the requests that the org sees, and what it may never see."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.line.running import Json, Line, running_line
from tests.line.samples import small_sample

PAID = {"statecode": 2, "statuscode": 100001}


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    data = small_sample(40)
    data["salesorder"] = []
    with running_line(data, tmp_path_factory.mktemp("requests")) as line:
        line.resync()
        line.serve()
        yield line


def open_invoice(line: Line) -> Json:
    """An unpaid invoice of a scored account that is not at full marks yet."""
    rows = line.rows(
        "invoices?$select=_customerid_value&$filter=statecode eq 0 and totalamount_base gt 2000"
        "&$expand=customerid_account($select=statecode,gs_score)"
    )
    return next(
        row
        for row in rows
        if (account := row["customerid_account"])
        and (account["statecode"], account["gs_score"] < 65) == (0, True)
    )


def requests_of(line: Line, path: str, body: Json) -> int:
    """How many requests the service makes after this edit of a CRM user."""
    line.reset_stats()
    assert line.api("PATCH", path, body, If_Match="*").status_code == 204
    line.settle()
    requests: int = line.stats()["requests"]
    return requests - 1


def test_an_event_that_changes_a_score_takes_two_requests_and_the_search_for_dependants(
    line: Line,
) -> None:
    invoice = open_invoice(line)
    assert requests_of(line, f"invoices({invoice['invoiceid']})", PAID) == 2 + 1


def test_an_event_that_changes_nothing_takes_one_request(line: Line) -> None:
    invoice = open_invoice(line)
    path = f"invoices({invoice['invoiceid']})"
    assert requests_of(line, path, {"totalamount": 4321}) == 1


def test_an_edit_of_a_column_that_no_rule_reads_takes_no_request(line: Line) -> None:
    invoice = open_invoice(line)
    assert requests_of(line, f"invoices({invoice['invoiceid']})", {"name": "renamed"}) == 0


def test_a_deleted_account_is_not_created_again(line: Line) -> None:
    invoice = open_invoice(line)
    account = f"accounts({invoice['_customerid_value']})"
    line.api("PATCH", f"invoices({invoice['invoiceid']})", PAID, If_Match="*")
    assert line.api("DELETE", account).status_code == 204
    line.settle()
    assert line.api("GET", account).status_code == 404
    shown = json.loads(line.gradesys("status", "--json"))
    assert shown == {"dirty": 0, "oldest_s": 0.0, "parked": 0}


def test_the_line_asks_for_nothing_that_the_emulator_does_not_know(line: Line) -> None:
    assert line.stats()["unsupported"] == 0


RULES_ON_CLOSED = """
schema: gradesys/v1
id: opportunity_size
table: opportunity
indicators: {amount: {type: column, column: estimatedvalue_base}}
output: {score: gs_size}
"""


def test_closed_records_are_skipped_by_resync_and_by_events(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "size.yaml").write_text(RULES_ON_CLOSED, encoding="utf-8")
    data = small_sample(20)
    extra = {"GRADESYS_RULES": str(rules)}
    with running_line(data, tmp_path, "--strict-closed", **extra) as line:
        closed = sum(row["statecode"] != 0 for row in data["opportunity"])
        answer = line.resync()
        assert (answer["closed"], answer["failed"]) == (closed, 0)
        assert answer["written"] == len(data["opportunity"]) - closed > 0
        line.serve()
        opportunity = next(row for row in data["opportunity"] if row["statecode"] == 0)
        path = f"opportunities({opportunity['opportunityid']})"
        body = {"estimatedvalue": 77, "statecode": 2, "statuscode": 4}
        assert line.api("PATCH", path, body, If_Match="*").status_code == 204
        line.settle()
        assert line.marks.stats().parked == 0
