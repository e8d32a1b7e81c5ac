"""gradesys pause and resume: what an operator reads, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_commands import SETTINGS, run

RECORD = "a1000000-0000-4000-8000-000000000001"


def test_a_pause_says_when_it_ends_and_resume_ends_it(tmp_path: Path) -> None:
    paused = run(tmp_path, "pause", "--for", "2h", "--reason", "import", **SETTINGS)
    assert paused.returncode == 0
    assert "(import), until" in paused.stdout
    assert "ends by itself" in paused.stdout
    status = run(tmp_path, "status", "--json", **SETTINGS)
    assert json.loads(status.stdout)["paused"] in paused.stdout
    assert run(tmp_path, "resume", **SETTINGS).stdout == "resumed; 0 waiting\n"
    assert "paused" not in run(tmp_path, "status", "--json", **SETTINGS).stdout


def test_resume_without_a_pause_says_so(tmp_path: Path) -> None:
    done = run(tmp_path, "resume", **SETTINGS)
    assert (done.returncode, done.stdout) == (0, "there was no pause\n")


@pytest.mark.parametrize("length", ["2", "0h", "soon", "8d", "-1h", "٢h"])
def test_a_pause_without_a_sensible_end_is_refused(tmp_path: Path, length: str) -> None:
    done = run(tmp_path, "pause", "--for", length, **SETTINGS)
    assert done.returncode == 2
    assert "90m, 2h or 1d" in done.stderr
