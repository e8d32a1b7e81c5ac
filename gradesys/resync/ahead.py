"""Rows that a process has written, or is about to, and not put behind a cursor: so many a kill
repeats.

Each partition of a run takes its share; this bounds them where several runs are under way.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Ahead:
    """A semaphore that counts rows."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken = 0
        self._changed = threading.Condition()

    @contextmanager
    def rows(self, count: int) -> Iterator[None]:
        """From before a write until its cursor has moved; waits for room. More than there ever is
        room for go alone."""
        with self._changed:
            self._changed.wait_for(lambda: not self._taken or self._taken + count <= self._most)
            self._taken += count
        try:
            yield
        finally:
            with self._changed:
                self._taken -= count
                self._changed.notify_all()
