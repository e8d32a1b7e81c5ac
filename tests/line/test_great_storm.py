"""Ten thousand changes, unreliable deliveries, a failing org and twenty kills.

What is lost is known before any repair, and repaired by what was promised to repair it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from tests.azurite.running import azurite
from tests.line.edits import Editor, edit_side_by_side
from tests.line.gateway import Gateway, open_gateway
from tests.line.judge import wrong_records
from tests.line.running import Line, free_port, running_line
from tests.line.samples import small_sample
from tests.line.watched import overlaps

pytestmark = pytest.mark.long
OURS = {"user_agent": "gradesys"}
REFUSALS = [
    {"match": OURS, "status": 429, "retry_after": 1, "probability": 0.02},
    {"match": OURS, "status": 503, "probability": 0.02},
    {"match": OURS, "status": 503, "probability": 0.01, "after_apply": True},
]
CHANGES, KILLS = 10_000, 20
UNHEARD = 20
"""Changes while a service is down; then the users wait for the next one."""
MOST_OVERLAPS = 0.01


@contextmanager
def weathered(accounts: int, folder: Path, **extra: str) -> Iterator[tuple[Line, Gateway]]:
    """A scored org whose deliveries go through a gateway, with change tracking begun."""
    with (
        running_line(small_sample(accounts), folder, **extra) as line,
        open_gateway(line.service_port) as gateway,
    ):
        address = f"http://127.0.0.1:{gateway.port}"
        line.gradesys("deploy", "apply", "--base-url", address, "--catch-up")
        line.resync()
        line.gradesys("catchup")
        yield line, gateway


def storm(lines: Sequence[Line], changes: int, kills: int) -> int:
    """So many changes by four users while the org refuses and the services are killed in turn; how
    many there were."""
    lines[0].faults(rules=REFUSALS)
    editors = edit_side_by_side(lines[0], 4, changes)
    for kill in range(kills):
        reach(editors, changes * (kill + 1) // (kills + 1))
        victim = lines[kill % len(lines)]
        victim.kill_service()
        reach(editors, made(editors) + UNHEARD)
        editors[0].flow.clear()
        victim.serve()
        editors[0].flow.set()
    for editor in editors:
        editor.thread.join()
    calm(lines[0])
    return made(editors)


def made(editors: Sequence[Editor]) -> int:
    """How many changes were made so far."""
    return sum(sum(editor.done.values()) for editor in editors)


def reach(editors: Sequence[Editor], count: int) -> None:
    """Wait until so many changes were made."""
    while made(editors) < count and any(editor.thread.is_alive() for editor in editors):
        time.sleep(0.02)


def calm(line: Line) -> None:
    """The org refuses nothing any more, and everything that is under way comes to its end."""
    deadline = time.monotonic() + 240
    while (
        line.session.post(f"{line.url}/_emulator/settle?timeout=60", timeout=90).status_code != 200
    ):
        assert time.monotonic() < deadline, "the deliveries never end"
    line.faults()
    line.settle()


def accounts_of(wrong: Sequence[str]) -> set[str]:
    """The records of the judge's lines."""
    return {line.partition(":")[0] for line in wrong}


def test_what_a_storm_loses_is_known_and_repaired_step_by_step(tmp_path: Path) -> None:
    began = time.monotonic()
    with weathered(500, tmp_path) as (line, gateway):
        line.serve()
        done = storm([line], CHANGES, KILLS)
        wrong, excused = accounts_of(wrong_records(line)), gateway.excused()
        print(f"{done} changes in {time.monotonic() - began:.0f} s, {len(gateway.told)} events,")
        print(f"answers {dict(gateway.answers)},")
        print(f"{gateway.doubled} doubled, {gateway.delayed} delayed, {gateway.lost()} lost;")
        print(f"before any repair {len(wrong)} wrong, {len(excused)} whose last event was lost")
        assert done == CHANGES
        assert wrong <= excused, wrong - excused
        line.gradesys("catchup")
        line.settle()
        left = accounts_of(wrong_records(line))
        print(f"after catch-up {len(left)} wrong")
        assert left <= gateway.excused(only_moves=True)
        line.resync()
        line.settle()
        assert wrong_records(line) == []
        assert line.resync()["written"] == 0


@pytest.mark.alone
@pytest.mark.parametrize(
    ("accounts", "changes", "kills"),
    [(100, 1_500, 4), pytest.param(500, CHANGES, KILLS, marks=pytest.mark.bench)],
)
def test_two_processes_on_one_storage_account_end_right(
    tmp_path: Path, accounts: int, changes: int, kills: int
) -> None:
    began = time.monotonic()
    with (
        azurite(tmp_path) as connection,
        weathered(accounts, tmp_path, GRADESYS_STORAGE=connection) as (line, gateway),
    ):
        notes = [tmp_path / f"notes{number}" for number in (1, 2)]
        line.program = ("tests.line.watched", str(notes[0]))
        other = replace(
            line,
            service_port=free_port(),
            program=("tests.line.watched", str(notes[1])),
            session=requests.Session(),
        )
        gateway.services = (line.service_port, other.service_port)
        try:
            for each in (line, other):
                each.serve()
            assert storm([line, other], changes, kills) == changes
            wrong, excused = accounts_of(wrong_records(line)), gateway.excused()
            runs, overlapping = overlaps(notes)
            print(f"{changes} changes in {time.monotonic() - began:.0f} s, {gateway.lost()} lost;")
            print(f"{runs} runs, {overlapping} overlapping; {len(wrong)} wrong before any repair")
            assert wrong <= excused, wrong - excused
            assert overlapping <= MOST_OVERLAPS * runs
            line.resync()
            line.settle()
            assert wrong_records(line) == []
            assert line.resync()["written"] == 0
        finally:
            other.kill_service()
            other.session.close()
