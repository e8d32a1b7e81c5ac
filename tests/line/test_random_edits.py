"""After hundreds of random edits every stored score is the oracle's, nothing is left to write."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from emulator.sample import sample_org
from tests.line.edits import EDITS, editor_of
from tests.line.judge import wrong_records
from tests.line.running import Json, Line, eventually, running_line

EDIT_COUNT = 500
pytestmark = pytest.mark.alone


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
    assert line.status()["parked"] == 0


def test_a_grade_follows_its_event_within_a_second(line: Line) -> None:
    waits = [_wait_for_score(line, invoice) for invoice in _open_invoices(line)[:40]]
    p95 = statistics.quantiles(waits, n=20)[-1]
    print(f"event -> grade: median {statistics.median(waits):.3f} s, p95 {p95:.3f} s")
    assert p95 < 1.0


def test_the_last_value_of_a_burst_is_there_within_three_seconds(line: Line) -> None:
    invoice = _open_invoices(line)[0]
    path = f"accounts({invoice['_customerid_value']})?$select=gs_score"
    for amount in range(1, 60):
        body = {"totalamount": amount * 1000, "statecode": 2}
        line.api("PATCH", f"invoices({invoice['invoiceid']})", body)
    ended = changed = time.monotonic()
    score = line.api("GET", path).json()["gs_score"]
    while time.monotonic() < ended + 5:
        now = line.api("GET", path).json()["gs_score"]
        changed, score = (changed, score) if now == score else (time.monotonic(), now)
    line.settle()
    print(f"burst: the last value was there {changed - ended:.2f} s after the last edit")
    assert changed - ended < 3.0
    assert wrong_records(line) == []


def _open_invoices(line: Line) -> list[Json]:
    """Unpaid invoices of scored accounts that a payment would raise."""
    rows = line.rows(
        "invoices?$select=_customerid_value&$filter=statecode eq 0 and totalamount_base gt 1000"
        "&$expand=customerid_account($select=statecode,gs_score)"
    )
    return [
        row
        for row in rows
        if (account := row["customerid_account"])
        and account["statecode"] == 0
        and account["gs_score"] < 60
    ]


def _wait_for_score(line: Line, invoice: Json) -> float:
    path = f"accounts({invoice['_customerid_value']})?$select=gs_score"
    before = line.api("GET", path).json()["gs_score"]
    started = time.monotonic()
    line.api("PATCH", f"invoices({invoice['invoiceid']})", {"statecode": 2}, If_Match="*")
    eventually(lambda: line.api("GET", path).json()["gs_score"] != before, patience_s=10)
    return time.monotonic() - started
