"""The rate budget that all processes share, as the gate of a process's requests.

A process draws tokens in shares, so that no request costs a write, and looks once a second whether
another one was told to wait. Live requests go first.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from gradesys.budget.bucket import Cause, Limit, Refusal
from gradesys.budget.lane import patience
from gradesys.budget.pot import Pot
from gradesys.budget.shared import SharedBucket, Times
from gradesys.errors import Answer, TemporaryError
from gradesys.marks.protocols import Ledger

LOOK_S = 1.0
"""How often a busy process looks at what the others did."""
DRY_S = 0.5
"""How long to wait for tokens before drawing again."""
GIVE_WAY_S = 10.0
"""How long a background request gives way."""
RESERVE = 0.25
"""The part of a full bucket that background requests leave to live ones."""
CAUSES: Mapping[str, Cause] = {
    "0x80072321": Cause.EXECUTION,
    "0x80072322": Cause.REQUESTS,
    "0x80072326": Cause.CONCURRENT,
}


class Budget:
    """A process's part in it. Without a limit, pauses and concurrency are still shared."""

    def __init__(self, ledger: Ledger, limit: Limit | None, times: Times) -> None:
        self._times = times
        self._shared = SharedBucket(ledger, limit, times)
        self._pot = None if limit is None else Pot(limit)
        self._lock = threading.Lock()
        self._waiting = 0
        self._known_pause = 0.0
        self._opens = self._looked = self._dry_until = -math.inf

    def enter(self, background: bool) -> None:
        """Wait for the end of every pause, and for a token where there is a limit. Raises
        ``TemporaryError`` where patience is shorter."""
        began, longest = self._times.steady(), patience(self._times.patience, background)
        with self._queued(background):
            while (seconds := self._turn(background, began)) > 0:
                if self._times.steady() - began + seconds > longest:
                    raise TemporaryError("requests have to wait for long", retry_after=seconds)
                self._times.sleep(seconds)

    def told(self, error: TemporaryError, under_way: int) -> None:
        """Pause, and let the others know; too many requests, or too many at once, are halved for
        all."""
        refusal = Refusal(_cause(error.answer), error.retry_after or 0.0, under_way)
        with self._lock:
            self._opens = max(self._opens, self._times.steady() + refusal.pause_s)
            if self._pot and refusal.cause is Cause.REQUESTS:
                self._pot.empty()
            self._shared.refuse(refusal)

    def at_once(self) -> int | None:
        """What refusals have left of a process's concurrency; None: all of it."""
        return self._shared.seen.slots_at(self._times.clock())

    @contextmanager
    def _queued(self, background: bool) -> Iterator[None]:
        """Background requests see whether a live one waits."""
        with self._lock:
            self._waiting += not background
        try:
            yield
        finally:
            with self._lock:
                self._waiting -= not background

    def _turn(self, background: bool, began: float) -> float:
        """Seconds until it is worth asking again; 0: go."""
        with self._lock:
            now = self._times.steady()
            if now - self._looked >= LOOK_S:
                self._looked = now
                self._shared.look()
                self._heed(now)
            if self._opens > now:
                return self._opens - now
            if background and now - began < GIVE_WAY_S and not self._plenty():
                return DRY_S
            return 0.0 if self._pot is None or self._spend(self._pot, now) else DRY_S

    def _plenty(self) -> bool:
        return not self._waiting and self._shared.fullness() >= RESERVE

    def _spend(self, pot: Pot, now: float) -> bool:
        if not pot.holds(now) and now >= self._dry_until:
            wanted = pot.wish(now)
            drawn = self._shared.draw(wanted)
            pot.put(drawn, now)
            self._dry_until = now + DRY_S if drawn < wanted else now
            self._heed(now)
        return self._opens <= now and pot.spend(now)

    def _heed(self, now: float) -> None:
        """Obey a pause that another process was told, however wrong one of the two clocks is."""
        seen = self._shared.seen
        if seen.opens != self._known_pause:
            self._known_pause = seen.opens
            left = min(seen.opens - self._times.clock(), seen.pause)
            self._opens = max(self._opens, now + left)


def _cause(answer: Answer) -> Cause:
    """Dataverse leaves the code out at times; a 429 is about requests then."""
    return CAUSES.get(answer.code, Cause.REQUESTS if answer.status == 429 else Cause.PAUSE)
