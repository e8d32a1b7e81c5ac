"""After hundreds of random edits every stored score is the oracle's, nothing is left to write."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from emulator.sample import sample_org
from tests.line.edits import EDITS, editor_of
from tests.line.judge import wrong_records
from tests.line.running import Line, running_line

EDIT_COUNT = 500


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    folder: Path = tmp_path_factory.mktemp("line")
    with running_line(sample_org(datetime.now(UTC)), folder) as line:
        yield line


def test_the_first_resync_stays_within_the_bound_of_the_design(line: Line) -> None:
    answer = line.resync()
    pages = sum(
        -(-count // 5000)
        for count in (
            _count(line, "accounts", "statecode eq 0"),
            _count(line, "invoices", "statecode eq 2"),
            _count(line, "opportunities", "statecode eq 0"),
            _count(line, "salesorders", "statecode eq 0 or statecode eq 1"),
        )
    )
    writes = -(-answer["written"] // 1000)
    bound = 1.05 * (pages + writes) + 4 + 10
    print(f"resync: {answer}, bound {bound:.1f} requests")
    assert answer["failed"] == 0
    assert answer["requests"] <= bound
    assert wrong_records(line) == []


def _count(line: Line, entity_set: str, condition: str) -> int:
    return len(line.rows(f"{entity_set}?$select=createdon&$filter={condition}"))


def test_a_second_resync_writes_nothing(line: Line) -> None:
    assert line.resync()["written"] == 0


def test_five_hundred_random_edits_end_as_the_oracle_says(line: Line) -> None:
    line.serve()
    editor = editor_of(line, seed=1405)
    for _ in range(EDIT_COUNT):
        editor.edit()
    line.settle()
    print(f"edits: {dict(editor.done)}")
    assert all(editor.done[kind] >= 0.05 * EDIT_COUNT for kind in EDITS)
    assert wrong_records(line) == []
    assert line.resync()["written"] == 0
    assert line.marks.stats().parked == 0
