"""How many requests a resync needs, and how long Dataverse's limits make it take at least.

The formula is that of docs/performance.md: whole tables by pages, narrowed at the server, and the
rows that differ by bulk updates. The limits are the documented ones of a user at one web server.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

PAGE_ROWS = 5_000
WRITE_ROWS = 1_000
ROOM = 1.05
BESIDES = 10


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one user at one server in any ``window_s``; ``execution_s`` is server time."""

    requests: int = 6_000
    execution_s: float = 1_200.0
    concurrent: int = 52
    window_s: float = 300.0

    def shorter(self, times: int) -> Limits:
        """As much for each second, in a window that is so many times shorter."""
        execution_s, window_s = self.execution_s / times, self.window_s / times
        return Limits(self.requests // times, execution_s, self.concurrent, window_s)


DOCUMENTED = Limits()


@dataclass(frozen=True, slots=True)
class Load:
    """``reads``: rows that each distinct read answers with; ``written``: rows that differ."""

    reads: tuple[int, ...]
    written: int
    partitions: int = 1

    @property
    def requests(self) -> int:
        """Pages and bulk updates, and nothing besides."""
        return sum(ceil(rows / PAGE_ROWS) for rows in self.reads) + ceil(self.written / WRITE_ROWS)

    @property
    def most(self) -> float:
        """What a resync may ask for in all."""
        return ROOM * self.requests + self.partitions * len(self.reads) + BESIDES


def least_seconds(server_s: Sequence[float], chain_s: float, lanes: int, limits: Limits) -> float:
    """No schedule is faster. ``server_s``: of each request; ``chain_s``: of the longest row of
    requests of which each needs the one before; ``lanes``: requests under way at once."""
    total = sum(server_s)
    return max(
        limits.window_s * (ceil(len(server_s) / limits.requests) - 1),
        limits.window_s * (ceil(total / limits.execution_s) - 1),
        total / min(lanes, limits.concurrent),
        chain_s,
    )
