"""The app in Microsoft's runtime with its marks in Azure Storage, as Azurite plays it."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from gradesys.marks.azure_cells import SILENCE_S
from gradesys.records import Key, KeyKind
from gradesys.resync import runs
from gradesys.runrow import STATES
from tests.azure.conftest import Azure, account_id, invoice_id
from tests.azure.runtime import Invoked, Request, Runtime, running
from tests.azurite.account import AzurePlace
from tests.azurite.running import azurite
from tests.line.running import eventually

pytestmark = pytest.mark.azure
PAID = {"statecode": 2, "statuscode": 100001}
PAID_UP = {"gs_score": 70, "gs_grade": 921500001}
OK = Invoked(succeeded=True)
HEALTH = Request("GET", "/api/health", {})


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AzurePlace]:
    with azurite(tmp_path_factory.mktemp("azurite")) as connection:
        yield AzurePlace(connection)


@pytest.fixture(scope="module")
def runtime(
    shared: Azure, place: AzurePlace, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Runtime]:
    environment = shared.line.environment | {"GRADESYS_STORAGE": place.connection}
    log = tmp_path_factory.mktemp("runtime") / "worker.log"
    with running(shared.runtime.python, environment, log) as runtime:

        def loaded() -> bool:
            return runtime.request("health", HEALTH).status == 200

        eventually(loaded)
        yield runtime


@pytest.fixture(autouse=True)
def worked_off(runtime: Runtime, place: AzurePlace) -> Iterator[None]:
    """What a test caused is worked off as on Azure: message by message."""
    yield

    def clean() -> bool:
        assert {runtime.message("worker", message) for message in place.rings()} <= {OK}
        return place.marks().stats().dirty == 0

    eventually(clean)


def test_an_event_rings_for_its_key_and_the_message_changes_the_row(
    azure: Azure, runtime: Runtime, place: AzurePlace
) -> None:
    caught = azure.caught("PATCH", f"invoices({invoice_id(1)})", PAID)
    assert runtime.request("webhook", caught) == Invoked(True, "", 202, {"marked": 1})
    assert runtime.request("webhook", caught).status == 202
    (message,) = place.rings()
    assert azure.score(1) != PAID_UP
    assert runtime.message("worker", message) == OK
    assert azure.score(1) == PAID_UP
    assert runtime.message("worker", message) == OK
    key = Key(KeyKind.TARGET, "account", account_id(1))
    assert place.marks().waiting([key]) == set()


def test_the_health_page_counts_what_waits(
    azure: Azure, runtime: Runtime, place: AzurePlace
) -> None:
    place.marks().mark([Key(KeyKind.TARGET, "account", account_id(1))])
    reply = runtime.request("health", HEALTH)
    assert (reply.status, reply.body["status"], reply.body["dirty"]) == (200, "green", 1)


def test_a_message_is_for_the_key_that_it_names(
    azure: Azure, runtime: Runtime, place: AzurePlace
) -> None:
    for number in (2, 3):
        caught = azure.caught("PATCH", f"invoices({invoice_id(number)})", PAID)
        assert runtime.request("webhook", caught).status == 202
    second, third = sorted(place.rings(), key=lambda text: account_id(3) in text)
    assert runtime.message("worker", third) == OK
    assert (azure.score(2) == PAID_UP, azure.score(3) == PAID_UP) == (False, True)
    assert runtime.message("worker", second) == OK
    assert azure.score(2) == PAID_UP


def test_a_pressed_button_rings_for_its_run(
    azure: Azure, runtime: Runtime, place: AzurePlace
) -> None:
    run = str(uuid.UUID(int=9))
    body = {"Table": "account", "Ids": f'["{account_id(4)}"]', "RunId": run}
    assert runtime.request("recompute", azure.caught("POST", "gs_Recompute", body)).status == 202
    (message,) = place.rings()
    assert runtime.message("worker", message) == OK
    row = azure.line.api("GET", f"gs_runs({run})").json()
    assert row["gs_state"] == STATES["done"]


def test_a_mark_whose_message_got_lost_is_rung_for_by_the_sweep_tick(
    azure: Azure, runtime: Runtime, place: AzurePlace
) -> None:
    key = Key(KeyKind.TARGET, "account", account_id(4))
    place.marks(lambda: time.time() - 2 * SILENCE_S).mark([key])
    assert len(place.rings()) == 1
    assert runtime.tick("sweep") == OK
    (message,) = place.rings()
    assert runtime.message("worker", message) == OK
    assert place.marks().waiting([key]) == set()


def test_the_resync_tick_keeps_its_progress_in_the_ledger(
    azure: Azure, runtime: Runtime, place: AzurePlace
) -> None:
    assert runtime.tick("resync") == OK

    def done() -> bool:
        assert {runtime.message("worker", message) for message in place.rings()} <= {OK}
        return {run.state for run in runs(place.ledger())} == {"done"}

    eventually(done)
    azure.line.reset_stats()
    assert runtime.tick("resync") == OK
    assert azure.line.stats()["requests"] == 0


def test_the_command_line_reads_the_same_marks(
    azure: Azure, place: AzurePlace, tmp_path: Path
) -> None:
    azure.line.extra = {**azure.line.extra, "GRADESYS_STORAGE": place.connection}
    assert "waiting" in azure.line.gradesys("status")
    assert "1 recomputed, 0 parked" in azure.line.gradesys("recompute", "account", account_id(4))
    assert list(tmp_path.iterdir()) == []
