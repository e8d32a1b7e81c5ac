"""What the emulator counts about itself, so that tests can assert costs and honesty.

One object per server; every method is safe to call from any thread.
"""

import threading
from collections import Counter
from typing import Any

WEBHOOK_OUTCOMES = ("sent", "failed", "dropped")
TOTALS = ("requests", "operations", "throttled", "rows_written", "unsupported")


class Stats:
    """Counters shared by the middleware, the Web API and the webhook deliveries."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._kinds: Counter[str] = Counter()
        self._in_flight = 0
        self._max_in_flight = 0

    def count(self, name: str, amount: int = 1) -> None:
        """Adds to one of TOTALS or to a webhook outcome (`webhooks.sent`, ...)."""
        with self._lock:
            self._counts[name] += amount

    def count_kind(self, kind: str) -> None:
        """Adds one operation of a kind (`retrieve`, `update`, `batch`, ...)."""
        with self._lock:
            self._kinds[kind] += 1

    def enter(self) -> None:
        """A Web API request begins."""
        with self._lock:
            self._counts["requests"] += 1
            self._in_flight += 1
            self._max_in_flight = max(self._max_in_flight, self._in_flight)

    def leave(self) -> None:
        """A Web API request has been answered."""
        with self._lock:
            self._in_flight -= 1

    def reset(self) -> None:
        """Starts counting anew; requests under way stay in flight."""
        with self._lock:
            self._counts.clear()
            self._kinds.clear()
            self._max_in_flight = self._in_flight

    def snapshot(self) -> dict[str, Any]:
        """The document that `/_emulator/stats` answers."""
        with self._lock:
            totals: dict[str, Any] = {name: self._counts[name] for name in TOTALS}
            outcomes = {name: self._counts[f"webhooks.{name}"] for name in WEBHOOK_OUTCOMES}
            return totals | {
                "by_kind": dict(sorted(self._kinds.items())),
                "max_in_flight": self._max_in_flight,
                "webhooks": outcomes,
            }
