"""An outage of the webhooks: 2,000 changes that nobody was told of, and how soon they are right."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from tests.line.edits import Editor, editor_of
from tests.line.judge import wrong_records
from tests.line.running import Line, eventually, running_line
from tests.line.samples import small_sample

CHANGES = 2_000
LEAVING = {"move", "move_and_change", "delete"}
LONGEST_S = 300.0


@pytest.mark.long
def test_two_thousand_lost_changes_are_right_minutes_after_the_service_is_back(
    tmp_path: Path,
) -> None:
    with running_line(small_sample(), tmp_path) as line:
        line.resync()
        line.gradesys("catchup")
        editor = editor_of(line, seed=11)
        for _ in range(CHANGES):
            editor.edit()
        settled = line.session.post(f"{line.url}/_emulator/settle?timeout=120", timeout=150)
        assert settled.status_code == 200
        wrong = len(wrong_records(line))
        line.serve()
        report = _catch_up(line)
        left = wrong_records(line)
        print(f"{CHANGES} lost changes, {wrong} records wrong; {report}; {len(left)} left")
        _check_left(line, editor, left)


def _catch_up(line: Line) -> str:
    """Look, and wait until the service has worked on all of it."""
    line.reset_stats()
    began = time.monotonic()
    found = json.loads(line.gradesys("catchup", "--json"))
    looked = time.monotonic() - began
    eventually(lambda: line.marks.stats().dirty == 0, LONGEST_S)
    took = time.monotonic() - began
    counts = {name: table["changed"] for name, table in found["tables"].items()}
    requests = line.stats()["requests"]
    return (
        f"looked in {looked:.1f} s: {counts}, {found['marked']} marked;"
        f" all recomputed after {took:.1f} s, {requests} requests"
    )


def _check_left(line: Line, editor: Editor, left: list[str]) -> None:
    """At most one record for each row that left somebody; the night repairs them."""
    assert len(left) <= sum(editor.done[kind] for kind in LEAVING)
    line.resync()
    assert wrong_records(line) == []
    assert line.resync()["written"] == 0
