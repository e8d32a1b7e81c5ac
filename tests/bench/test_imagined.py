"""Populations that are only calculated: cut as our planner cuts, and never above a limit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.bound import DOCUMENTED
from bench.imagined import SLOTS, Shape, forecast
from bench.scale import IMAGINED, LANES, SHAPES


def test_five_million_accounts_are_cut_into_as_many_parts_as_they_need() -> None:
    told = forecast(5_000_000, Shape(), LANES, DOCUMENTED)
    assert 200 <= told.partitions <= 225
    assert told.planning <= 20


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("accounts", IMAGINED)
def test_every_population_is_done_soon_after_the_bound(accounts: int, shape: Shape) -> None:
    told = forecast(accounts, shape, LANES, DOCUMENTED)
    assert told.least_s <= told.seconds <= 1.15 * told.least_s
    assert told.requests <= told.most
    assert told.in_flight <= min(SLOTS, DOCUMENTED.concurrent)


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
