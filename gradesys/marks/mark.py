"""A key's mark and what may happen to it: pure steps that a store applies by compare-and-swap.

``gen`` grows with every mark, and a run that began at an older ``gen`` leaves the key dirty when
it ends. Claims are leases that the owner prolongs, so a killed process's keys come back.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from gradesys.marks.protocols import INTERVAL_S, LEASE_S
from gradesys.records import Key


class Mark(Struct, frozen=True):
    """Times are seconds of the store's clock; ``begun`` is the ``gen`` that the run under way
    answers, 0 without one; ``rung`` is when the last doorbell can be heard."""

    key: Key
    gen: int = 0
    begun: int = 0
    dirty: bool = False
    attempt: int = 0
    due: float = 0.0
    first_marked: float = 0.0
    last_marked: float = 0.0
    last_run: float = 0.0
    lease: float = 0.0
    token: str = ""
    rung: float = 0.0

    def free(self, now: float) -> bool:
        """Whether the key may be claimed."""
        return self.dirty and self.due <= now and self.lease <= now


def marked(mark: Mark, now: float) -> Mark:
    """Dirty, at once unless it ran just now. A quiet key is due by any clock, also a late one."""
    due = mark.last_run + INTERVAL_S
    again = replace(mark, gen=mark.gen + 1, last_marked=now)
    if mark.dirty:
        return replace(again, due=min(mark.due, due))
    return replace(again, dirty=True, due=due, first_marked=now, attempt=0)


def wakes(before: Mark, after: Mark) -> bool:
    """Whether a mark needs a doorbell: nobody was told of the key, or only for later."""
    return not before.dirty or after.due < before.due


def claimed(mark: Mark, token: str, now: float) -> Mark:
    """Leased to whoever knows the token."""
    return replace(mark, token=token, lease=now + LEASE_S, attempt=mark.attempt + 1)


def begun(mark: Mark, now: float) -> Mark:
    """A run starts reading: it answers every mark so far."""
    return replace(mark, begun=mark.gen, last_run=now)


def done(mark: Mark) -> Mark:
    """The run ended; the key stays dirty when it was marked meanwhile."""
    return replace(
        delayed(mark, mark.last_run + INTERVAL_S),
        dirty=mark.gen > mark.begun,
        attempt=0,
        first_marked=mark.last_marked,
    )


def delayed(mark: Mark, due: float, failed: bool = True) -> Mark:
    """Given back, due later. Who waits begins no new attempt, but who comes second knows it."""
    attempt = mark.attempt if failed else max(1, mark.attempt - 1)
    return replace(mark, lease=0.0, token="", begun=0, due=due, attempt=attempt)
