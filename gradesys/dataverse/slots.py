"""How many requests may be under way at once: never more than configured, and never more than
Dataverse recommends in ``x-ms-dop-hint`` (dataverse.md section 4).

The recommendation differs by environment and may change while we run, so the last one counts.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

HINT = "x-ms-dop-hint"


class Slots:
    """A semaphore whose size follows the hints; ``most`` is the configured parallelism."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._allowed = most
        self._taken = 0
        self._changed = threading.Condition()

    @property
    def allowed(self) -> int:
        """How many requests may be under way now."""
        return self._allowed

    @contextmanager
    def one(self) -> Iterator[None]:
        """Hold a slot; waits until one is free."""
        with self._changed:
            self._changed.wait_for(lambda: self._taken < self._allowed)
            self._taken += 1
        try:
            yield
        finally:
            with self._changed:
                self._taken -= 1
                self._changed.notify()

    def heed(self, hint: str | None) -> None:
        """Take over a recommendation; what is no positive number is none."""
        if hint is None or not hint.isdecimal() or int(hint) < 1:
            return
        with self._changed:
            self._allowed = min(int(hint), self._most)
            self._changed.notify_all()
