"""A pause: workers rest, marks keep arriving, and it ends by itself."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from functions.health import health
from functions.resync import resync
from functions.trigger import Incoming
from functions.worker import worker
from gradesys.errors import TemporaryError
from gradesys.pause import begin_pause, end_pause, read_pause
from gradesys.records import Key, KeyKind
from tests.engine.world import small_org, target
from tests.functions.test_triggers import MemoryApp, event_of, posted
from tests.marks.faulty import FaultyLedger, Memory

NOON = 1_781_524_800.0
TWO_HOURS = timedelta(hours=2)


def test_a_pause_tells_since_when_why_and_until_when() -> None:
    ledger = FaultyLedger(Memory())
    begin_pause(ledger, NOON, TWO_HOURS, "import of 2025")
    told = "paused since 2026-06-15 12:00 UTC (import of 2025), until 2026-06-15 14:00 UTC"
    assert str(read_pause(ledger, NOON + 60)) == told


def test_a_forgotten_pause_ends_by_itself() -> None:
    ledger = FaultyLedger(Memory())
    begin_pause(ledger, NOON, TWO_HOURS, "")
    assert read_pause(ledger, NOON + 7199) is not None
    assert read_pause(ledger, NOON + 7200) is None
    assert end_pause(ledger, NOON + 7200) is None


def test_a_longer_pause_keeps_its_beginning_and_its_reason() -> None:
    ledger = FaultyLedger(Memory())
    begin_pause(ledger, NOON, TWO_HOURS, "import")
    begin_pause(ledger, NOON + 3600, TWO_HOURS, "")
    told = "paused since 2026-06-15 12:00 UTC (import), until 2026-06-15 15:00 UTC"
    assert str(read_pause(ledger, NOON + 3600)) == told


def test_of_two_who_pause_at_once_one_is_told(tmp_path: Path) -> None:
    class Overtaken(FaultyLedger):
        def put_if(self, name: str, value: object, version: int) -> bool:
            return False

    with pytest.raises(TemporaryError, match="somebody else"):
        begin_pause(Overtaken(Memory()), NOON, TWO_HOURS, "")


@pytest.fixture
def app(tmp_path: Path) -> MemoryApp:
    return MemoryApp(tmp_path, small_org())


def pause(app: MemoryApp) -> None:
    begin_pause(app.ledger, app.marks.clock(), TWO_HOURS, "")


def resume(app: MemoryApp) -> None:
    end_pause(app.ledger, app.marks.clock())


def test_during_a_pause_workers_rest_and_events_are_noted(app: MemoryApp) -> None:
    pause(app)
    assert posted(app, event_of("invoice")).status == 202
    assert worker(app, "") == 0
    assert app.marks.stats().dirty == 1
    resume(app)
    assert worker(app, "") == 1
    assert app.marks.stats().dirty == 0


def test_a_press_during_a_pause_stays_queued(app: MemoryApp) -> None:
    app.marks.mark([Key(KeyKind.RUN, "account", "r1")])
    pause(app)
    assert worker(app, "") == 0
    assert app.marks.waiting([Key(KeyKind.RUN, "account", "r1")])


def test_the_quarter_hour_resync_waits_for_the_end_of_a_pause(app: MemoryApp) -> None:
    org = app.context().store
    pause(app)
    resync(app)
    assert org.requests == 0
    resume(app)
    resync(app)
    assert org.requests > 0


def test_a_pause_in_one_process_is_obeyed_by_all(app: MemoryApp, tmp_path: Path) -> None:
    other = MemoryApp(tmp_path, small_org())
    pause(app)
    assert str(other.paused()) == str(app.paused())


def test_health_is_yellow_and_says_why_for_as_long_as_a_pause_lasts(app: MemoryApp) -> None:
    pause(app)
    body = health(app, Incoming({}, b"")).body
    assert (body["status"], body["paused"]) == ("yellow", str(app.paused()))
    resume(app)
    body = health(app, Incoming({}, b"")).body
    assert (body["status"], "paused" in body) == ("green", False)


def test_fault_33_after_an_import_what_waits_is_drained_together(app: MemoryApp) -> None:
    pause(app)
    app.marks.mark([target(f"b{number}") for number in range(90)])
    resume(app)
    assert worker(app, "") == 90
