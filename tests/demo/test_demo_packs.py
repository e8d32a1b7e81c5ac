"""``gradesys demo --pack NAME`` as somebody runs it; every pack alone among the long tests."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.line.running import ROOT
from tests.packs.shipped import NAMES

COMMAND = (sys.executable, "-m", "gradesys", "demo")
SMALL = ("--accounts", "30")
PATIENCE_S = 240
SHOWN = (
    r"rules written: {pack}",
    r"second resync: 0 written",
    r"\d+ records of \w+ scored",
    r"\d+ edits of a user: a score had moved after \d+ ms",
    r"0 keys dirty; webhooks \d+ sent, 0 failed; 0 unsupported",
    r"resync after the events: 0 written, every stored score equals a fresh computation",
)


def check(pack: str) -> None:
    """Run the check of a pack; it must show everything and end well."""
    command = (*COMMAND, "--pack", pack, "--check", *SMALL)
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=PATIENCE_S, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for line in SHOWN:
        assert re.search(line.format(pack=pack), done.stdout), line


@pytest.mark.long
@pytest.mark.parametrize("pack", NAMES)
def test_the_check_of_every_pack_ends_well(pack: str) -> None:
    check(pack)


def test_a_pack_that_there_is_not_is_told_with_its_likeness(tmp_path: Path) -> None:
    command = (*COMMAND, "--pack", "loyalty_teir")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 2
    assert "there is no pack 'loyalty_teir'; did you mean 'loyalty_tier'?" in done.stderr


@pytest.mark.long
def test_the_records_of_a_pack_are_printed_best_first(tmp_path: Path) -> None:
    with subprocess.Popen(
        (*COMMAND, "--pack", "contact_recency", *SMALL),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        before = "\n".join(line for line in iter(lines.__next__, "\n") if line)
        process.terminate()
    assert "Contact recency · تازگی ارتباط با مشتری" in before
    scores = [int(found) for found in re.findall(r"s +(\d+)  (?:In touch|Cooling|Quiet)", before)]
    assert scores == sorted(scores, reverse=True) != []
