"""A resync's requests give way, whichever thread sends them; nobody else's do."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from gradesys.budget.lane import carried, in_background, is_background
from gradesys.resync import Wish, resync
from tests.engine.world import context_of, small_org, target, work


def test_the_lane_goes_along_into_other_threads_and_ends_with_the_block() -> None:
    with ThreadPoolExecutor(1) as pool:
        with in_background():
            asked = pool.submit(carried(is_background)).result(), is_background()
        assert asked == (True, True)
        assert (pool.submit(carried(is_background)).result(), is_background()) == (False, False)


def test_a_resync_travels_in_the_background_and_a_live_change_does_not(tmp_path: Path) -> None:
    org, lanes = small_org(), set[tuple[str, bool]]()
    org.before = lambda call: lanes.add((call, is_background()))
    context = context_of(org, tmp_path)
    resync(context, Wish(), lambda tally: None)
    assert lanes == {("read", True), ("write", True)}
    lanes.clear()
    org.pay("i1", 99)
    context.marks.mark([target()])
    org.clock.forward(10)
    work(context)
    assert lanes == {("read", False), ("write", False)}
