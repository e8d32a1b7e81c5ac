"""Faults 11 and 35: a resync that dies in the middle, or that is there twice."""

from __future__ import annotations

from collections import Counter

from tests.schedules.play import Play


def test_fault_11_of_a_page_that_was_written_by_half_only_the_rest_is_written_again() -> None:
    play = Play()
    play.resyncer().until("row").kill()
    assert [change.id for change in play.crm.writes] == ["a1"]
    play.crm.clock.forward(60)
    play.resync()
    assert Counter(change.id for change in play.crm.writes) == Counter(["a1", "a2", "o1"])
    assert play.wrong() == []


def test_fault_35_a_resync_that_is_killed_at_any_call_is_finished_by_the_next() -> None:
    calls = Play().resyncer().finish().calls
    for last in range(1, len(calls)):
        play = Play()
        actor = play.resyncer()
        for _ in range(last + 1):
            actor.step()
        actor.kill()
        play.crm.clock.forward(60)
        play.resync()
        play.settle()
        assert play.wrong() == [], calls[:last]
        written = len(play.crm.writes)
        assert written <= 4, calls[:last]
        play.resync()
        assert len(play.crm.writes) == written
    assert {"write", "put_if", "read"} <= set(calls)
