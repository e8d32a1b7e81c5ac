"""Populations that are only calculated: cut as our planner cuts, and never above a limit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.bound import DOCUMENTED
from bench.imagined import SLOTS, Shape, forecast
from gradesys.resync import plan


def test_five_million_accounts_stay_within_the_bound() -> None:
    told = forecast(5_000_000, Shape(), 8, DOCUMENTED)
    assert 20 <= told.partitions <= 25
    assert told.requests <= told.most
    assert told.in_flight <= DOCUMENTED.concurrent
    assert told.least_s <= told.seconds <= 1.25 * told.least_s


@pytest.mark.parametrize(
    ("accounts", "changed"), [(5_000_000, 0.05), (1_000_000, 1.0), (5_000_000, 1.0)]
)
def test_what_takes_several_windows_is_done_soon_after_the_bound(
    monkeypatch: pytest.MonkeyPatch, accounts: int, changed: float
) -> None:
    monkeypatch.setattr(plan, "PARTITION_ROWS", 25_000)
    told = forecast(accounts, Shape(changed=changed), 4 * 4, DOCUMENTED)
    assert told.pauses > 0
    assert told.seconds <= 1.15 * told.least_s
    assert told.in_flight <= SLOTS


def test_a_small_population_is_one_part_and_takes_its_longest_chain() -> None:
    told = forecast(10_000, Shape(), 8, DOCUMENTED)
    assert (told.partitions, told.planning, told.requests) == (1, 1, 1 + 2 + 6 + 2 + 1)
    assert told.seconds == pytest.approx(1 + 6 + 2.5)  # counted, read, written
    assert told.pauses == 0


@pytest.mark.parametrize("lanes", [1, 2, 8])
def test_more_at_once_is_never_slower_where_nothing_is_limited(lanes: int) -> None:
    free = replace(DOCUMENTED, requests=10**9, execution_s=1e9)
    one, more = (forecast(1_000_000, Shape(), each, free) for each in (lanes, 2 * lanes))
    assert more.seconds <= one.seconds
    assert more.pauses == 0
