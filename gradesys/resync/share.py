"""What a process takes upon itself at once: so many partitions, and of each so many rows a write
that a kill repeats less than a page, however many partitions there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from gradesys.errors import TemporaryError
from gradesys.resync.ahead import Ahead
from gradesys.resync.run import Run

AT_ONCE = 4
"""Ranges of a table that a process works on side by side, since the pages of one follow each other;
half of its workers, so that live keys keep theirs."""
AT_RISK = 4_000
"""The most rows that a process has written and not put behind a cursor."""
BUSY_S, LONGEST_S, TURN = 5.0, 10.0, 4 * AT_ONCE
"""How soon a partition is offered again to a process that had enough of them, in seconds: later for
each ``TURN`` of partitions before it, or hundreds would be offered every few seconds for hours."""
AHEAD = Ahead(AT_RISK)
"""This process's rows ahead of cursors, of all its runs."""
_places = BoundedSemaphore(AT_ONCE)


@contextmanager
def one_place(number: int) -> Iterator[None]:
    """Hold one of the places of this process for a partition of this number. Raises TemporaryError
    where all are taken."""
    if not _places.acquire(blocking=False):
        wait = min(BUSY_S * (1 + number // TURN), LONGEST_S)
        raise TemporaryError("enough partitions are under way here", retry_after=wait)
    try:
        yield
    finally:
        _places.release()


def hands(run: Run) -> int:
    """How many partitions of a pass a process may have under way."""
    return min(AT_ONCE, len(run.spans))


def chunk_rows(run: Run) -> int:
    """The most rows that one write of a partition changes, in bulk updates side by side."""
    return max(1, AT_RISK // hands(run))
