"""What a run says about its goals, and what it needs before it begins."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

import dev
from bench import compared, report
from bench.data import Size
from bench.goals import Verdict, of_record, of_resync
from bench.peers.ours import NAME as OURS
from bench.record import Race
from bench.resync import JSON_PANDAS, LIMIT, Comparison, Figures
from bench.resync import OURS as RESYNC
from bench.rounds import Times

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (Verdict(1, "as fast", 4, 4.0), "4.00, at least 4: met"),
        (Verdict(1, "as fast", 4, 3.2), "3.20, at least 4: within 25%"),
        (Verdict(1, "as fast", 4, 2.9), "2.90, at least 4: MISSED"),
        (Verdict(1, "as fast", 4, None), "not measured, at least 4: MISSED"),
        (Verdict(3, "MB", 160, 160.0, most=True), "160.00, at most 160: met"),
        (Verdict(3, "MB", 160, 190.0, most=True), "190.00, at most 160: within 25%"),
        (Verdict(3, "MB", 160, 201.0, most=True), "201.00, at most 160: MISSED"),
    ],
)
def test_a_goal_is_met_or_within_its_slack_or_missed(verdict: Verdict, words: str) -> None:
    assert verdict.line(0.25).endswith(words)
    assert verdict.met(0.25) is not words.endswith("MISSED")
    assert verdict.met() is words.endswith(" met")


def test_the_fastest_path_of_an_engine_is_what_counts() -> None:
    seconds = {OURS: 2.0, "zen compiled expression": 5.0, "zen compiled expression, JSON": 4.0}
    race = Race({name: Times(each, each) for name, each in seconds.items()}, {}, [], 1)
    fastest, graph, tables, other = of_record(race)
    assert fastest.measured == 2.0
    assert [each.measured for each in (graph, tables, other)] == [None] * 3


def test_a_resync_is_judged_by_cpu_and_by_memory() -> None:
    figures = {
        RESYNC: Figures(2.0, 9.0, 100.0),
        LIMIT: Figures(1.0, 1.0, 20.0),
        JSON_PANDAS: Figures(10.0, 10.0, 900.0),
    }
    found = Comparison(figures, [], Size(1, 1, 1))
    verdicts = list(of_resync(found, Figures(6.0, 9.0, 105.0)))
    assert [each.measured for each in verdicts] == [0.5, 5.0, None, 100.0, 1.05]
    assert [each.met() for each in verdicts] == [False, True, False, True, True]


def test_a_full_run_without_a_required_peer_ends_with_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(report, "versions", lambda: dict.fromkeys(report.PACKAGES))
    assert compared.run(compared.FULL) == 1
    assert "zen-engine is missing" in capsys.readouterr().out


def test_a_report_names_no_machine() -> None:
    assert report.machine().keys() == {"cores", "load", "python", "system"}


@pytest.mark.long
@pytest.mark.alone
def test_a_quick_run_measures_everybody_and_says_what_is_missed() -> None:
    assert dev.set_up_bench() == 0
    python = dev.BENCH / dev.PYTHON.relative_to(dev.VENV)
    command = [str(python), "-m", "bench", "--quick"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=600)
    print(done.stdout)
    assert len(re.findall(r"^goal \d", done.stdout, re.MULTILINE)) == 9
    assert "SKIPPED" not in done.stdout
    assert done.returncode == ("MISSED" in done.stdout)
