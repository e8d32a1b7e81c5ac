"""A resync writes what differs, and an event during it has the last word."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest

from gradesys.changes import Fate
from gradesys.engine import Context
from gradesys.records import Key, KeyKind
from gradesys.resync import MANY, Tally, Wish, driving, overdue, resync
from gradesys.resync.run import SUPERSEDED, Run, read_run
from gradesys.resync.starting import Order, start_run
from tests.engine.world import CUSTOMERS, Cells, MemoryOrg, context_of, small_org, target, work


def quiet(tally: Tally) -> None:
    """Listen to no progress."""


def big_org(count: int) -> MemoryOrg:
    """So many accounts without a score."""
    org = small_org()
    for place in range(count):
        row: Cells = {"accountid": f"b{place:05}", "statecode": Decimal(0)}
        org.tables["account"][f"b{place:05}"] = row | {"gs_score": None, "gs_grade": None}
    return org


def test_models_are_resynced_in_the_order_of_who_reads_whom(tmp_path: Path) -> None:
    org = small_org()
    tally = resync(context_of(org, tmp_path), Wish(), quiet)
    assert (tally.read, tally.written) == (2, 2)
    assert org.tables["salesorder"]["o1"]["gs_score"] == Decimal(10)


def test_a_second_resync_writes_nothing(tmp_path: Path) -> None:
    org = small_org()
    context = context_of(org, tmp_path)
    resync(context, Wish(), quiet)
    assert resync(context, Wish(), quiet).written == 0


def test_a_dry_run_tells_and_leaves_everything_as_it_was(tmp_path: Path) -> None:
    org = small_org()
    context = context_of(org, tmp_path)
    tally = resync(context, Wish(dry_run=True), quiet)
    assert (tally.changed, tally.written, org.writes) == (2, 0, [])
    assert tally.samples[0].values["gs_score"] == Decimal(10)
    assert overdue(context) == ("customers", "orders")


def test_a_resync_of_one_model_marks_the_dependants_of_what_it_wrote(tmp_path: Path) -> None:
    org = small_org()
    context = context_of(org, tmp_path)
    assert resync(context, Wish(models=("customers",)), quiet).written == 1
    work(context)
    assert org.tables["salesorder"]["o1"]["gs_score"] == Decimal(10)


def test_an_event_during_a_resync_has_the_last_word(tmp_path: Path) -> None:
    """The live run wrote 99 while the resync, which had read 10, was about to write."""
    org = small_org()
    context = context_of(org, tmp_path, CUSTOMERS)

    def pay_meanwhile(call: str) -> None:
        if call == "write" and "write" not in org.calls:
            org.before = lambda call: None
            org.pay("i1", 99)
            context.marks.mark([target()])
            work(context, rounds=1)
            assert org.score() == Decimal(99)

    org.before = pay_meanwhile
    resync(context, Wish(), quiet)
    assert org.score() == Decimal(10)
    org.clock.forward(10)
    work(context)
    assert org.score() == Decimal(99)


def test_a_resync_without_events_marks_nothing(tmp_path: Path) -> None:
    context = context_of(small_org(), tmp_path)
    resync(context, Wish(), quiet)
    assert context.marks.stats().dirty == 0


def test_a_row_that_fails_twice_is_counted_once_and_the_others_are_written(tmp_path: Path) -> None:
    org = big_org(3)
    org.fates["b00001"] = Fate.FAILED
    tally = resync(context_of(org, tmp_path, CUSTOMERS), Wish(), quiet)
    assert (tally.written, tally.failed) == (3, 1)


@pytest.mark.parametrize(
    ("fate", "counted"),
    [(Fate.CLOSED, "closed"), (Fate.GONE, "gone"), (Fate.REFUSED, "failed")],
)
def test_what_cannot_be_written_is_counted_by_its_cause(
    tmp_path: Path, fate: Fate, counted: str
) -> None:
    org = small_org()
    org.fates["a1"] = fate
    tally = resync(context_of(org, tmp_path, CUSTOMERS), Wish(), quiet)
    assert (getattr(tally, counted), tally.written) == (1, 0)


def test_many_first_writes_ask_and_a_no_writes_nothing(tmp_path: Path) -> None:
    org = big_org(MANY)
    asked: list[int] = []

    def refuse(count: int) -> bool:
        asked.append(count)
        return False

    tally = resync(context_of(org, tmp_path, CUSTOMERS), Wish(confirm=refuse), quiet)
    assert (asked, tally.declined, org.writes) == ([MANY], True, [])


def test_few_writes_never_ask(tmp_path: Path) -> None:
    org = big_org(MANY - 1)

    def refuse(count: int) -> bool:
        return False

    tally = resync(context_of(org, tmp_path, CUSTOMERS), Wish(confirm=refuse), quiet)
    assert tally.written == MANY


def test_a_finished_model_is_not_overdue_until_the_day_or_the_rules_move_on(
    tmp_path: Path,
) -> None:
    org = small_org()
    context = context_of(org, tmp_path)
    resync(context, Wish(), quiet)
    assert overdue(context) == ()
    assert overdue(context_of(org, tmp_path, CUSTOMERS.replace("min: 100", "min: 50"))) == (
        "customers",
    )


def test_a_run_leaves_its_row_in_the_ledger(tmp_path: Path) -> None:
    context = context_of(small_org(), tmp_path)
    resync(context, Wish(), quiet)
    (run,) = context.ledger.list("run/").values()
    assert (run["state"], run["tally"]["read"], run["tally"]["written"]) == ("done", 2, 2)


def test_of_two_resyncs_at_once_one_takes_over_and_both_see_its_end(tmp_path: Path) -> None:
    org = big_org(20)
    contexts = [context_of(org, tmp_path, CUSTOMERS) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        ended = list(pool.map(lambda context: resync(context, Wish(), quiet), contexts))
    assert [each.state for each in ended] == ["done", "done"]
    assert {row["gs_score"] for row in org.tables["account"].values()} == {Decimal(0), Decimal(10)}
    assert resync(contexts[0], Wish(), quiet).written == 0


def test_a_run_that_was_taken_over_before_it_began_is_followed_to_the_others_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = context_of(small_org(), tmp_path, CUSTOMERS)

    def overtaken(context: Context, order: Order) -> Run:
        first = start_run(context, order)
        start_run(context, Order("other"))
        run, _ = read_run(context.ledger, first.id)
        assert run is not None and run.state == SUPERSEDED
        return run

    monkeypatch.setattr(driving, "start_run", overtaken)
    ended = resync(context, Wish(), quiet)
    assert (ended.state, ended.written) == ("done", 1)


def test_a_key_for_a_table_without_rules_is_simply_done(tmp_path: Path) -> None:
    context = context_of(small_org(), tmp_path)
    context.marks.mark([Key(KeyKind.TARGET, "lead", "l1")])
    work(context)
    assert context.marks.stats().dirty == 0
