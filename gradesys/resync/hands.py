"""The partitions of a run that a command works on side by side: each by a hand, of which one is
the caller's own thread and the only one that shows progress.

An error or Ctrl-C stops the other hands where they look up next, and what they had in hand is left
for whoever goes on.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from contextvars import copy_context

from gradesys.engine import Context
from gradesys.marks.protocols import Message
from gradesys.resync.partition import Watch, work_partition
from gradesys.resync.run import Run
from gradesys.resync.share import hands

LOOK_S = 0.2
"""How often who has nothing left to do looks at the others."""
LEAVE_S = 5.0
"""How long stopping hands are waited for; claims of those that need longer end by themselves."""


class _Stopped(Exception):
    """Another hand has ended the work."""


class _Hands:
    """Hands that work on one pass. ``done``: partitions that they were through with."""

    def __init__(self, context: Context, run: Run) -> None:
        self._context, self._run = context, run
        self._keys = frozenset(run.keys)
        self._stop = threading.Event()
        self._errors: list[BaseException] = []
        self.done = 0

    def work(self, watch: Watch) -> None:
        """Until nothing waits for us any more, and all hands are through. Further hands begin only
        where there was something for the first."""
        claimed = self._claim()
        others = [self._other() for _ in range(hands(self._run) - 1) if claimed]
        look = self._looking(watch)
        try:
            self._take(claimed, look)
            for each in others:
                while each.is_alive():
                    look()
                    each.join(LOOK_S)
            look()
        except BaseException as error:
            self._end(others)
            raise (self._errors[0] if isinstance(error, _Stopped) else error) from None

    def _other(self) -> threading.Thread:
        """A further hand, at work."""
        context = copy_context()
        thread = threading.Thread(target=context.run, args=(self._guarded,), daemon=True)
        thread.start()
        return thread

    def _claim(self) -> Sequence[Message]:
        return self._context.marks.claim(1, self._keys)

    def _take(self, claimed: Sequence[Message], watch: Watch) -> None:
        """One partition after the other."""
        while claimed:
            for message in claimed:
                _work(self._context, message, watch)
            self.done += len(claimed)
            watch()
            claimed = self._claim()

    def _guarded(self) -> None:
        """A further hand: its error is the caller's."""
        try:
            self._take(self._claim(), self._looking(lambda: None))
        except _Stopped:
            return
        except BaseException as error:  # the caller raises it
            self._errors.append(error)
            self._stop.set()

    def _looking(self, watch: Watch) -> Watch:
        """Watch, and stop where another hand has failed."""

        def look() -> None:
            if self._stop.is_set():
                raise _Stopped
            watch()

        return look

    def _end(self, others: list[threading.Thread]) -> None:
        self._stop.set()
        deadline = time.monotonic() + LEAVE_S
        for each in others:
            each.join(max(0.0, deadline - time.monotonic()))


def work_open(context: Context, run: Run, watch: Watch) -> int:
    """Claim and work on the partitions of the pass that wait; how many there were. ``watch`` is
    called on the way, by the caller's thread. Raises the first error of any hand."""
    found = _Hands(context, run)
    found.work(watch)
    return found.done


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
