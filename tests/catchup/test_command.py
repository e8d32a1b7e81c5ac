"""``gradesys catchup``: what an administrator reads, and the exit codes."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from gradesys.cli import catchup as command
from gradesys.cli import gradesys
from tests.catchup.outpost import PAID, Customer, Outpost
from tests.catchup.test_drift import Registered, crm, disable

__all__ = ["crm"]


@pytest.fixture(autouse=True)
def _service(post: Outpost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "open_app", lambda: post.app)


def run(*arguments: str) -> tuple[int, list[str]]:
    """The exit code and the lines."""
    done = CliRunner().invoke(gradesys, ["catchup", *arguments], standalone_mode=False)
    return int(done.return_value or 0), done.output.splitlines()


def test_it_tells_by_table_what_was_found(post: Outpost, customer: Customer) -> None:
    post.change("invoices", customer.open, PAID)
    post.delete("salesorders", customer.order)
    post.delete("invoices", customer.paid)
    post.settle()
    assert run() == (
        0,
        [
            "account      0 changed, 0 deleted, 0 marked",
            "invoice      1 changed, 1 deleted (whom they belonged to is left to the nightly"
            " resync), 1 marked",
            "opportunity  0 changed, 0 deleted, 0 marked",
            "salesorder   0 changed, 1 deleted, 1 marked",
            "3 failed posts of our steps: 3 of tables above, 0 marked, 0 do not tell whom they"
            " concern",
            "registered steps: as the rules need them",
            "2 marked in all; a running service recomputes them",
        ],
    )


def test_a_drift_is_a_finding_and_comes_with_what_to_do(crm: Registered) -> None:
    disable(crm)
    code, lines = run()
    assert code == 1
    assert "registered steps: change step Update of invoice: statecode" in lines
    assert any(line.startswith("  -> run: gradesys deploy apply") for line in lines)


def test_a_part_that_is_refused_is_named_with_the_reason(post: Outpost) -> None:
    refusal = {"match": {"path": "/api/data/v9.2/asyncoperations"}, "status": 403}
    faults = f"{post.server.url}/_emulator/faults"
    post.line.session.post(faults, json={"rules": [refusal]})
    try:
        code, lines = run()
    finally:
        post.line.session.post(faults, json={})
    assert code == 3
    assert any("failed system jobs: not done: Dataverse answered 403" in line for line in lines)


def test_the_json_has_the_same_numbers(post: Outpost, customer: Customer) -> None:
    post.change("invoices", customer.open, PAID)
    code, (line,) = run("--json")
    found = json.loads(line)
    assert (code, found["marked"], found["tables"]["invoice"]["changed"]) == (0, 1, 1)
    assert (found["tables"]["invoice"]["state"], found["drift"]["color"]) == ("followed", "green")
