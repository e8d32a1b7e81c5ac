"""Faults 1 to 12, as far as they are Dataverse's: refusals, silence, and rows that come and go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest

from emulator.changes import Change
from emulator.errors import ApiError
from emulator.rows.transaction import Transaction
from gradesys.records import Key, KeyKind
from tests.engine.world import target
from tests.schedules.emulated import Refusal
from tests.schedules.play import Play, work_once
from tests.schedules.rig import Rig
from tests.schedules.scene import guid

ACCOUNT, INVOICE = guid("account", 1), guid("invoice", 1)
KEY = Key(KeyKind.TARGET, "account", ACCOUNT)


@pytest.fixture
def rig() -> Iterator[Rig]:
    """An org in which an invoice went from 10 to 30, and the event is taken in."""
    rig = Rig()
    rig.scene.emulated.user("PATCH", f"invoices({INVOICE})", {"totalamount": 30})
    for job in list(rig.scene.emulated.mail):
        rig.accept(job)
    yield rig
    rig.check()


def is_kept(rig: Rig, *refusals: Refusal) -> bool:
    """A worker takes the key while requests fail; whether it waits for another try, not parked."""
    rig.refusals.extend(refusals)
    rig.worker()
    for actor, _ in rig.actors:
        actor.finish()
    rig.refusals.clear()
    marks = rig.process().marks
    assert marks.parked() == []
    return marks.waiting([KEY]) == {KEY}


def score(rig: Rig) -> object:
    row = rig.scene.emulated.org.row("account", ACCOUNT)
    return None if row is None else row["gs_score"]


def test_fault_01_a_storm_of_429_is_waited_for_as_long_as_the_longest_pause(rig: Rig) -> None:
    clock = rig.scene.emulated.clock
    began, asked = clock(), list[float]()
    pauses = iter([Refusal(429, retry_after=1), Refusal(429, retry_after=300)])

    def note() -> Refusal | None:
        asked.append(clock() - began)
        return next(pauses, None)

    context = rig.process(note)
    rounds = 0
    while context.marks.stats().dirty:
        rounds += work_once(context)
        clock.forward(5)
    assert [at for at in asked if 1 < at < 300] == []
    assert (score(rig), context.marks.parked()) == (30, [])


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_fault_03_a_server_error_is_tried_again_at_once_and_later(rig: Rig, status: int) -> None:
    assert is_kept(rig, Refusal(status), Refusal(status))
    assert score(rig) == 10
    rig.scene.emulated.clock.forward(10)
    assert not is_kept(rig, Refusal(status))
    assert score(rig) == 30


def test_fault_04_a_write_without_an_answer_is_decided_by_reading_again(rig: Rig) -> None:
    """Never counted as done: the key is given back, and the next run finds it written."""
    rig.worker()
    worker, _ = rig.actors[0]
    worker.until("request")
    worker.step()
    rig.refusals.extend([Refusal(0, after=True)] * 2)
    worker.finish()
    assert (score(rig), rig.process().marks.waiting([KEY])) == (30, {KEY})


def test_fault_05_an_expired_token_is_renewed_once_and_a_second_refusal_keeps_the_key(
    rig: Rig,
) -> None:
    assert not is_kept(rig, Refusal(401))
    assert score(rig) == 30
    rig.process().marks.mark([KEY])
    rig.scene.emulated.clock.forward(10)
    assert is_kept(rig, Refusal(401), Refusal(401))


def test_fault_08_a_record_that_is_gone_is_done_and_never_comes_back() -> None:
    play = Play().settled()
    play.receive(play.crm.update("invoice", "i1", totalamount=Decimal(30)))
    worker = play.worker().until("write")
    del play.crm.tables["account"]["a1"]
    worker.finish()
    play.settle()
    assert "a1" not in play.crm.tables["account"]
    assert play.process().marks.parked() == []


def test_fault_08_a_source_that_is_gone_is_left_out() -> None:
    play = Play().settled()
    play.receive(play.crm.update("invoice", "i1", totalamount=Decimal(30)))
    play.crm.tables["invoice"].clear()
    play.settle()
    assert play.wrong() == []


def test_fault_09_rows_that_never_hold_still_are_given_back_after_five_attempts() -> None:
    play = Play().settled()
    play.receive(play.crm.update("invoice", "i1", totalamount=Decimal(30)))
    worker, amount = play.worker(), 30
    while worker.step():
        if worker.waiting == "verify":
            amount += 1
            play.crm.update("invoice", "i1", totalamount=Decimal(amount))
    assert worker.calls.count("write") == 5
    assert play.process().marks.waiting([target()]) == {target()}
    play.settle()
    assert play.wrong() == []


def refusing(id: str) -> Callable[[Transaction, Change], None]:
    """An org that refuses every write of one row."""

    def guard(tx: Transaction, change: Change) -> None:
        if change.id == id:
            raise ApiError(400, "0x80040265", "a plug-in of somebody said no")

    return guard


def test_fault_10_one_bad_row_of_a_bulk_update_is_parked_and_the_good_ones_are_written() -> None:
    rig = Rig()
    org, good = rig.scene.emulated.org, guid("account", 2)
    for number in (1, 2):
        path = f"invoices({guid('invoice', number)})"
        rig.scene.emulated.user("PATCH", path, {"totalamount": 30})
    org.guards.append(refusing(ACCOUNT))
    try:
        tally = rig.resync()
    finally:
        org.guards.pop()
    row = org.row("account", good)
    assert row is not None
    assert (row["gs_score"], tally.failed) == (30, 1)
    assert [item.key for item in rig.process().marks.parked()] == [KEY]


@pytest.mark.parametrize("code", ["0x80044150", "0x80044151"])
def test_fault_12_a_deadlock_in_the_database_is_tried_again(rig: Rig, code: str) -> None:
    assert not is_kept(rig, Refusal(400, code=code))
    assert score(rig) == 30
