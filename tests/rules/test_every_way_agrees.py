"""A hundred thousand records, all ways and the oracle; one half, for one of two processes."""

from __future__ import annotations

import pytest

from tests.rules.agreeing import PARTS, agree

pytestmark = [pytest.mark.random, pytest.mark.long]


@pytest.mark.parametrize("first", PARTS[::2])
def test_the_even_parts_of_a_hundred_thousand_records_agree(first: int) -> None:
    agree(first)
