"""How soon a grade follows its event, measured with nothing else running beside it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator

import pytest

from tests.line.judge import wrong_records
from tests.line.running import Json, Line, eventually, running_line
from tests.line.samples import small_sample

pytestmark = pytest.mark.alone


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    with running_line(small_sample(400), tmp_path_factory.mktemp("latency")) as line:
        line.resync()
        line.serve()
        yield line


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
