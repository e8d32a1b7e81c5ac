"""One run at a time without a flag that can get stuck: a lease that must be prolonged.

A killed holder stops prolonging, so the next one waits a few seconds at most
(reliability section 2: run state is a lease with expiry, never a flag).
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from gradesys.errors import TemporaryError
from gradesys.marks.protocols import Ledger

LEASE_S = 12.0
BEAT_S = 3.0


@dataclass(frozen=True, slots=True)
class Timing:
    """The store's clock, and how to wait; both are arguments so that tests need neither."""

    clock: Callable[[], float]
    wait: Callable[[float], None]


class Lease:
    """A held lease; ``check`` raises when somebody else took it over."""

    def __init__(self, ledger: Ledger, name: str, timing: Timing) -> None:
        self._ledger = ledger
        self._name = name
        self._timing = timing
        self._owner = uuid.uuid4().hex
        self._lost = False

    def take(self) -> bool:
        """Take the lease if it is free or has expired."""
        entry = self._ledger.get(self._name)
        now = self._timing.clock()
        held = entry.value.get("owner") not in ("", None) and entry.value["until"] > now
        return not held and self._put(self._owner, entry.version)

    def _put(self, owner: str, version: int) -> bool:
        until = self._timing.clock() + LEASE_S
        return self._ledger.put_if(self._name, {"owner": owner, "until": until}, version)

    def prolong(self) -> None:
        """Keep the lease for another while; a takeover is noticed here."""
        entry = self._ledger.get(self._name)
        mine = entry.value.get("owner") == self._owner
        self._lost = not (mine and self._put(self._owner, entry.version))

    def check(self) -> None:
        """Raise TemporaryError when the lease was lost."""
        if self._lost:
            raise TemporaryError("another run took over; start this one again")

    def free(self) -> None:
        """Give the lease back, unless it was lost."""
        entry = self._ledger.get(self._name)
        if entry.value.get("owner") == self._owner:
            self._put("", entry.version)


@contextmanager
def exclusive(
    ledger: Ledger, name: str, timing: Timing, waiting: Callable[[], None]
) -> Iterator[Lease]:
    """Hold a named lease, waiting for whoever holds it now; ``waiting`` is called once then."""
    lease = Lease(ledger, name, timing)
    told = False
    while not lease.take():
        if not told:
            waiting()
            told = True
        timing.wait(0.5)
    stop = threading.Event()
    beat = threading.Thread(target=_beat, args=(lease, stop), daemon=True)
    beat.start()
    try:
        yield lease
    finally:
        stop.set()
        beat.join()
        lease.free()


def _beat(lease: Lease, stop: threading.Event) -> None:
    while not stop.wait(BEAT_S):
        lease.prolong()
