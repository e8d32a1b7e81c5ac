"""Twenty thousand random schedules; one half, for one of two processes."""

from __future__ import annotations

import pytest

from tests.schedules.judging import THOUSANDS, check_thousand

pytestmark = [pytest.mark.random, pytest.mark.long, pytest.mark.first]


@pytest.mark.parametrize("first", THOUSANDS[::2])
def test_even_thousands_of_random_schedules_end_right(first: int) -> None:
    check_thousand(first)
