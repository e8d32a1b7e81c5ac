"""What doctor finds in an organisation, before, after and beside a deployment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from gradesys.deploy.names import derived_id
from gradesys.doctor import Cause, Status
from gradesys.keys import Rotation, digest_of, write_rotation
from gradesys.marks.sqlite import Database
from gradesys.marks.sqlite_ledger import SqliteLedger
from tests.doctor.installation import KEY, NEXT_KEY, RULES, Installation, told
from tests.emulator.serving import OrgServer

STEP = f"sdkmessageprocessingsteps({derived_id('step', 'invoice', 'Update')})"
TASKS = """schema: gradesys/v1
id: best
table: account
indicators: {tasks: {type: aggregate, of: task, lookup: regardingobjectid, op: count}}
output: {score: gs_score}
"""
GRADE = "EntityDefinitions(LogicalName='account')/Attributes(LogicalName='gs_grade')"


def test_a_deployed_organisation_has_nothing_to_complain_about(
    installation: Installation, deployed: OrgServer
) -> None:
    deployed.send("POST", f"{deployed.url}/_emulator/stats/reset")
    findings = installation.findings()
    assert {name: found.verdict.status for name, found in findings.items()} == dict.fromkeys(
        findings, Status.OK
    )
    assert "version 9.2" in findings["reachable"].verdict.text
    assert deployed.emulator.stats.snapshot()["rows_written"] == 0


def test_nothing_is_deployed_yet(installation: Installation, bare: OrgServer) -> None:
    findings = installation.findings()
    bad = {name for name, found in findings.items() if found.bad}
    assert bad == {"outputs", "steps", "button"}
    assert "create column account.gs_score" in findings["outputs"].verdict.text
    assert "--base-url" in findings["steps"].verdict.hint
    assert findings["tables"].verdict.status is Status.OK
    assert findings["solution"].verdict.status is Status.WARNING


def step_switched_off(server: OrgServer) -> None:
    server.send("PATCH", STEP, {"statecode": 1, "statuscode": 2})


def step_listens_elsewhere(server: OrgServer) -> None:
    server.send("PATCH", STEP, {"filteringattributes": "name"})


def step_deleted(server: OrgServer) -> None:
    server.send("DELETE", STEP)


def column_deleted(server: OrgServer) -> None:
    server.send("DELETE", GRADE)


def api_deleted(server: OrgServer) -> None:
    (found,) = server.rows("customapis?$select=customapiid&$filter=uniquename eq 'gs_Recompute'")
    server.send("DELETE", f"customapis({found['customapiid']})")


@pytest.mark.parametrize(
    ("change", "check", "says"),
    [
        (step_switched_off, "steps", "Update of invoice: statecode"),
        (step_listens_elsewhere, "steps", "Update of invoice: filteringattributes"),
        (step_deleted, "steps", "create step Update of invoice"),
        (column_deleted, "outputs", "create column account.gs_grade"),
        (api_deleted, "button", "create Custom API gs_Recompute"),
    ],
)
def test_what_was_changed_since_is_named(
    installation: Installation,
    deployed: OrgServer,
    change: Callable[[OrgServer], None],
    check: str,
    says: str,
) -> None:
    change(deployed)
    found, text = told(installation.look(check))
    assert (found, says in text, "gradesys deploy apply" in text) == (Status.PROBLEM, True, True)


@pytest.mark.parametrize(
    ("keys", "status", "says"),
    [
        (f"{KEY},{NEXT_KEY}", Status.OK, "steps post to"),
        (f"{NEXT_KEY},{KEY}", Status.WARNING, "not the first"),
        (NEXT_KEY, Status.PROBLEM, "none of our webhook keys"),
    ],
)
def test_the_registered_key_must_be_one_of_ours(
    installation: Installation, deployed: OrgServer, keys: str, status: Status, says: str
) -> None:
    installation.settings["WEBHOOK_KEYS"] = keys
    found, text = told(installation.look("steps"))
    assert (found, says in text) == (status, True)
    assert KEY not in text
    assert NEXT_KEY not in text


def test_a_key_that_a_rotation_put_in_the_place_of_ours_is_accepted(
    installation: Installation, deployed: OrgServer
) -> None:
    installation.settings["WEBHOOK_KEYS"] = NEXT_KEY
    ledger = SqliteLedger(Database(installation.folder / "work.sqlite"))
    write_rotation(ledger, Rotation().with_successor(KEY, [digest_of(NEXT_KEY)]), 0)
    found, text = told(installation.look("steps"))
    assert (found, "gradesys rotate-key status" in text) == (Status.WARNING, True)


@pytest.mark.parametrize(
    ("edit", "check", "says"),
    [
        (("totalamount_base", "totalamounts"), "tables", "totalamounts"),
        (("of: invoice, lookup: customerid", "of: bills, lookup: account"), "tables", "bills"),
        (("gs_score", "creditonhold"), "outputs", "refuse column account.creditonhold"),
    ],
)
def test_what_the_rules_name_must_be_there(
    installation: Installation, bare: OrgServer, edit: tuple[str, str], check: str, says: str
) -> None:
    installation.rule(RULES.replace(*edit))
    found, text = told(installation.look(check))
    assert (found, says in text) == (Status.PROBLEM, True)


@pytest.mark.parametrize(
    ("minutes", "status"),
    [(0, Status.OK), (2, Status.WARNING), (-2, Status.WARNING), (6, Status.PROBLEM)],
)
def test_a_clock_that_is_wrong_is_noticed(
    installation: Installation, bare: OrgServer, minutes: int, status: Status
) -> None:
    installation.clock = lambda: datetime.now(UTC) + timedelta(minutes=minutes)
    assert installation.look("clock").status is status


def test_a_pinned_clock_is_worth_a_warning(installation: Installation, bare: OrgServer) -> None:
    installation.settings["NOW"] = "2026-06-15T12:00:00+03:30"
    assert "GRADESYS_NOW" in installation.look("clock").hint


def test_an_organisation_that_does_not_answer_is_unreachable(installation: Installation) -> None:
    found = installation.look("reachable")
    assert (found.status, found.cause) == (Status.PROBLEM, Cause.UNREACHABLE)
