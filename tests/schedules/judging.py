"""What a random schedule must come to, and a thousand of them at a time."""

from __future__ import annotations

import time

from tests.schedules.simulator import Schedule

THOUSANDS = range(0, 20_000, 1000)


def ended(schedule: Schedule) -> Schedule:
    """Let it happen, and then become quiet."""
    schedule.run()
    schedule.quiesce()
    return schedule


def check(seed: int) -> None:
    """P1, then P5: every event arrived, so it is right without any repair, and nothing is left to
    write."""
    play = ended(Schedule(seed)).play
    assert play.wrong() == [], f"seed {seed}"
    written = len(play.crm.writes)
    play.resync()
    play.settle()
    assert len(play.crm.writes) == written, f"seed {seed}"
    assert play.process().marks.parked() == [], f"seed {seed}"


def check_thousand(first: int) -> None:
    """A thousand schedules, and how long they took."""
    began = time.monotonic()
    for seed in range(first, first + 1000):
        check(seed)
    print(f"1,000 schedules from {first}: {time.monotonic() - began:.0f} s")
