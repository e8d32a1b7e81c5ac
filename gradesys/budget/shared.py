"""The bucket of all processes, in the ledger; a part of it in memory while the ledger fails."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict, fields, replace

from gradesys.budget.bucket import Bucket, Limit, Refusal, draw, flow, full, refuse
from gradesys.errors import GradesysError, StoreError
from gradesys.marks.protocols import Ledger

LOG = logging.getLogger(__name__)
ENTRY = "budget"
ALONE_S = 10.0
"""How long a process goes on by itself before it asks a ledger again that failed."""
ALONE_SHARE = 0.25
SKEW_S = 30.0
"""A bucket further in the future than this was filled by a clock that is wrong."""
TRIES = 10
Step = Callable[[Bucket, Limit | None], tuple[Bucket, int]]


class Times(Struct, frozen=True):
    """``clock`` is the one that all processes read, ``steady`` never goes back; in seconds.
    ``patience``: how long a live request waits for its turn."""

    clock: Callable[[], float]
    steady: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    patience: float = 120.0


class SharedBucket:
    """Draws and refusals by compare-and-swap. ``seen``: the bucket as it was last seen."""

    def __init__(self, ledger: Ledger, limit: Limit | None, times: Times) -> None:
        self._ledger = ledger
        self._limit = limit
        self._times = times
        self._alone_until: float | None = None
        self.seen = full(limit, times.clock())

    def look(self) -> None:
        """See what the others did."""
        self._change(lambda bucket, limit: (bucket, 0))

    def draw(self, wanted: int) -> int:
        """Take up to ``wanted`` tokens; how many there were."""

        def step(bucket: Bucket, limit: Limit | None) -> tuple[Bucket, int]:
            if limit is None:
                return bucket, wanted
            after, taken = draw(bucket, limit, self._times.clock(), wanted)
            return (after, taken) if taken else (bucket, 0)

        return self._change(step)

    def refuse(self, refusal: Refusal) -> None:
        """Let everybody know that Dataverse turned a request away."""
        self._change(lambda bucket, limit: (refuse(bucket, limit, self._times.clock(), refusal), 0))

    def fullness(self) -> float:
        """The part of a full bucket that is there now, as far as is known; 1 without a limit."""
        limit = self._limit_now()
        return flow(self.seen, limit, self._times.clock()).level / limit.capacity if limit else 1.0

    def _change(self, step: Step) -> int:
        if self._alone_until is None or self._times.steady() >= self._alone_until:
            try:
                taken = self._exchange(step)
            except GradesysError as error:
                self._go_alone(error)
            else:
                self._alone_until = None
                return taken
        self.seen, taken = step(self.seen, self._limit_now())
        return taken

    def _exchange(self, step: Step) -> int:
        for _ in range(TRIES):
            entry, now = self._ledger.get(ENTRY), self._times.clock()
            before = _bucket(entry.value) if entry.version else full(self._limit, now)
            if before.ahead(now) > SKEW_S:
                self.seen = before
                raise StoreError("another process's clock is ahead")
            self.seen, taken = step(before, self._limit)
            if self.seen == before:
                return taken
            if self._ledger.put_if(ENTRY, asdict(self.seen), entry.version):
                return taken
        return 0

    def _go_alone(self, error: GradesysError) -> None:
        if self._alone_until is None:
            LOG.warning("requests are paced without the others: %s", type(error).__name__)
        self._alone_until = self._times.steady() + ALONE_S
        if limit := self._limit_now():
            now = self._times.clock()
            level = min(flow(self.seen, limit, now).level, limit.rate * limit.lease_s)
            self.seen = replace(self.seen, level=level, at=now)

    def _limit_now(self) -> Limit | None:
        alone = self._limit is not None and self._alone_until is not None
        return self._limit.part(ALONE_SHARE) if self._limit and alone else self._limit


def _bucket(value: Mapping[str, Any]) -> Bucket:
    """What a newer version added to the entry is left out."""
    known = {field.name for field in fields(Bucket)}
    return Bucket(**{name: cell for name, cell in value.items() if name in known})
