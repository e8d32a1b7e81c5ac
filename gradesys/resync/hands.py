"""The partitions of a run that a command works on side by side: each by a hand, of which one is
the caller's own thread and the only one that shows progress.

An error that the caller sees, or Ctrl-C, stops the other hands where they look up next, and what
they had in hand is left for whoever goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from threading import Event

from msgspec import Struct

from gradesys.engine import Context
from gradesys.marks.protocols import Message
from gradesys.records import Key
from gradesys.resync.partition import Watch, work_partition
from gradesys.resync.run import Run
from gradesys.resync.share import AT_ONCE, hands

LOOK_S = 0.2
"""How often who has nothing left to do looks at the others."""
LEAVE_S = 5.0
"""How long stopping hands are waited for; claims of those that need longer end by themselves."""


class _Stopped(Exception):
    """The work of all hands has ended."""


class _Hand(Struct, frozen=True):
    """Works on partitions with these keys until ``stop``."""

    context: Context
    keys: frozenset[Key]
    stop: Event

    def claim(self) -> Sequence[Message]:
        """A partition that waits, if one does."""
        return self.context.marks.claim(1, self.keys)

    def take(self, claimed: Sequence[Message], watch: Watch) -> int:
        """One partition after the other, from one that is claimed; how many there were."""
        done = 0
        while claimed:
            for message in claimed:
                _work(self.context, message, watch)
            done += len(claimed)
            watch()
            claimed = self.claim()
        return done

    def help(self) -> int:
        """The same for a hand that nobody looks at."""
        return self.take(self.claim(), self._look)

    def _look(self) -> None:
        if self.stop.is_set():
            raise _Stopped


def work_open(context: Context, run: Run, watch: Watch) -> int:
    """Claim and work on the partitions of the pass that wait; how many there were. ``watch`` is
    called on the way, by the caller's thread. Raises the first error of any hand that it sees."""
    hand = _Hand(context, frozenset(run.keys), Event())
    claimed = hand.claim()
    if not claimed:
        return 0
    pool = ThreadPoolExecutor(AT_ONCE)
    others = [pool.submit(copy_context().run, hand.help) for _ in range(hands(run) - 1)]

    def look() -> None:
        watch()
        _raise_error(others)

    try:
        done = hand.take(claimed, look)
        while wait(others, LOOK_S).not_done:
            look()
        return done + sum(other.result() for other in others)
    finally:
        hand.stop.set()
        wait(others, LEAVE_S)
        pool.shutdown(wait=False)


def _raise_error(others: Sequence[Future[int]]) -> None:
    for other in others:
        if other.done():
            other.result()


def _work(context: Context, message: Message, watch: Watch) -> None:
    marks = context.marks
    if not marks.begin(message):
        return
    try:
        work_partition(context, message.key, watch)
    except BaseException:
        marks.retry(message, 0.0)  # whoever goes on need not wait for the claim to end
        raise
    marks.done(message)
