"""The gate that every request passes: whoever keeps it says when, and how many at once.

Service protection limits count per user (dataverse.md section 4), so a Retry-After that one thread
gets concerns all threads, and with a shared budget all processes.
"""

from __future__ import annotations

import threading
from typing import Protocol

from gradesys.budget.lane import patience
from gradesys.dataverse.retry import ClientOptions
from gradesys.errors import TemporaryError


class Gate(Protocol):
    """When a request may be sent."""

    def enter(self, background: bool) -> None:
        """Wait until a request may be sent; a background one gives way to the others. Raises
        ``TemporaryError`` where patience is shorter."""

    def told(self, error: TemporaryError, under_way: int) -> None:
        """Dataverse turned a request away; so many may be under way in this process."""

    def at_once(self) -> int | None:
        """How many requests may be under way in this process; None: no opinion."""


class OwnGate:
    """The gate of a process by itself: a Retry-After closes it for a while, nothing else does."""

    def __init__(self, options: ClientOptions) -> None:
        self._options = options
        self._lock = threading.Lock()
        self._opens = 0.0

    def told(self, error: TemporaryError, under_way: int) -> None:
        """Keep everybody out for as long as asked; a shorter pause never shortens a longer one."""
        with self._lock:
            self._opens = max(self._opens, self._options.clock() + (error.retry_after or 0.0))

    def enter(self, background: bool) -> None:
        """Wait until the gate is open."""
        while (seconds := self._opens - self._options.clock()) > 0:
            if seconds > patience(self._options.patience, background):
                raise TemporaryError("Dataverse asked for a long pause", retry_after=seconds)
            self._options.sleep(seconds)

    def at_once(self) -> int | None:
        """As many as configured."""
        return None
