"""``gradesys demo`` as somebody runs it: the check with its figures, and the page until Ctrl-C."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

from emulator.sample import Sizes, sample_org
from gradesys.demo.processes import output_of, running
from gradesys.errors import GradesysError
from tests.line.running import ROOT

COMMAND = (sys.executable, "-m", "gradesys", "demo")
PATIENCE_S = 240
FIGURES = (
    r"resync: [\d,]+ records read, [\d,]+ written, \d+ requests, [\d.]+ s, [\d,]+ rows/s",
    r"second resync: 0 written",
    r"event -> grade \(cause event\): 24 invoices paid, p50 \d+ ms, p95 \d+ ms",
    r"invoice moved: old and new customer right",
    r"invoice deleted: customer right",
    r"button gs_Recompute: run done after \d+ ms",
    r"0 keys dirty; webhooks \d+ sent, 0 failed; 0 unsupported",
    r"resync after the events: 0 written",
)


def _demo(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """The command, with its temporary files in this folder."""
    return subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(folder), "GRADESYS_DATAVERSE_URL": "https://real.example"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


@pytest.mark.alone
def test_the_check_shows_the_whole_line_and_its_figures(tmp_path: Path) -> None:
    with _demo(tmp_path, "--check") as process:
        shown, complaints = process.communicate(timeout=PATIENCE_S)
    print(shown)
    assert process.returncode == 0, complaints
    for figure in FIGURES:
        assert re.search(figure, shown), figure
    assert list(tmp_path.iterdir()) == []


def test_a_check_that_fails_ends_with_1_and_the_reason(tmp_path: Path) -> None:
    with _demo(tmp_path, "--check", "--accounts", "10") as process:
        _, complaints = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1
    assert "accounts have an open invoice" in complaints
    assert list(tmp_path.iterdir()) == []


def test_the_demo_serves_its_page_until_told_to_end_and_leaves_nothing(tmp_path: Path) -> None:
    with _demo(tmp_path, "--accounts", "20") as process:
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        address = next(line.split()[-1] for line in lines if "Open " in line)
        page = requests.get(address, timeout=30)
        process.terminate()
        assert process.wait(60) == 130
    assert "script/main.js" in page.text
    with pytest.raises(requests.ConnectionError):
        requests.get(address, timeout=30)
    assert list(tmp_path.iterdir()) == []


def test_a_failing_command_is_named_with_what_it_said() -> None:
    with pytest.raises(GradesysError, match=r"(?s)^gradesys validate no-such-file ended.*exist"):
        output_of("gradesys", "validate", "no-such-file", env=os.environ)


def _leave() -> None:
    pass


def _fail() -> None:
    raise GradesysError("something else went wrong")


@pytest.mark.parametrize("action", [_leave, _fail])
def test_a_child_ends_with_its_block(action: Callable[[], None]) -> None:
    processes = []
    try:
        with running("emulator", "--port", "0", env=os.environ) as process:
            processes.append(process)
            action()
    except GradesysError as error:
        assert str(error) == "something else went wrong"
    assert [process.poll() is not None for process in processes] == [True]


@pytest.mark.parametrize("accounts", [1, 40])
def test_a_smaller_sample_has_whole_rows_that_point_at_one_another(accounts: int) -> None:
    org = sample_org(datetime(2026, 6, 15, tzinfo=UTC), Sizes.of(accounts))
    customers = {row["accountid"] for row in org["account"]}
    customers |= {row["contactid"] for row in org["contact"]}
    assert len(org["account"]) == accounts
    assert len(org["invoice"]) == 15 * accounts
    assert {row["_customerid_value"] for row in org["invoice"]} <= customers


def test_the_same_seed_and_moment_give_the_same_sample() -> None:
    moment = datetime(2026, 6, 15, tzinfo=UTC)
    assert sample_org(moment, Sizes.of(3)) == sample_org(moment, Sizes.of(3))
    assert sample_org(moment, Sizes.of(3)) != sample_org(moment, Sizes.of(3), seed=7)
