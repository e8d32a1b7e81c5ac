"""A clock that moves only when told to."""

from __future__ import annotations


class Clock:
    """Seconds since some epoch; ``clock()`` reads it."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now

    def forward(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds
