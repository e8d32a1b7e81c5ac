"""How many requests may be under way at once: never more than configured, and never more than
Dataverse recommends in ``x-ms-dop-hint`` (dataverse.md section 4) or a refusal has left.

The recommendation differs by environment and may change while we run, so the last one counts.
Background requests leave some slots to live ones.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

HINT = "x-ms-dop-hint"
SPARED = 2
"""Slots that background requests leave free, where there are more than that."""
PATIENCE_S = 10.0
"""How long a background request gives way."""


class Slots:
    """A semaphore whose size follows the hints; ``most`` is the configured parallelism."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._hinted = most
        self._left: int | None = None
        self._taken = 0
        self._waiting = 0
        self._changed = threading.Condition()

    @property
    def allowed(self) -> int:
        """How many requests may be under way now."""
        return min(self._most, self._hinted, self._left or self._most)

    @contextmanager
    def one(self, background: bool = False) -> Iterator[None]:
        """Hold a slot; waits until one is free."""
        with self._changed:
            if not (background and self._changed.wait_for(self._plenty, PATIENCE_S)):
                self._waiting += 1
                self._changed.wait_for(lambda: self._taken < self.allowed)
                self._waiting -= 1
            self._taken += 1
        try:
            yield
        finally:
            with self._changed:
                self._taken -= 1
                self._changed.notify_all()

    def heed(self, hint: str | None) -> None:
        """Take over a recommendation; what is no positive number is none."""
        if hint is None or not hint.isdecimal() or int(hint) < 1:
            return
        with self._changed:
            self._hinted = int(hint)
            self._changed.notify_all()

    def leave(self, left: int | None) -> None:
        """Take over what refusals have left; None: everything."""
        if left != self._left:
            with self._changed:
                self._left = left
                self._changed.notify_all()

    def _plenty(self) -> bool:
        return not self._waiting and self._taken < max(1, self.allowed - SPARED)
