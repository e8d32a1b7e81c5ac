"""gradesys pause and resume: what an operator reads, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import left
from tests.cli.test_commands import SETTINGS

RECORD = "a1000000-0000-4000-8000-000000000001"


def test_a_pause_says_when_it_ends_and_resume_ends_it(tmp_path: Path) -> None:
    paused = left(tmp_path, "pause", "--for", "2h", "--reason", "import", **SETTINGS)
    assert paused.code == 0
    assert "(import), until" in paused.out
    assert "ends by itself" in paused.out
    status = left(tmp_path, "status", "--json", **SETTINGS)
    assert json.loads(status.out)["paused"] in paused.out
    assert left(tmp_path, "resume", **SETTINGS).out == "resumed; 0 waiting\n"
    assert "paused" not in left(tmp_path, "status", "--json", **SETTINGS).out


def test_resume_without_a_pause_says_so(tmp_path: Path) -> None:
    done = left(tmp_path, "resume", **SETTINGS)
    assert (done.code, done.out) == (0, "there was no pause\n")


@pytest.mark.parametrize("length", ["2", "0h", "soon", "8d", "-1h", "٢h"])
def test_a_pause_without_a_sensible_end_is_refused(tmp_path: Path, length: str) -> None:
    done = left(tmp_path, "pause", "--for", length, **SETTINGS)
    assert done.code == 2
    assert "90m, 2h or 1d" in done.err
