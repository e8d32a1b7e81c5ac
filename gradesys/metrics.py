"""What the process counts and times: on the health page as numbers, elsewhere through a sink.

Names are the product's own words; nothing that is counted names a record, a person or an amount.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from typing import Protocol

from msgspec import Struct, field

EVENT_TO_STORED = "event_to_stored"
"""From the first unanswered mark of a record to its run's end, in seconds."""

MEANINGS: Mapping[str, str] = {
    EVENT_TO_STORED: "seconds from the first unanswered mark of a record to its stored score",
    "events": "events that some rule reads",
    "unknown_table": "events of tables that no rule reads",
    "no_organization": "events that name no organisation",
    "early": "events kept until newer rules are loaded",
    "truncated": "events whose body was cut short",
    "events_without_preimage": "events that do not tell a former parent, whom the resync finds",
    "members_not_told": "changes of lists that do not tell which members came or went",
    "breaker": "records left alone because another writer fights over them",
    "marks": "keys marked by events",
    "handled": "keys brought up to date",
    "retries": "keys given back for a later attempt",
    "parks": "keys set aside with a reason",
    "requests": "HTTP requests to Dataverse",
    "throttled": "answers of Dataverse that asked for a pause",
    "alerts": "alerts that were delivered",
    "dirty": "keys that wait",
    "oldest": "seconds since the oldest of them was marked",
    "parked": "keys that are set aside",
    "drift": "share of the records that the last resync found wrong and could not explain",
}
BOUNDS = (0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 15, 30, 60, 120, 300, 900)
"""Upper ends of the classes into which times fall, in seconds."""


class Sink(Protocol):
    """Somebody who is told everything as it happens."""

    def add(self, name: str, amount: int) -> None:
        """Something happened so many times."""

    def record(self, name: str, seconds: float) -> None:
        """Something took so long."""

    def level(self, name: str, value: float) -> None:
        """Something stands at so much now."""


class _Times(Struct):
    classes: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    total: float = 0.0
    longest: float = 0.0

    def add(self, seconds: float) -> None:
        self.classes[bisect_left(BOUNDS, seconds)] += 1
        self.total += seconds
        self.longest = max(self.longest, seconds)

    def numbers(self) -> dict[str, float]:
        found = {"count": sum(self.classes), "sum_s": self.total, "max_s": self.longest}
        shares = {"p95_s": self._quantile(0.95), "p99_s": self._quantile(0.99)}
        return {name: round(value, 3) for name, value in (found | shares).items()}

    def _quantile(self, share: float) -> float:
        """The upper end of the class in which it lies, or the longest time seen."""
        wanted, seen = share * sum(self.classes), 0
        for bound, count in zip(BOUNDS, self.classes, strict=False):
            seen += count
            if seen >= wanted:
                return min(bound, self.longest)
        return self.longest


class Metrics:
    """Counters and times of one process, for any number of threads."""

    def __init__(self, sink: Sink | None = None) -> None:
        self._sink = sink
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._times: dict[str, _Times] = {}
        self._levels: dict[str, float] = {}

    def count(self, name: str, amount: int = 1) -> None:
        """Something happened ``amount`` times."""
        with self._lock:
            self._counts[name] += amount
        if self._sink is not None:
            self._sink.add(name, amount)

    def record(self, name: str, seconds: float) -> None:
        """Something took so long."""
        with self._lock:
            self._times.setdefault(name, _Times()).add(max(0.0, seconds))
        if self._sink is not None:
            self._sink.record(name, max(0.0, seconds))

    def level(self, name: str, value: float) -> None:
        """Something stands at ``value`` now."""
        with self._lock:
            self._levels[name] = value
        if self._sink is not None:
            self._sink.level(name, value)

    def levels(self) -> dict[str, float]:
        """What stood where when it was last looked at."""
        with self._lock:
            return dict(self._levels)

    def counts(self) -> dict[str, int]:
        """What was counted since the process started."""
        with self._lock:
            return dict(self._counts)

    def times(self) -> dict[str, dict[str, float]]:
        """By name: ``count``, and ``sum_s max_s p95_s p99_s`` in seconds."""
        with self._lock:
            return {name: times.numbers() for name, times in self._times.items()}
