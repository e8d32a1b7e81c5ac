"""Rounds of all who are compared, one after the other (ABCABC), so that a busy minute of the
machine meets everybody. Minima are compared; medians show how noisy the run was. The clock is the
processor's, all threads together: it stands still while somebody else has the core.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple


class Times(NamedTuple):
    """CPU seconds of the best round and of the middle one."""

    best: float
    median: float

    def each(self, count: int) -> Times:
        """The same for one of so many."""
        return Times(self.best / count, self.median / count)


def interleaved(runs: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, Times]:
    """The times of each run by name, after a round that does not count."""
    taken: dict[str, list[float]] = {name: [] for name in runs}
    for action in runs.values():
        action()
    for _ in range(rounds):
        for name, action in runs.items():
            started = time.process_time()
            action()
            taken[name].append(time.process_time() - started)
    return {name: Times(min(each), statistics.median(each)) for name, each in taken.items()}
