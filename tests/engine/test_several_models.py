"""Several models in one run: those that read one another, and one that may not read."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from gradesys.button import run_press
from gradesys.marks.protocols import Message
from gradesys.records import Key, KeyKind
from gradesys.resync import Tally, Wish, overdue, resync
from gradesys.runrow import STATES as BUTTON_STATES
from tests.engine.world import CUSTOMERS, NOW, ORDERS, context_of, small_org, target, work

STATES = """
schema: gradesys/v1
id: states
table: account
indicators: {state: {type: column, column: statecode, points: {map: {0: 7}}}}
output: {grade: gs_grade}
grades: {bands: [{grade: high, min: 5}, {grade: low}]}
"""
PAID = CUSTOMERS.replace(", grade: gs_grade", "")
OF_PAID = STATES.replace("column: statecode, points: {map: {0: 7}}", "column: gs_score")


RUN = "5e000000-0000-4000-8000-000000000001"


def quiet(tally: Tally) -> None:
    """Listen to no progress."""


def test_a_model_that_reads_a_result_of_its_own_table_is_right_at_once(tmp_path: Path) -> None:
    org = small_org()
    context = context_of(org, tmp_path, PAID, OF_PAID)
    resync(context, Wish(), quiet)
    assert org.tables["account"]["a1"]["gs_score"] == Decimal(10)
    assert org.tables["account"]["a1"]["gs_grade"] == "high"
    assert resync(context, Wish(), quiet).written == 0


def test_every_result_of_several_writes_reaches_those_who_read_it(tmp_path: Path) -> None:
    org = small_org()
    context = context_of(org, tmp_path, PAID, OF_PAID, ORDERS)
    context.marks.mark([target()])
    work(context)
    writes = [set(change.values) for change in org.writes if change.table == "account"]
    assert writes == [{"gs_score", "gs_grade"}, {"gs_grade"}]
    assert org.tables["salesorder"]["o1"]["gs_score"] == Decimal(10)


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_model_that_may_not_read_is_left_out_and_the_others_are_run(
    tmp_path: Path, dry_run: bool
) -> None:
    org = small_org()
    org.forbidden = {"invoice"}
    context = context_of(org, tmp_path, PAID, STATES, ORDERS)
    tally = resync(context, Wish(dry_run=dry_run), quiet)
    assert tally.stopped == {"customers": "no privilege to read invoice"}
    assert tally.changed == 2
    assert tally.written == (0 if dry_run else 2)
    assert "customers" in overdue(context)
    if not dry_run:
        assert org.tables["account"]["a1"]["gs_grade"] == "high"
        assert overdue(context) == ("customers",)


@pytest.mark.parametrize(
    ("texts", "state", "grade"),
    [((PAID, STATES), "done", "high"), ((PAID,), "failed", None)],
)
@pytest.mark.parametrize("ids", [["a1"], None])
def test_the_button_runs_what_may_read_and_fails_when_nothing_may(
    tmp_path: Path, texts: tuple[str, ...], state: str, grade: str | None, ids: list[str] | None
) -> None:
    org = small_org()
    org.forbidden = {"invoice"}
    context = context_of(org, tmp_path, *texts)
    context.ledger.put_if(f"press/{RUN}", {"table": "account", "ids": ids}, 0)
    run_press(context, Message(Key(KeyKind.RUN, "account", RUN), 1, "token"))
    work(context)
    row = org.tables["gs_run"][RUN]
    wanted = state if ids else "failed"
    assert (row["gs_state"], row["gs_finishedon"]) == (BUTTON_STATES[wanted], NOW)
    assert org.tables["account"]["a1"]["gs_grade"] == grade
