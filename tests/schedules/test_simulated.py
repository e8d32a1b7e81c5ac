"""Random schedules end as a computation from scratch says, and then stay still.

Twenty thousand more are among the long tests: ``test_simulated_even`` and ``test_simulated_odd``.
"""

from __future__ import annotations

import pytest

from tests.schedules.judging import check, ended
from tests.schedules.simulator import Schedule


@pytest.mark.random
@pytest.mark.parametrize("ten", range(15))
def test_random_schedules_end_right(ten: int) -> None:
    for seed in range(10 * ten, 10 * ten + 10):
        check(seed)


@pytest.mark.random
@pytest.mark.parametrize("seed", range(40))
def test_lost_events_are_repaired_by_the_next_resync(seed: int) -> None:
    """P3: whatever got lost, the night repairs it; then P5."""
    play = ended(Schedule(-1 - seed, drops=True)).play
    play.resync()
    play.settle()
    assert play.wrong() == []
    written = len(play.crm.writes)
    play.resync()
    play.settle()
    assert len(play.crm.writes) == written
