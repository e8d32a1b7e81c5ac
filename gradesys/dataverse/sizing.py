"""How many rows go into one bulk update, told by how long the last ones took.

Plug-ins of the organisation decide that: a thousand rows may take seconds, or longer than a request
may last.
"""

from __future__ import annotations

WANTED_S = 20.0
"""How long a bulk update should take, where it has that many rows."""
LEAST = 50
"""Rows; fewer are not worth a request of their own."""
EASING = 2
"""A size grows by no more than this at once."""


class BulkSize:
    """``rows`` for the next one; ``most`` is where it begins."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.rows = most

    def took(self, rows: int, seconds: float) -> None:
        """Learn from one that was answered."""
        if rows < min(LEAST, self._most) or seconds <= 0:
            return
        wanted = int(WANTED_S * rows / seconds)
        self.rows = min(self._most, self.rows * EASING, max(LEAST, wanted))
