"""The arithmetic of the rate budget: a bucket of tokens, a pause, and what a refusal changes.

Dataverse counts requests in a sliding window (dataverse.md section 4). Shares that are drawn from
the bucket must be spent within ``lease_s``, so what is sent in any window was drawn in that window
and one lease before it: the capacity and the refill of that time, together the limit.
"""

from __future__ import annotations

import math
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

EASE_S = 60.0
"""A rate and a concurrency that were cut get one back in this time."""
EPISODE_S = 1.0
"""Refusals closer together than this, or during a pause, are one."""
SLOWEST = 0.05
"""The least share of its rate that a bucket is cut to."""


class Cause(StrEnum):
    """What was too much. ``EXECUTION`` is only waited for: after it the window's time is there
    again, and who spends it fast is done no later than who spends it evenly. ``PAUSE``: nothing of
    ours, Dataverse only asked to wait."""

    REQUESTS = "requests"
    EXECUTION = "execution time"
    CONCURRENT = "concurrent requests"
    PAUSE = "pause"


CUTS = frozenset({Cause.REQUESTS, Cause.CONCURRENT})
"""What is halved when it was too much."""


class Limit(Struct, frozen=True):
    """``requests`` in any ``window_s``. Half of it is refill, the other half a burst."""

    requests: int
    window_s: float = 300.0
    lease_s: float = 10.0

    @property
    def rate(self) -> float:
        """Tokens a second."""
        return self.requests / (2 * self.window_s)

    @property
    def capacity(self) -> float:
        """The most tokens that a bucket holds."""
        return self.requests - self.rate * (self.window_s + self.lease_s)

    def part(self, share: float) -> Limit:
        """The same limit for a process that has to get by with a part of it."""
        return replace(self, requests=max(1, math.floor(self.requests * share)))


class Refusal(Struct, frozen=True):
    """``under_way``: how many requests a process may have under way when it is refused."""

    cause: Cause
    pause_s: float
    under_way: int


class Bucket(Struct, frozen=True):
    """``level`` tokens at ``at``; ``rate`` and ``slots`` as they were at ``since``, when something
    was last cut (None: never). ``opens``: the end of a pause that was ``pause`` seconds long.
    Times are seconds of the one clock that all processes read."""

    level: float
    at: float
    rate: float | None = None
    slots: int | None = None
    since: float = 0.0
    opens: float = 0.0
    pause: float = 0.0

    def rate_at(self, limit: Limit, now: float) -> float:
        """Tokens a second."""
        if self.rate is None:
            return limit.rate
        return min(limit.rate, self.rate + self._eased(now))

    def slots_at(self, now: float) -> int | None:
        """Requests that a process may have under way; None: as many as it likes."""
        return None if self.slots is None else self.slots + math.floor(self._eased(now))

    def ahead(self, now: float) -> float:
        """By how many seconds the clock that filled it is ahead of this one, at least."""
        return self.at - now - (self.pause if self.at <= self.opens else 0.0)

    def _eased(self, now: float) -> float:
        return max(0.0, now - self.since) / EASE_S


def full(limit: Limit | None, now: float) -> Bucket:
    """A bucket that nobody has drawn from; without a limit it is only there for pauses."""
    return Bucket(limit.capacity if limit else 0.0, now)


def flow(bucket: Bucket, limit: Limit, now: float) -> Bucket:
    """The bucket with what has flowed in since. A clock that went back adds nothing."""
    gained = max(0.0, now - bucket.at) * bucket.rate_at(limit, bucket.at)
    level = min(limit.capacity, bucket.level + gained)
    return replace(bucket, level=level, at=max(bucket.at, now))


def draw(bucket: Bucket, limit: Limit, now: float, wanted: int) -> tuple[Bucket, int]:
    """Take up to ``wanted`` tokens; how many there were."""
    filled = flow(bucket, limit, now)
    taken = min(max(wanted, 0), math.floor(filled.level))
    return replace(filled, level=filled.level - taken), taken


def refuse(bucket: Bucket, limit: Limit | None, now: float, refusal: Refusal) -> Bucket:
    """Pause, and unless this is the refusal before seen by another thread, halve the rate after too
    many requests, and the concurrency after too many at once.

    After a refusal for too many requests nothing is left to burst with: it goes on slowly.
    """
    known = now < max(bucket.opens, bucket.since + EPISODE_S)
    if now + refusal.pause_s > bucket.opens:
        bucket = replace(bucket, opens=now + refusal.pause_s, pause=refusal.pause_s)
    if known or refusal.cause not in CUTS:
        return bucket
    rate, slots = bucket.rate, bucket.slots_at(now)
    if limit and bucket.rate is not None:
        rate = bucket.rate_at(limit, now)
    if limit and refusal.cause is Cause.REQUESTS:
        rate = max(limit.rate * SLOWEST, bucket.rate_at(limit, now) / 2)
        bucket = replace(bucket, level=0.0, at=max(now, bucket.opens))
    if refusal.cause is Cause.CONCURRENT:
        slots = max(1, min(refusal.under_way, slots or refusal.under_way) // 2)
    return replace(bucket, rate=rate, slots=slots, since=now)
