"""Processes of gradesys over the emulated scene: what the state machine steps, kills and checks."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from emulator.webhooks.body import Job
from gradesys.dataverse.events import parse_event
from gradesys.engine import Context
from gradesys.live.handling import receive
from gradesys.marks.protocols import LEASE_S
from gradesys.resync import Tally, Wish, resync
from tests.marks.faulty import Fault, FaultyLedger, FaultyMarks, Memory
from tests.schedules.emulated import Refusal
from tests.schedules.play import attempt, quiet, work_once
from tests.schedules.scene import CUSTOMERS, OURS, Rows, Scene, scene
from tests.schedules.stage import Actor, Stage


@dataclass
class Rig:
    """``refusals`` and ``faults`` meet the next requests, and calls of marks, of who is on stage;
    ``unseen``: something happened that no event told, so that only a resync can follow."""

    scene: Scene = field(default_factory=scene)
    stage: Stage = field(default_factory=Stage)
    memory: Memory = field(default_factory=Memory)
    actors: list[tuple[Actor, int]] = field(default_factory=list)
    refusals: deque[Refusal] = field(default_factory=deque)
    faults: deque[Fault] = field(default_factory=deque)
    text: str = CUSTOMERS
    unseen: bool = False
    epoch: int = 0
    resync_until: float = 0.0

    def __post_init__(self) -> None:
        self.scene.restart()

    def now(self) -> datetime:
        return self.scene.emulated.now

    def process(self, before: Callable[[], Refusal | None] | None = None) -> Context:
        """What a newly started process works with: the rules in force now, a client of its own.
        ``before`` is called ahead of its requests, and may make them fail."""
        book = self.scene.books[self.text]
        marks = FaultyMarks(self.memory, self.scene.emulated.clock, self._fault)
        ledger = FaultyLedger(self.memory, self._fault)
        store = self.scene.store(book, before or self._refusal)
        return Context(book, store, marks, ledger, self.now)

    def _refusal(self) -> Refusal | None:
        self.stage.pause("request")
        on_stage = self.stage.current() is not None
        return self.refusals.popleft() if on_stage and self.refusals else None

    def _fault(self, call: str) -> Fault:
        self.stage.pause(call)
        role = next((each for each in self.actors if each[0] is self.stage.current()), None)
        spared = role is None or self.is_zombie(role)
        return Fault.NONE if spared or not self.faults else self.faults.popleft()

    def is_zombie(self, role: tuple[Actor, int]) -> bool:
        """Whether claims have expired since it was started."""
        return role[1] < self.epoch

    def accept(self, job: Job) -> None:
        """Take in what a step posts; only a durable mark is an answer."""
        post = self.scene.emulated.post(job)
        headers = {name.lower(): text for name, text in post.headers.items()}
        event, mail = parse_event(post.body, headers), self.scene.emulated.mail
        if attempt(lambda: receive(self.process(), event)) and job in mail:
            mail.remove(job)

    def receiver(self, job: Job) -> None:
        """A process that takes in what a step posts."""
        self.actors.append((self.stage.actor(lambda: self.accept(job)), self.epoch))

    def worker(self) -> None:
        """A process that claims one key and handles it."""
        context = self.process()
        play = self.stage.actor(lambda: attempt(lambda: work_once(context)))
        self.actors.append((play, self.epoch))

    def resyncer(self) -> None:
        """A process that resyncs; a second one would only wait for it."""
        clock, context = self.scene.emulated.clock, self.process()
        if clock() < self.resync_until:
            return
        self.resync_until = float("inf")

        def play() -> None:
            try:
                done = attempt(lambda: resync(context, Wish(), quiet, clock.forward))
                self.unseen |= not done  # and what became unseen while it ran stays so
            except BaseException:
                self.unseen = True
                raise
            finally:
                self.resync_until = clock() + 2 * LEASE_S

        self.actors.append((self.stage.actor(play), self.epoch))

    def kill(self, role: tuple[Actor, int]) -> None:
        """A zombie is spared: it may have written already (reliability 4.3, the residual hole)."""
        if not self.is_zombie(role):
            role[0].kill()

    def expire(self) -> None:
        """Nobody's claim is prolonged, yet everybody lives."""
        self.scene.emulated.clock.forward(LEASE_S + 1)
        self.epoch += 1

    def settle(self) -> None:
        """No more faults: everybody ends, all mail arrives, sweeps ring, until nothing waits."""
        self.refusals.clear()
        self.faults.clear()
        for actor, _ in self.actors:
            actor.finish()
        self.expire()
        for job in list(self.scene.emulated.mail):
            self.accept(job)
        context = self.process()
        for _ in range(40):
            self.scene.emulated.clock.forward(20)
            context.marks.sweep()
            while work_once(context):
                pass
            if not context.marks.stats().dirty:
                return
        raise AssertionError("it never settles")

    def resync(self) -> Tally:
        """Resync everything under the rules in force."""
        return resync(self.process(), Wish(), quiet, self.scene.emulated.clock.forward)

    def check(self) -> None:
        """P1, or P2 and P3 after what no event told; P5, as a dry run tells it; P6; and no cell
        moved that is not ours."""
        before = foreign(self.scene.rows())
        self.settle()
        if self.unseen:
            self.resync()
            self.settle()
        rows = self.scene.rows()
        assert list(self.scene.wrong(self.text, rows)) == []
        parked = {item.key.id for item in self.process().marks.parked()}
        assert parked == self.scene.bad(self.text, rows)
        left = resync(self.process(), Wish(dry_run=True), quiet)
        assert left.changed == 0
        assert foreign(rows) == before


def foreign(rows: Rows) -> Rows:
    """All cells that gradesys may not write."""
    return {
        table: [{name: v for name, v in row.items() if name not in OURS} for row in each]
        for table, each in rows.items()
    }
