"""Bulk updates are as large as their answers allow."""

from __future__ import annotations

import pytest

from gradesys.dataverse.sizing import BulkSize


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([], 1000),
        ([(1000, 5.0)], 1000),
        ([(1000, 40.0)], 500),
        ([(1000, 100.0)], 200),
        ([(1000, 4000.0)], 50),
        ([(1000, 100.0), (200, 2.0)], 400),
        ([(1000, 100.0), (200, 2.0), (400, 4.0), (800, 8.0)], 1000),
        ([(7, 60.0)], 1000),
        ([(1000, 0.0)], 1000),
    ],
)
def test_slow_answers_make_bulk_updates_small_and_fast_ones_large(
    answers: list[tuple[int, float]], expected: int
) -> None:
    size = BulkSize(1000)
    for rows, seconds in answers:
        size.took(rows, seconds)

    assert size.rows == expected


def test_a_size_that_is_small_by_configuration_stays_so() -> None:
    size = BulkSize(20)
    size.took(20, 0.5)

    assert size.rows == 20
