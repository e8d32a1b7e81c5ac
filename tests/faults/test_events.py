"""Faults 13 to 19 and 39: events that are wrong, doubled, late, out of order or forged."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from gradesys.records import Event, Key, KeyKind
from tests.engine.world import small_org, target
from tests.functions.test_triggers import MemoryApp, event_of, posted
from tests.marks.faulty import FaultyMarks
from tests.schedules.play import A2, PAID, Play, work_once


def test_fault_17_a_hundred_copies_of_an_event_are_two_runs_and_one_write_at_most() -> None:
    play = Play(texts=Play().texts[:1]).settled()
    event = play.crm.update("invoice", "i1", totalamount=Decimal(30))
    written = len(play.crm.writes)
    play.runs.clear()
    for copy in range(100):
        play.receive(event)
        if copy == 50:
            play.worker().finish()
    play.settle()
    assert play.runs[target()] <= 2
    assert len(play.crm.writes) - written == 1


@pytest.mark.parametrize("late_s", [0, 86_400])
def test_fault_18_events_in_reverse_or_a_day_late_end_the_same(late_s: float) -> None:
    play = Play().settled()
    events = [
        play.crm.update("invoice", "i1", totalamount=Decimal(amount)) for amount in (20, 30, 40)
    ]
    events.append(
        play.crm.create(
            "invoice",
            "i2",
            totalamount=Decimal(5),
            statecode=PAID,
            customerid=play.crm.tables["invoice"]["i1"]["customerid"],
        )
    )
    events.append(play.crm.delete("invoice", "i1"))
    for event in reversed(events):
        play.crm.clock.forward(late_s)
        play.receive(event)
        play.worker().finish()
    play.settle()
    assert (play.crm.score(), play.wrong()) == (5, [])


def test_fault_14_a_body_that_dataverse_truncated_leads_by_its_row_alone() -> None:
    """Over 256 KB Dataverse drops parameters and images: the row is looked up."""
    play = Play().settled()
    play.crm.update("invoice", "i1", totalamount=Decimal(30))
    play.receive(Event("Update", "invoice", "i1", "", truncated=True))
    resolve = Key(KeyKind.RESOLVE, "invoice", "i1")
    assert play.process().marks.waiting([resolve]) == {resolve}
    play.settle()
    assert play.wrong() == []


def test_fault_16_a_move_without_an_image_is_right_for_the_new_owner_and_repaired_nightly() -> None:
    play = Play().settled()
    play.crm.images = {}
    play.receive(play.crm.update("invoice", "i1", customerid=A2))
    play.settle()
    assert play.crm.score("a2") == 10
    assert play.wrong() == ["a1: score is 10.00, should be 0.00"]
    play.resync()
    play.settle()
    assert play.wrong() == []


@pytest.mark.parametrize("skew_s", [600, -600])
def test_fault_19_clocks_ten_minutes_apart_change_no_result(skew_s: float) -> None:
    """One of two processes is early or late; nothing is put in order by clocks."""
    play = Play().settled()
    clock = play.crm.clock
    skewed = replace(play.process(), marks=FaultyMarks(play.memory, lambda: clock() + skew_s))
    for amount in (20, 30, 10, 40):
        event = play.crm.update("invoice", "i1", totalamount=Decimal(amount))
        play.receive(event) if amount % 20 else skewed.marks.mark([target()])
        work_once(skewed)
        clock.forward(2)
        play.worker().finish()
    for _ in range(40):
        clock.forward(20)
        work_once(skewed)
    play.settle()
    assert play.wrong() == []


def test_fault_39_a_forged_event_is_refused_and_a_replayed_one_only_recomputes(
    tmp_path: Path,
) -> None:
    app = MemoryApp(tmp_path, small_org())
    assert posted(app, event_of("invoice"), "a guess").status == 401
    assert app.context().marks.stats().dirty == 0
    for _ in range(20):
        assert posted(app, event_of("invoice")).status == 202
    assert app.context().marks.stats().dirty == 1
