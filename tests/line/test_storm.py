"""Throttling, errors after the fact, doubled and delayed events, and kills: the end is exact."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator

import pytest

from tests.line.edits import Editor, editor_of
from tests.line.judge import wrong_records
from tests.line.running import Line, eventually, running_line
from tests.line.samples import small_sample

pytestmark = pytest.mark.long
OURS = {"user_agent": "gradesys"}
STORM = {
    "rules": [
        {"match": OURS, "status": 429, "retry_after": 1, "probability": 0.03},
        {"match": OURS, "status": 503, "probability": 0.05},
        {"match": OURS, "status": 503, "probability": 0.05, "after_apply": True},
        {"match": OURS, "delay_ms": 200, "probability": 0.1},
    ],
    "webhooks": {"duplicate": 0.2, "delay_ms": [0, 800], "reorder": True},
}


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    with running_line(small_sample(), tmp_path_factory.mktemp("storm")) as line:
        line.resync()
        yield line


@pytest.fixture
def editor(line: Line) -> Iterator[Editor]:
    """Random edits on a running service; faults end with the test."""
    line.serve()
    yield editor_of(line, seed=7)
    line.faults()
    line.kill_service()


def test_a_storm_of_faults_ends_exact(line: Line, editor: Editor) -> None:
    line.faults(**STORM)
    for _ in range(150):
        editor.edit()
    line.settle()
    line.faults()
    assert wrong_records(line) == []
    assert line.resync()["written"] == 0


def test_killing_the_service_with_work_waiting_loses_nothing(line: Line, editor: Editor) -> None:
    for _ in range(4):
        line.faults(rules=[{"match": OURS, "delay_ms": 150}])
        for _ in range(25):
            editor.edit()
        line.session.post(f"{line.url}/_emulator/settle", timeout=60)
        line.kill_service()
        line.faults()
        line.serve()
    line.settle()
    assert wrong_records(line) == []
    assert line.resync()["written"] == 0


def test_a_killed_resync_is_finished_by_the_next_one(line: Line) -> None:
    for row in line.rows("accounts?$select=accountid")[:100]:
        line.api("PATCH", f"accounts({row['accountid']})", {"gs_score": 1}, If_Match="*")
    line.faults(rules=[{"match": OURS, "delay_ms": 400}])
    running = line.start("resync", "--json")
    time.sleep(1.5)
    running.kill()
    running.wait()
    line.faults()
    assert line.resync()["failed"] == 0
    assert wrong_records(line) == []
    assert line.resync()["written"] == 0


def test_resync_and_recompute_run_beside_the_service(line: Line, editor: Editor) -> None:
    records = [row["accountid"] for row in line.rows("accounts?$select=accountid")[:20]]
    commands: list[subprocess.Popen[str]] = []
    for turn in range(60):
        editor.edit()
        if turn % 20 == 0:
            commands += [line.start("resync"), line.start("recompute", "account", *records)]
    assert [command.wait(timeout=120) for command in commands] == [0] * len(commands)
    line.settle()
    assert wrong_records(line) == []
    assert line.resync()["written"] == 0


def test_an_outage_of_the_org_delays_and_loses_nothing(line: Line, editor: Editor) -> None:
    line.faults(rules=[{"match": OURS, "status": 503, "retry_after": 1}])
    for _ in range(30):
        editor.edit()
    time.sleep(3)
    line.faults()
    line.settle()
    eventually(lambda: line.marks.stats().parked == 0)
    assert wrong_records(line) == []
