"""The formula of requests and the least time under the limits, against figures worked out by hand.

The first rows are those of the table in docs/performance.md: 200,000 and five million accounts.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.bound import DOCUMENTED, Load, least_seconds


@pytest.mark.parametrize(
    ("load", "requests", "most"),
    [
        (Load((200_000, 600_000, 120_000), 10_000), 40 + 120 + 24 + 10, 1.05 * 194 + 3 + 10),
        (Load((5_000_000, 15_000_000, 3_000_000), 250_000, 22), 4_850, 5_092.5 + 66 + 10),
        (Load((0, 0), 0), 0, 2 + 10),
        (Load((1, 5_000, 5_001), 1), 1 + 1 + 2 + 1, 5.25 + 3 + 10),
    ],
)
def test_requests_of_a_resync(load: Load, requests: int, most: float) -> None:
    assert load.requests == requests
    assert load.most == pytest.approx(most)


@pytest.mark.parametrize(
    ("requests", "each_s", "chain_s", "lanes", "seconds"),
    [
        (6_000, 0.01, 0.0, 52, 60 / 52),  # one window may be spent at once
        (6_001, 0.01, 0.0, 52, 300),  # one more waits for the second
        (1_200, 1.0, 0.0, 52, 1_200 / 52),
        (1_201, 1.0, 0.0, 52, 300),  # the server's time runs out
        (100, 1.0, 40.0, 8, 40.0),  # one cursor
        (100, 1.0, 4.0, 8, 12.5),  # as many as we ask for at once
        (104, 1.0, 0.0, 99, 2.0),  # and no more than the limit
    ],
)
def test_least_time(
    requests: int, each_s: float, chain_s: float, lanes: int, seconds: float
) -> None:
    found = least_seconds([each_s] * requests, chain_s, lanes, DOCUMENTED)
    assert found == pytest.approx(seconds)


def test_a_shorter_window_keeps_what_is_allowed_in_a_second() -> None:
    shorter = DOCUMENTED.shorter(20)
    assert shorter == replace(DOCUMENTED, requests=300, execution_s=60.0, window_s=15.0)
