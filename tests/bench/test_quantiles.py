"""Spreads by nearest rank: every figure is a time that was measured."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bench.quantiles import Spread, spread_of


@pytest.mark.parametrize(
    ("seconds", "spread"),
    [
        ([0.004], Spread(4, 4, 4, 4)),
        ([0.003, 0.001, 0.002], Spread(1, 2, 3, 3)),
        ([0.002, 0.001], Spread(1, 1, 2, 2)),
        ([place / 1000 for place in range(100, 0, -1)], Spread(1, 50, 95, 99)),
        ([place / 1000 for place in range(1, 201)], Spread(1, 100, 190, 198)),
    ],
)
def test_a_spread_is_told_in_milliseconds(seconds: Sequence[float], spread: Spread) -> None:
    assert spread_of(seconds) == spread
