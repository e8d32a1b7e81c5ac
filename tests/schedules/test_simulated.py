"""Thousands of random schedules end as a computation from scratch says, and then stay still."""

from __future__ import annotations

import time

import pytest

from tests.schedules.simulator import Schedule


def ended(seed: int) -> Schedule:
    """A history whose every event arrived."""
    schedule = Schedule(seed)
    schedule.run()
    schedule.quiesce()
    return schedule


def check(seed: int) -> None:
    """P1, then P5: right without any repair, and nothing is left to write."""
    schedule = ended(seed)
    play = schedule.play
    assert play.wrong() == [], f"seed {seed}"
    written = len(play.crm.writes)
    play.resync()
    play.settle()
    assert len(play.crm.writes) == written, f"seed {seed}"
    assert play.process().marks.parked() == [], f"seed {seed}"


@pytest.mark.random
@pytest.mark.parametrize("ten", range(15))
def test_random_schedules_end_right(ten: int) -> None:
    for seed in range(10 * ten, 10 * ten + 10):
        check(seed)


@pytest.mark.random
@pytest.mark.parametrize("seed", range(40))
def test_lost_events_are_repaired_by_the_next_resync(seed: int) -> None:
    """P3: whatever got lost, the night repairs it; then P5."""
    schedule = Schedule(-1 - seed, drops=True)
    schedule.run()
    schedule.quiesce()
    play = schedule.play
    play.resync()
    play.settle()
    assert play.wrong() == []
    written = len(play.crm.writes)
    play.resync()
    play.settle()
    assert len(play.crm.writes) == written


@pytest.mark.long
@pytest.mark.random
@pytest.mark.parametrize("thousand", range(20))
def test_twenty_thousand_random_schedules_end_right(thousand: int) -> None:
    began = time.monotonic()
    for seed in range(1000 * thousand, 1000 * thousand + 1000):
        check(seed)
    print(f"1,000 schedules from {1000 * thousand}: {time.monotonic() - began:.0f} s")
