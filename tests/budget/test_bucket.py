"""The arithmetic of the bucket: what flows in, what is drawn, what a refusal cuts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradesys.budget.bucket import Bucket, Cause, Limit, Refusal, draw, flow, full, refuse

LIMIT = Limit(6_000)
NOW = 1_000_000.0


def test_half_of_the_limit_is_refill_and_the_rest_a_burst() -> None:
    assert (LIMIT.rate, LIMIT.capacity) == (10, 2_900)
    assert LIMIT.capacity + (LIMIT.window_s + LIMIT.lease_s) * LIMIT.rate == LIMIT.requests


@pytest.mark.parametrize(
    ("seconds", "level"),
    [(0, 100.0), (1, 110.0), (10, 200.0), (1_000, 2_900.0), (-5, 100.0), (-1_000, 100.0)],
)
def test_tokens_flow_in_up_to_a_full_bucket_and_a_clock_that_goes_back_adds_none(
    seconds: float, level: float
) -> None:
    assert flow(Bucket(100, NOW), LIMIT, NOW + seconds).level == level


@pytest.mark.parametrize(
    ("level", "wanted", "taken"), [(5.9, 3, 3), (5.9, 9, 5), (0.9, 1, 0), (5, 0, 0), (5, -1, 0)]
)
def test_whole_tokens_are_drawn_as_far_as_there_are_any(
    level: float, wanted: int, taken: int
) -> None:
    assert draw(Bucket(level, NOW), LIMIT, NOW, wanted)[1] == taken


@pytest.mark.parametrize(
    ("cause", "rate", "slots"),
    [
        (Cause.REQUESTS, 5.0, None),
        (Cause.EXECUTION, 10.0, None),
        (Cause.CONCURRENT, 10.0, 4),
        (Cause.PAUSE, 10.0, None),
    ],
)
def test_a_refusal_halves_what_was_too_much_and_execution_time_is_only_waited_for(
    cause: Cause, rate: float, slots: int | None
) -> None:
    cut = refuse(full(LIMIT, NOW), LIMIT, NOW, Refusal(cause, 30, 8))
    assert (cut.rate_at(LIMIT, NOW), cut.slots_at(NOW)) == (rate, slots)
    assert (cut.opens, cut.pause) == (NOW + 30, 30)


@pytest.mark.parametrize(
    ("seconds", "rate", "slots"), [(0, 5, 4), (59, 5 + 59 / 60, 4), (60, 6, 5), (600, 10, 14)]
)
def test_what_was_cut_gets_one_back_a_minute(seconds: float, rate: float, slots: int) -> None:
    slower, fewer = (
        refuse(full(LIMIT, NOW), LIMIT, NOW, Refusal(cause, 1, 8))
        for cause in (Cause.REQUESTS, Cause.CONCURRENT)
    )
    later = NOW + seconds
    assert (slower.rate_at(LIMIT, later), fewer.slots_at(later)) == (rate, slots)


def test_a_pause_for_execution_time_leaves_what_was_cut_before_as_it_was() -> None:
    cut = refuse(full(LIMIT, NOW), LIMIT, NOW, Refusal(Cause.CONCURRENT, 1, 8))
    later = NOW + 60
    after = refuse(cut, LIMIT, later, Refusal(Cause.EXECUTION, 290, 8))
    assert (after.opens, after.since) == (later + 290, cut.since)
    assert (after.slots_at(later), after.level) == (5, cut.level)


def test_the_threads_that_were_under_way_together_are_one_refusal() -> None:
    bucket = full(LIMIT, NOW)
    for moment in (0.0, 0.2, 4.9):
        bucket = refuse(bucket, LIMIT, NOW + moment, Refusal(Cause.REQUESTS, 5, 8))
    assert bucket.rate_at(LIMIT, NOW) == 5
    again = refuse(bucket, LIMIT, NOW + 10, Refusal(Cause.REQUESTS, 5, 8))
    assert again.rate_at(LIMIT, NOW + 10) == pytest.approx((5 + 1 / 6) / 2)


def test_nothing_is_cut_to_nothing() -> None:
    bucket, now = full(LIMIT, NOW), NOW
    for _ in range(20):
        for cause in (Cause.CONCURRENT, Cause.REQUESTS):
            now += 2
            bucket = refuse(bucket, LIMIT, now, Refusal(cause, 1, 8))
    assert (bucket.rate_at(LIMIT, now), bucket.slots_at(now)) == (0.5, 1)


@pytest.mark.parametrize(("first", "second", "left"), [(30, 5, 30), (5, 30, 31), (300, 300, 301)])
def test_the_longest_pause_counts(first: float, second: float, left: float) -> None:
    bucket = refuse(full(LIMIT, NOW), LIMIT, NOW, Refusal(Cause.PAUSE, first, 8))
    bucket = refuse(bucket, LIMIT, NOW + 1, Refusal(Cause.PAUSE, second, 8))
    assert bucket.opens == NOW + left


def test_after_too_many_requests_nothing_is_left_to_burst_with() -> None:
    bucket = refuse(full(LIMIT, NOW), LIMIT, NOW, Refusal(Cause.REQUESTS, 30, 8))
    assert [draw(bucket, LIMIT, NOW + s, 9_999)[1] for s in (29, 30, 31, 40)] == [0, 0, 5, 55]


moves = st.lists(st.tuples(st.floats(0, 100), st.integers(0, 4_000)), max_size=60)


@settings(deadline=None)
@given(st.integers(60, 6_000), moves)
def test_no_window_and_lease_draws_more_than_the_limit(
    requests: int, moves: list[tuple[float, int]]
) -> None:
    limit, now = Limit(requests), NOW
    bucket, draws = full(limit, now), list[tuple[float, int]]()
    for seconds, wanted in moves:
        now += seconds
        bucket, taken = draw(bucket, limit, now, wanted)
        draws.append((now, taken))
    span = limit.window_s + limit.lease_s
    for end, _ in draws:
        assert sum(taken for at, taken in draws if end - span < at <= end) <= requests
