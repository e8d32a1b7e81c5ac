"""Requests are counted for the work that sent them, whichever thread it used."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from gradesys.budget.lane import carried
from gradesys.budget.meter import metered, note_request


def test_work_side_by_side_is_counted_apart_and_other_threads_count_along() -> None:
    def work(requests: int) -> int:
        with metered() as spent, ThreadPoolExecutor(3) as others:
            for _ in range(requests):
                others.submit(carried(note_request))
            note_request()
        return spent.requests

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(work, (5, 40))) == [6, 41]


def test_a_block_counts_what_is_sent_in_it_alone() -> None:
    note_request()
    with metered() as spent:
        note_request()
    note_request()
    assert spent.requests == 1
