"""Every function, invoked by Microsoft's code with what a real host and a real org would send."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from gradesys.marks.sqlite import Database
from gradesys.marks.sqlite_marks import SqliteMarks
from gradesys.records import Key, KeyKind
from gradesys.runrow import STATES
from tests.azure.conftest import ACCOUNTS, Azure, account_id, invoice_id
from tests.azure.runtime import Invoked, Request, running

pytestmark = pytest.mark.azure
PAID = {"statecode": 2, "statuscode": 100001}
PAID_UP = {"gs_score": 70, "gs_grade": 921500001}
OK = Invoked(succeeded=True)


def test_a_delivered_body_becomes_a_mark_and_its_message_a_changed_row(azure: Azure) -> None:
    before = azure.score(1)
    reply = azure.deliver("webhook", "PATCH", f"invoices({invoice_id(1)})", PAID)
    assert reply == Invoked(True, "", 202, {"marked": 1})
    assert azure.waiting(KeyKind.TARGET, account_id(1))
    assert azure.score(1) == before != PAID_UP
    assert azure.runtime.message("worker", "ring") == OK
    assert azure.score(1) == PAID_UP
    assert not azure.waiting(KeyKind.TARGET, account_id(1))


def test_a_message_without_a_mark_changes_nothing(azure: Azure) -> None:
    azure.line.reset_stats()
    assert azure.runtime.message("worker", "ring") == OK
    assert azure.line.stats()["requests"] == 0


def test_a_pressed_button_becomes_a_run_and_its_message_the_finished_run(azure: Azure) -> None:
    run = str(uuid.UUID(int=7))
    azure.caught("PATCH", f"invoices({invoice_id(2)})", PAID)
    body = {"Table": "account", "Ids": f'["{account_id(2)}"]', "RunId": run}
    reply = azure.deliver("recompute", "POST", "gs_Recompute", body)
    assert reply == Invoked(True, "", 202, {"run": run})
    assert azure.waiting(KeyKind.RUN, run)
    assert azure.runtime.message("worker", "ring") == OK
    row = azure.line.api("GET", f"gs_runs({run})").json()
    assert (row["gs_state"], row["gs_written"]) == (STATES["done"], 1)
    assert azure.score(2) == PAID_UP


def test_the_resync_tick_scores_everybody_once_a_day(azure: Azure, tmp_path: Path) -> None:
    environment = azure.line.environment | {"GRADESYS_WORK": str(tmp_path / "fresh.sqlite")}
    with running(azure.runtime.python, environment, tmp_path / "worker.log") as runtime:
        assert runtime.tick("resync") == OK
        marks = SqliteMarks(Database(tmp_path / "fresh.sqlite"))
        while marks.stats().dirty:
            assert runtime.message("worker", "ring") == OK
        assert None not in [azure.score(number)["gs_score"] for number in range(1, ACCOUNTS + 1)]
        azure.line.reset_stats()
        assert runtime.tick("resync") == OK
        assert azure.line.stats()["requests"] == 0


def test_the_sweep_tick_forgets_marks_that_nothing_can_ask_about(azure: Azure) -> None:
    key = Key(KeyKind.TARGET, "account", account_id(3))
    long_ago = SqliteMarks(Database(azure.line.folder / "work.sqlite"), clock=lambda: 0.0)
    long_ago.mark([key])
    (claimed,) = long_ago.claim(1, [key])
    assert long_ago.begin(claimed)
    long_ago.done(claimed)
    assert azure.marks().marked_since([key], 0.0) == {key}
    assert azure.runtime.tick("sweep") == OK
    assert azure.marks().marked_since([key], 0.0) == set()


def test_the_health_page_names_the_models(azure: Azure) -> None:
    reply = azure.runtime.request("health", Request("GET", "/api/health", {}))
    assert (reply.status, reply.body["status"]) == (200, "green")
    assert set(reply.body["models"]) == {"customer_grade", "order_priority"}


def test_the_host_may_spell_header_names_as_it_likes(azure: Azure) -> None:
    caught = azure.caught("PATCH", f"invoices({invoice_id(4)})", {"totalamount": 500_000})
    headers = {name.upper(): value for name, value in caught.headers.items()}
    reply = azure.runtime.request("webhook", dataclasses.replace(caught, headers=headers))
    assert reply.status == 202


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"headers": {}}, 401),
        ({"headers": {"X-GS-Key": "wrong"}}, 401),
        ({"body": b""}, 400),
        ({"body": b"\xff\xfe{"}, 400),
    ],
)
def test_a_spoilt_delivery_is_answered_as_on_one_machine(
    azure: Azure, changes: Mapping[str, Any], status: int
) -> None:
    caught = azure.caught("PATCH", f"invoices({invoice_id(4)})", {"totalamount": 500_000})
    sent = dataclasses.replace(caught, **changes)
    assert azure.runtime.request("webhook", sent).status == status


def test_without_an_org_events_are_kept_and_messages_come_again(
    azure: Azure, tmp_path: Path
) -> None:
    """A failed invocation makes the host show the message again."""
    environment = azure.line.environment | {"GRADESYS_DATAVERSE_URL": ""}
    environment |= {"GRADESYS_WORK": str(tmp_path / "lost.sqlite"), "GRADESYS_NOW": ""}
    caught = azure.caught("PATCH", f"invoices({invoice_id(4)})", {"totalamount": 500_000})
    with running(azure.runtime.python, environment, tmp_path / "worker.log") as runtime:
        assert runtime.request("webhook", caught).status == 202
        assert runtime.request("health", Request("GET", "/api/health", {})).status == 503
        failed = runtime.message("worker", "ring")
        assert (failed.succeeded, failed.error.partition(":")[0]) == (False, "SettingsError")
