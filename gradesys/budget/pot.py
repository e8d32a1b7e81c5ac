"""A process's own share of the rate budget: tokens that must be spent soon, in shares as large as
its use, so that little is lost when traffic ends and little is asked for while it lasts."""

from __future__ import annotations

import math

from gradesys.budget.bucket import Limit

LEAST, MOST = 8, 200


class Pot:
    """Tokens of one share at a time. Times are seconds of one clock that never goes back."""

    def __init__(self, limit: Limit) -> None:
        self._lease_s = limit.lease_s
        self._most = max(1, min(MOST, math.floor(limit.capacity / 8)))
        self._least = min(LEAST, self._most)
        self._share = self._put = self._tokens = 0
        self._until = -math.inf

    def holds(self, now: float) -> bool:
        """Whether there is a token that has not expired."""
        return now < self._until and self._tokens > 0

    def spend(self, now: float) -> bool:
        """Take one token, if there is one."""
        found = self.holds(now)
        self._tokens -= found
        return found

    def wish(self, now: float) -> int:
        """How large the next share should be: twice the last one where that did not last."""
        lasted = now >= self._until
        use = self._put - self._tokens if lasted else 2 * self._share
        self._share = min(self._most, max(self._least, use))
        return self._share

    def put(self, tokens: int, drawn: float) -> None:
        """Start a share that was asked for at ``drawn``."""
        self._put = self._tokens = tokens
        self._until = drawn + self._lease_s

    def empty(self) -> None:
        """Give the share up."""
        self._tokens = 0
