"""The background queue of deliveries: several threads, no order promised, one retry.

It is also where webhooks misbehave when a test asks for it, and what `settle` waits for.
"""

import heapq
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from msgspec.structs import replace

from emulator.faults import Faults
from emulator.stats import Stats
from emulator.webhooks.body import Job
from emulator.webhooks.outcome import POST_FAILED, Outcome

THREADS = 16
RETRY_SECONDS = 0.1
SHUFFLE_MILLISECONDS = (0.0, 100.0)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, order=True)
class _Waiting:
    due: float
    number: int
    job: Job = field(compare=False)
    is_retry: bool = field(compare=False, default=False)


class Deliveries:
    """Runs `attempt` for every submitted job and reports the last outcome to `finish`."""

    def __init__(
        self,
        attempt: Callable[[Job], Outcome],
        finish: Callable[[Job, Outcome], None],
        stats: Stats,
        faults: Faults,
    ) -> None:
        self._attempt, self._finish = attempt, finish
        self._stats, self._faults = stats, faults
        self._changed = threading.Condition()
        self._waiting: list[_Waiting] = []
        self._number = 0
        self._unfinished = 0
        self._idle_since = time.monotonic()
        self._closing = False
        self._threads = [
            threading.Thread(target=self._work, name=f"webhook-{number}", daemon=True)
            for number in range(THREADS)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, job: Job) -> None:
        """Queues a job, unless the faults in force drop it; they may also queue it twice."""
        faults = self._faults.webhooks
        if self._faults.chance(faults.drop):
            self._stats.count("webhooks.dropped")
            return
        for _ in range(2 if self._faults.chance(faults.duplicate) else 1):
            self._push(job, self._faults_delay())

    def idle_seconds(self) -> float:
        """Seconds since the last job ended; 0 while one is queued, delayed or under way."""
        with self._changed:
            return 0.0 if self._unfinished else time.monotonic() - self._idle_since

    def close(self) -> None:
        """Forgets what is queued and waits for what is under way."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def _faults_delay(self) -> float:
        faults = self._faults.webhooks
        jitter = self._faults.between(SHUFFLE_MILLISECONDS) if faults.reorder else 0.0
        return (self._faults.between(faults.delay_ms) + jitter) / 1000

    def _push(self, job: Job, delay: float, is_retry: bool = False) -> None:
        with self._changed:
            self._number += 1
            self._unfinished += 1
            due = time.monotonic() + delay
            heapq.heappush(self._waiting, _Waiting(due, self._number, job, is_retry))
            self._changed.notify()

    def _work(self) -> None:
        while (waiting := self._take()) is not None:
            try:
                self._deliver(waiting)
            finally:
                self._leave()

    def _take(self) -> _Waiting | None:
        with self._changed:
            while not self._closing:
                left = self._waiting[0].due - time.monotonic() if self._waiting else None
                if left is not None and left <= 0:
                    return heapq.heappop(self._waiting)
                self._changed.wait(left)
        return None

    def _deliver(self, waiting: _Waiting) -> None:
        outcome = self._try(waiting.job)
        if outcome.again and not waiting.is_retry:
            self._push(waiting.job, RETRY_SECONDS, is_retry=True)
            return
        self._stats.count("webhooks.failed" if outcome.error else "webhooks.sent")
        self._finish(waiting.job, replace(outcome, again=False))

    def _try(self, job: Job) -> Outcome:
        try:
            return self._attempt(job)
        except Exception as failure:
            # A defect of the emulator: it must show as a failed job, not as a lost thread.
            log.exception("delivery of job %s broke", job.id)
            return Outcome(POST_FAILED, f"The emulator failed: {type(failure).__name__}.")

    def _leave(self) -> None:
        with self._changed:
            self._unfinished -= 1
            if not self._unfinished:
                self._idle_since = time.monotonic()
