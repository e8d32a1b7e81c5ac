"""How many requests a piece of work sent, whichever threads it used.

Partitions of a resync are worked on side by side through one client, whose own count cannot tell
them apart. A context variable, like the lane of a request.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class Meter:
    """Requests so far."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.requests = 0

    def add(self) -> None:
        """Count one, from any thread."""
        with self._lock:
            self.requests += 1


_METER: ContextVar[Meter | None] = ContextVar("meter", default=None)


@contextmanager
def metered() -> Iterator[Meter]:
    """Count the requests of the block."""
    meter = Meter()
    before = _METER.set(meter)
    try:
        yield meter
    finally:
        _METER.reset(before)


def note_request() -> None:
    """Count a request for whoever asked for it, if anybody does."""
    meter = _METER.get()
    if meter is not None:
        meter.add()
