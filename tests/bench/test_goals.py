"""What a run says about its goals, and what it needs before it begins."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

import dev
from bench import compared
from bench.data import Size
from bench.goals import of_record, of_resync
from bench.peers.ours import NAME as OURS
from bench.record import Race
from bench.resync import JSON_PANDAS, LIMIT, Comparison, Figures
from bench.resync import OURS as RESYNC
from bench.rounds import Times

ROOT = Path(__file__).parents[2]


def test_the_fastest_path_of_an_engine_is_what_counts() -> None:
    seconds = {OURS: 2.0, "zen compiled expression": 5.0, "zen compiled expression, JSON": 4.0}
    race = Race({name: Times(each, each) for name, each in seconds.items()}, {}, [], 1)
    fastest, graph, tables, other = of_record(race, 0)
    assert fastest.found == 2.0
    assert [each.found for each in (graph, tables, other)] == [None] * 3


def test_a_resync_is_judged_by_cpu_and_by_memory() -> None:
    figures = {
        RESYNC: Figures(2.0, 9.0, 100.0),
        LIMIT: Figures(1.0, 1.0, 20.0),
        JSON_PANDAS: Figures(10.0, 10.0, 900.0),
    }
    found = Comparison(figures, [], Size(1, 1, 1))
    verdicts = list(of_resync(found, Figures(6.0, 9.0, 105.0), 0))
    assert [each.found for each in verdicts] == [0.5, 5.0, None, 100.0, 1.05]
    assert [each.met for each in verdicts] == [False, True, False, True, True]


def test_a_full_run_without_a_required_peer_ends_with_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(compared, "versions", dict.fromkeys)
    assert compared.run(compared.FULL) == 1
    assert "zen-engine is missing" in capsys.readouterr().out


@pytest.mark.long
@pytest.mark.alone
def test_a_quick_run_measures_everybody_and_says_what_is_missed() -> None:
    assert dev.set_up_bench() == 0
    python = dev.BENCH / dev.PYTHON.relative_to(dev.VENV)
    command = [str(python), "-m", "bench", "--quick"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=600)
    print(done.stdout)
    assert len(re.findall(r"^  [123]: ", done.stdout, re.MULTILINE)) == 9
    assert "SKIPPED" not in done.stdout
    assert done.returncode == ("MISSED" in done.stdout)
