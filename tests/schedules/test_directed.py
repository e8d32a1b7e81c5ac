"""Schedules that break an engine that is a little less careful, each by name (reliability §7)."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from functools import partial
from pathlib import Path

from functions.sweep import sweep
from gradesys.app import App
from gradesys.changes import Fate
from gradesys.marks.protocols import INTERVAL_S
from gradesys.records import Event
from gradesys.resync import Order, start_run
from gradesys.resync.part import Hold, Lost
from gradesys.settings import Settings
from tests.engine.world import CUSTOMERS, target
from tests.marks.faulty import Fault
from tests.schedules.crm import INACTIVE
from tests.schedules.play import A1, A2, PAID, Play, work_once

MEANS = """
schema: gradesys/v1
id: means
table: account
indicators:
  mean: {type: aggregate, of: invoice, lookup: customerid, op: avg, column: totalamount}
grades: {bands: [{grade: A}]}
output: {score: gs_score, grade: gs_grade}
"""


def pay(play: Play, amount: int, invoice: str = "i1") -> Event:
    """An invoice gets another amount."""
    return play.crm.update("invoice", invoice, totalamount=Decimal(amount))


def test_there_and_back_while_a_worker_stalls_before_its_write_ends_right() -> None:
    """A-B-A: the second worker finds what is stored right and writes nothing."""
    play = Play().settled()
    play.receive(pay(play, 30))
    slow = play.worker().until("write")
    play.receive(pay(play, 10))
    play.expire()
    play.worker().finish()
    assert play.crm.score() == 10
    slow.finish()
    play.settle()
    assert play.wrong() == []


def test_there_and_back_between_a_write_and_its_verification_ends_right() -> None:
    play = Play().settled()
    play.receive(pay(play, 30))
    slow = play.worker().until("verify")
    play.receive(pay(play, 10))
    play.expire()
    play.worker().finish()
    slow.finish()
    play.settle()
    assert play.wrong() == []


def test_a_crash_between_write_and_propagation_still_reaches_the_dependants() -> None:
    play = Play().settled()
    play.receive(pay(play, 30))
    play.worker().until("mark").kill()
    assert (play.crm.score(), play.crm.tables["salesorder"]["o1"]["gs_score"]) == (30, 10)
    play.settle()
    assert play.wrong() == []


def test_a_change_during_the_run_is_answered_by_another_run() -> None:
    """The run has read everything; only a mark that it cleared before tells of the change."""
    play = Play(texts=(CUSTOMERS,)).settled()
    play.receive(pay(play, 30))
    play.worker().finish()
    play.receive(pay(play, 30))
    play.crm.clock.forward(INTERVAL_S)
    busy = play.worker().until("release")
    play.receive(pay(play, 50))
    busy.finish()
    play.settle()
    assert play.wrong() == []


def test_a_mark_whose_message_got_lost_is_found_by_the_sweep() -> None:
    play = Play().settled()
    play.trouble = lambda call: Fault.LOST if call == "mark" else Fault.NONE
    play.receive(pay(play, 30))
    play.receive(pay(play, 40))
    play.crm.clock.forward(3600)
    play.worker().finish()
    assert play.crm.score() == 10
    play.settle()
    assert play.wrong() == []


def test_the_minutely_tick_sweeps(tmp_path: Path) -> None:
    """The tick itself, as the service runs it, finds a mark whose message got lost."""
    play = Play().settled()
    play.trouble = lambda call: Fault.LOST if call == "mark" else Fault.NONE
    play.receive(pay(play, 30))
    service = App(Settings(work=tmp_path / "work.sqlite"))
    service.marks = play.process().marks
    sweep(service)
    play.worker().finish()
    assert play.crm.score() == 30


def test_of_two_who_find_a_partition_free_one_takes_it() -> None:
    """Both have read it before either of them writes: only compare-and-swap can tell them apart."""
    play, held = Play(), list[int]()
    run = start_run(play.process(), Order("test"))

    def take(number: int) -> None:
        with suppress(Lost):
            Hold(play.process(), run, 0)
            held.append(number)

    actors = [play.stage.actor(partial(take, number)) for number in range(2)]
    for actor in actors:
        actor.until("put_if")
    for actor in actors:
        actor.finish()
    assert held == [0]


def test_a_zombie_that_writes_after_its_claim_expired_does_no_harm() -> None:
    play = Play().settled()
    play.receive(pay(play, 30))
    zombie = play.worker().until("write")
    play.expire()
    play.receive(pay(play, 70))
    play.worker().finish()
    zombie.finish()
    play.settle()
    assert play.wrong() == []


def test_a_partitions_zombie_that_writes_after_the_run_reaches_who_reads_its_rows() -> None:
    """The record has left the population, so nobody will write it again."""
    play = Play().settled()
    late = pay(play, 30)
    start_run(play.process(), Order("test"))
    zombie = play.worker().until("write")
    leaves = play.crm.update("account", "a1", statecode=INACTIVE)
    play.expire()
    play.settle()
    zombie.finish()
    for event in (late, leaves):
        play.receive(event)
    play.settle()
    assert play.crm.score() == 30
    assert play.wrong() == []


def test_a_zombie_that_dies_after_its_claim_expired_leaves_the_key_to_its_heir() -> None:
    play = Play().settled()
    play.receive(pay(play, 30))
    zombie = play.worker().until("verify")
    play.expire()
    heir = play.worker().until("read")
    zombie.kill()
    heir.finish()
    play.settle()
    assert play.wrong() == []


def test_a_bulk_write_beside_an_event_does_not_have_the_last_word() -> None:
    """The resync has read 10, the event's run writes 30, the resync writes 10."""
    play = Play()
    bulk = play.resyncer().until("write")
    play.receive(pay(play, 30))
    play.worker().finish()
    assert play.crm.score() == 30
    bulk.finish()
    play.settle()
    assert play.wrong() == []


def test_an_event_that_is_being_handled_while_a_bulk_write_lands_has_the_last_word() -> None:
    play = Play()
    bulk = play.resyncer().until("write")
    play.receive(pay(play, 30))
    live = play.worker().until("done")
    bulk.finish()
    live.finish()
    play.settle()
    assert play.wrong() == []


def test_an_old_owner_is_recomputed_when_a_row_moves() -> None:
    """Only the pre-image tells whose the row was."""
    play = Play().settled()
    play.receive(play.crm.update("invoice", "i1", customerid=A2))
    play.settle()
    assert (play.crm.score("a1"), play.crm.score("a2")) == (0, 10)
    assert play.wrong() == []


def test_both_sides_of_a_merge_are_recomputed() -> None:
    play = Play()
    play.crm.create("invoice", "i2", customerid=A2, statecode=PAID, totalamount=Decimal(7))
    play.settled()
    play.receive(play.crm.merge("a2", "a1"))
    play.settle()
    assert play.crm.score("a2") == 17
    assert play.wrong() == []


def test_the_last_child_that_is_deleted_leaves_a_zero() -> None:
    play = Play().settled()
    play.receive(play.crm.delete("invoice", "i1"))
    play.settle()
    assert play.crm.score() == 0
    assert play.wrong() == []


def test_fault_31_a_score_with_more_digits_than_its_column_is_written_once() -> None:
    play = Play(texts=(MEANS,))
    for id, amount in (("i2", 10), ("i3", 11)):
        play.crm.create("invoice", id, customerid=A1, totalamount=Decimal(amount))
    play.settled()
    assert play.crm.score() == Decimal("10.33")
    writes = len(play.crm.writes)
    play.receive(pay(play, 10))
    play.settle()
    play.resync()
    assert len(play.crm.writes) == writes


def test_fault_21_a_key_that_two_workers_were_given_is_right_and_clean_afterwards() -> None:
    play = Play().settled()
    play.receive(pay(play, 30))
    play.trouble = lambda call: Fault.DUPLICATE if call == "claim" else Fault.NONE
    first = play.worker().until("write")
    second = play.worker().until("write")
    play.receive(pay(play, 40))
    for worker in (second, first):
        worker.finish()
    play.settle()
    assert play.wrong() == []
    assert play.process().marks.waiting([target()]) == set()


def test_rows_that_move_between_two_reads_of_one_request_are_read_again() -> None:
    """A torn answer: the account is read before a change, its invoices after it."""
    play = Play(texts=(CUSTOMERS,)).settled()
    play.receive(pay(play, 30))
    torn = play.worker().until("read")
    torn.step()
    play.receive(play.crm.update("account", "a1", statecode=Decimal(1)))
    play.receive(play.crm.update("account", "a1", statecode=Decimal(0)))
    play.receive(play.crm.delete("invoice", "i1"))
    torn.finish()
    play.settle()
    assert play.wrong() == []


def test_a_zombie_whose_write_got_no_answer_does_not_leave_it_there() -> None:
    """A-B-A once more: it cannot give back what it no longer holds, and yet it may have written."""
    play = Play().settled()
    play.receive(pay(play, 30))
    zombie = play.worker().until("write")
    play.receive(pay(play, 10))
    play.expire()
    play.worker().finish()
    play.crm.unsure = lambda: True
    zombie.finish()
    assert play.crm.score() == 30
    play.crm.unsure = lambda: False
    play.settle()
    assert play.wrong() == []


def test_a_backlog_that_fails_half_way_still_reaches_the_dependants_of_what_it_wrote() -> None:
    """The group's write did its part for one record and failed for the other; then each is tried
    alone, and the first has nothing left to write."""
    play = Play().settled()
    play.receive(pay(play, 30))
    play.receive(play.crm.create("invoice", "i2", customerid=A2, statecode=PAID, totalamount=PAID))
    play.crm.fates["a2"] = Fate.FAILED
    context = play.process()
    play.stage.actor(lambda: work_once(context, 3)).finish()
    play.crm.fates.clear()
    play.settle()
    assert play.wrong() == []
