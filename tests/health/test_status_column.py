"""The status column: a form never shows an old grade as if it were right (P6), and quietly (P5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from gradesys.app import ALL_HANDLERS
from gradesys.button import Press, receive_press
from gradesys.changes import Change, Fate, Written
from gradesys.engine import Context
from gradesys.errors import TemporaryError
from gradesys.live.handling import handle
from gradesys.records import Column, Kind, Plan
from gradesys.resync import Wish, resync
from gradesys.rules.document import load_document
from gradesys.rules.parse import parse_model
from gradesys.rules.validate import check_model
from tests.engine.world import MemoryOrg, small_org, target, work
from tests.health.world import (
    CURRENT,
    PARKED,
    TOLD,
    having,
    invoice,
    status,
    told_context,
)

RUN = "5b5c6d7e-0000-4000-8000-00000000c001"


def live(org: MemoryOrg, context: Context) -> None:
    org.clock.forward(60)
    context.marks.mark([target()])
    work(context)


def nightly(org: MemoryOrg, context: Context) -> None:
    resync(context, Wish(), lambda tally: None)


def button(org: MemoryOrg, context: Context) -> None:
    org.clock.forward(60)
    receive_press(context, Press(RUN, "account", ("a1",)))
    for message in context.marks.claim(1):
        handle(context, [message], ALL_HANDLERS)


Way = Callable[[MemoryOrg, Context], None]
WAYS = pytest.mark.parametrize("way", [live, nightly, button])


@WAYS
def test_a_record_that_never_was_parked_has_no_status(tmp_path: Path, way: Way) -> None:
    org = small_org()
    way(org, told_context(org, tmp_path))
    assert (org.score(), status(org)) == (Decimal(10), None)


@WAYS
def test_a_record_that_cannot_be_scored_says_so_and_keeps_its_score(
    tmp_path: Path, way: Way
) -> None:
    org = small_org()
    context = told_context(org, tmp_path)
    way(org, context)
    invoice(org, "much")
    way(org, context)
    assert (org.score(), status(org)) == (Decimal(10), PARKED)
    assert [parked.part for parked in context.marks.parked()] == ["customers"]


@WAYS
def test_once_it_is_said_nothing_more_is_written(tmp_path: Path, way: Way) -> None:
    org = small_org()
    context = told_context(org, tmp_path)
    invoice(org, "much")
    way(org, context)
    assert [change.values for change in org.writes] == [{"gs_status": PARKED}]
    way(org, context)
    assert len(org.writes) == 1


@WAYS
def test_a_released_record_is_written_once_score_and_status_together(
    tmp_path: Path, way: Way
) -> None:
    org = small_org()
    context = told_context(org, tmp_path)
    invoice(org, "much")
    way(org, context)
    org.writes.clear()
    invoice(org, Decimal(70))
    for _ in range(2):
        way(org, context)
    (change,) = org.writes
    assert (change.values["gs_score"], change.values["gs_status"]) == (Decimal(70), CURRENT)
    assert context.marks.parked() == []


@WAYS
def test_an_equal_score_is_released_too(tmp_path: Path, way: Way) -> None:
    org = small_org()
    context = told_context(org, tmp_path)
    way(org, context)
    invoice(org, "much")
    way(org, context)
    invoice(org, Decimal(10))
    org.writes.clear()
    way(org, context)
    assert [change.values for change in org.writes] == [{"gs_status": CURRENT}]


@WAYS
def test_a_record_that_refuses_every_write_is_parked_without_it(tmp_path: Path, way: Way) -> None:
    org = small_org()
    org.fates["a1"] = Fate.REFUSED
    context = told_context(org, tmp_path)
    for _ in range(2):
        way(org, context)
    assert (status(org), org.writes) == (None, [])
    assert [parked.part for parked in context.marks.parked()] == [""]
    org.fates.clear()
    way(org, context)
    assert (org.score(), status(org), context.marks.parked()) == (Decimal(10), None, [])


@WAYS
def test_a_record_that_refuses_only_its_score_says_so_once(
    tmp_path: Path, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    org = small_org()
    context = told_context(org, tmp_path)
    refuse_scores(org, monkeypatch)
    for _ in range(3):
        way(org, context)
    assert [change.values for change in org.writes] == [{"gs_status": PARKED}]


def refuse_scores(org: MemoryOrg, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take changes of the status alone, and no other."""
    write = org.write

    def picky(changes: Sequence[Change], verify: Plan | None = None) -> Written:
        scored = any("gs_score" in change.values for change in changes)
        org.fates = {"a1": Fate.REFUSED} if scored else {}
        return write(changes, verify)

    monkeypatch.setattr(org, "write", picky)


@pytest.mark.parametrize("way", [live, button])
def test_a_model_that_may_not_read_its_tables_says_so_once(tmp_path: Path, way: Way) -> None:
    org = small_org()
    context = told_context(org, tmp_path)
    org.forbidden = {"invoice"}
    for _ in range(2):
        way(org, context)
    assert [change.values for change in org.writes] == [{"gs_status": PARKED}]
    org.forbidden = set()
    way(org, context)
    assert (org.score(), status(org)) == (Decimal(10), CURRENT)


def test_a_failure_nobody_knows_is_said_too(tmp_path: Path) -> None:
    org = small_org()
    context = told_context(org, tmp_path)

    def broken(call: str) -> None:
        if call == "read":
            raise ZeroDivisionError

    org.before = broken
    context.marks.mark([target()])
    for _ in range(9):
        org.clock.forward(60)
        work(context, rounds=1)
    assert (status(org), context.marks.stats().dirty) == (PARKED, 0)


def test_what_cannot_be_said_now_is_not_parked_yet(tmp_path: Path) -> None:
    org = small_org()
    context = told_context(org, tmp_path)
    org.forbidden = {"invoice"}

    def busy(call: str) -> None:
        if call == "write":
            raise TemporaryError("busy")

    org.before = busy
    live(org, context)
    assert (context.marks.parked(), context.marks.stats().dirty) == ([], 1)
    org.before = lambda call: None
    org.clock.forward(60)
    work(context)
    assert (status(org), len(context.marks.parked())) == (PARKED, 1)


@WAYS
def test_who_leaves_the_population_leaves_the_list_too(tmp_path: Path, way: Way) -> None:
    org = small_org()
    context = told_context(org, tmp_path)
    invoice(org, "much")
    way(org, context)
    org.tables["account"]["a1"]["statecode"] = Decimal(1)
    for _ in range(2):
        way(org, context)
    assert (status(org), context.marks.parked()) == (CURRENT, [])
    assert len(org.writes) == 2


def test_fault_27_a_score_that_does_not_fit_its_column_is_parked_and_says_so(
    tmp_path: Path,
) -> None:
    org = small_org()
    narrow = Column("gs_score", Kind.DECIMAL, places=2, maximum=Decimal(1000))
    context = told_context(org, tmp_path, having(narrow))
    invoice(org, Decimal("1000.01"))
    live(org, context)
    assert (org.score(), status(org)) == (None, PARKED)


@pytest.mark.parametrize(
    ("column", "says"),
    [
        (Column("gs_status", Kind.CHOICE), "no option 'current'"),
        (Column("gs_status", Kind.TEXT, length=5), "too few for 'current'"),
        (Column("gs_status", Kind.BOOLEAN), "is of kind boolean"),
    ],
)
def test_a_column_that_cannot_hold_the_words_stops_the_model(column: Column, says: str) -> None:
    verdict = check_model(parse_model(load_document(TOLD, "told.yaml"), {}), having(column))
    assert any(says in str(problem) for problem in verdict.errors)
