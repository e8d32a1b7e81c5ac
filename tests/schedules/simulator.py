"""Random schedules of users, receivers, workers and resyncs that stall, fail and die.

A seed is a schedule: the same steps in the same order, so what fails can be played again. Only what
the promise excludes is left out: a process that lost its claim after it had written may not die
before it has read again (reliability 4.3, the residual hole; the nightly resync repairs it).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from gradesys.errors import TemporaryError
from gradesys.live.handling import receive
from gradesys.records import Event, Ref
from tests.marks.faulty import Fault
from tests.schedules.crm import Crm
from tests.schedules.play import PAID, Play, attempt, work_once
from tests.schedules.stage import Actor

ACCOUNTS = ("a1", "a2", "a3")
AMOUNTS = (10, 20, 30)
LEASE_OF_A_RESYNC_S = 20
MOST_WORKERS = 3


@dataclass
class Role:
    """A process and when it was started; ``told`` is the event that it takes in."""

    actor: Actor
    epoch: int
    told: Event | None = None


@dataclass
class Schedule:
    """One random history; ``drops``: events may get lost."""

    seed: int
    drops: bool = False
    play: Play = field(default_factory=lambda: Play(crm=three_accounts()).settled())
    mail: list[Event] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    undo: list[tuple[str, Decimal]] = field(default_factory=list)
    epoch: int = 0
    resync_until: float = 0.0
    interrupted: bool = False
    """Whether a resync did not come to its end: the next tick takes it up again."""

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.play.crm.before = self._before
        self.play.trouble = self._trouble
        self.play.crm.unsure = lambda: self.dice.random() < 0.02

    def run(self, steps: int = 60) -> None:
        """Let it happen."""
        names, weights = list(ACTS), [weight for weight, _ in ACTS.values()]
        for name in self.dice.choices(names, weights, k=steps):
            ACTS[name][1](self)

    def quiesce(self) -> None:
        """Faults end, everybody ends or dies, and what was not answered is delivered again."""
        self.play.crm.before = self.play.stage.pause
        self.play.trouble = lambda call: Fault.NONE
        self.play.crm.unsure = lambda: False
        for role in list(self.roles):
            if self.dice.random() < 0.5:
                kill(self, role)
            role.actor.finish()
        self.tidy()
        self.play.expire()
        for event in self.mail:
            self.play.receive(event)
        self.play.settle()
        if self.interrupted:
            self.play.resync()
            self.play.settle()

    def tidy(self) -> None:
        """Who has ended leaves; an event that was answered is not delivered again."""
        self.roles = [role for role in self.roles if not role.actor.ended]

    def is_zombie(self, role: Role) -> bool:
        """Whether claims have expired since it was started."""
        return role.epoch < self.epoch

    def accept(self, event: Event) -> None:
        """What a receiver does: only a durable mark is an answer."""
        if attempt(lambda: receive(self.play.process(), event)) and event in self.mail:
            self.mail.remove(event)

    def _before(self, call: str) -> None:
        self.play.stage.pause(call)
        if self.dice.random() < 0.02:
            raise TemporaryError("503")

    def _trouble(self, call: str) -> Fault:
        """A zombie that can neither give its key back nor mark it is excluded with its death."""
        role = next((r for r in self.roles if r.actor is self.play.stage.current()), None)
        if role is None or self.is_zombie(role) or self.dice.random() > 0.04:
            return Fault.NONE
        return self.dice.choice([fault for fault in Fault if fault is not Fault.NONE])


def three_accounts() -> Crm:
    """Three accounts, some invoices and an order each; everything may move."""
    crm = Crm({"account": {}, "invoice": {}, "salesorder": {}})
    for place, id in enumerate(ACCOUNTS):
        owner, empty = Ref("account", id), {"gs_score": None, "gs_grade": None}
        crm.create("account", id, statecode=Decimal(0), **empty)
        crm.create("salesorder", f"o{place}", customerid=owner, gs_score=None)
        crm.create(
            "invoice", f"i{place}", customerid=owner, statecode=PAID, totalamount=Decimal(10)
        )
    return crm


def update(schedule: Schedule) -> None:
    """Another amount; sometimes it will go back later."""
    crm, dice = schedule.play.crm, schedule.dice
    if crm.tables["invoice"]:
        id = dice.choice(list(crm.tables["invoice"]))
        amount = crm.tables["invoice"][id]["totalamount"]
        if isinstance(amount, Decimal):
            schedule.undo.append((id, amount))
        tell(schedule, crm.update("invoice", id, totalamount=Decimal(dice.choice(AMOUNTS))))


def toggle_back(schedule: Schedule) -> None:
    """An amount goes back to what it was: A-B-A."""
    while schedule.undo:
        id, amount = schedule.undo.pop()
        if id in schedule.play.crm.tables["invoice"]:
            tell(schedule, schedule.play.crm.update("invoice", id, totalamount=amount))
            return


def move(schedule: Schedule) -> None:
    crm, dice = schedule.play.crm, schedule.dice
    table = dice.choice(["invoice", "invoice", "salesorder"])
    if crm.tables[table]:
        id = dice.choice(list(crm.tables[table]))
        owner = dice.choice([*(Ref("account", name) for name in ACCOUNTS), None])
        tell(schedule, crm.update(table, id, customerid=owner))


def create(schedule: Schedule) -> None:
    dice, crm = schedule.dice, schedule.play.crm
    owner, amount = Ref("account", dice.choice(ACCOUNTS)), Decimal(dice.choice(AMOUNTS))
    id = f"n{dice.randrange(10**9)}"
    event = crm.create("invoice", id, customerid=owner, statecode=PAID, totalamount=amount)
    tell(schedule, event)


def delete(schedule: Schedule) -> None:
    crm = schedule.play.crm
    if crm.tables["invoice"]:
        tell(schedule, crm.delete("invoice", schedule.dice.choice(list(crm.tables["invoice"]))))


def merge(schedule: Schedule) -> None:
    stays, goes = schedule.dice.sample(ACCOUNTS, 2)
    tell(schedule, schedule.play.crm.merge(stays, goes))


def revive(schedule: Schedule) -> None:
    """An account is in the population, or leaves it."""
    state = Decimal(schedule.dice.choice([0, 0, 1]))
    id = schedule.dice.choice(ACCOUNTS)
    tell(schedule, schedule.play.crm.update("account", id, statecode=state))


def tell(schedule: Schedule, event: Event) -> None:
    """Dataverse is about to deliver; it may do so twice, late, or never."""
    if schedule.drops and schedule.dice.random() < 0.2:
        return
    schedule.mail += [event] * (2 if schedule.dice.random() < 0.2 else 1)


def deliver(schedule: Schedule) -> None:
    """Any of the waiting events, whatever its age."""
    if schedule.mail:
        event = schedule.dice.choice(schedule.mail)
        start(schedule, lambda: schedule.accept(event))


def hire(schedule: Schedule) -> None:
    """A worker turns up, for one key or for a backlog."""
    if len(schedule.roles) < MOST_WORKERS + 2:
        context, most = schedule.play.process(), schedule.dice.choice([1, 1, 3])
        start(schedule, lambda: attempt(lambda: work_once(context, most)))


def begin_resync(schedule: Schedule) -> None:
    """One at a time: a second one would only wait for the first."""
    clock = schedule.play.crm.clock
    if clock() >= schedule.resync_until:
        schedule.resync_until, was = float("inf"), schedule.interrupted
        schedule.interrupted = True
        context = schedule.play.process()

        def all_of_it() -> None:
            try:
                schedule.interrupted = was or not attempt(lambda: schedule.play.resync_by(context))
            finally:
                schedule.resync_until = clock() + LEASE_OF_A_RESYNC_S

        start(schedule, all_of_it)


def start(schedule: Schedule, play: Callable[[], object]) -> None:
    schedule.roles.append(Role(schedule.play.stage.actor(play), schedule.epoch))


def step(schedule: Schedule) -> None:
    """Somebody makes a few calls."""
    if schedule.roles:
        role = schedule.dice.choice(schedule.roles)
        for _ in range(schedule.dice.choice([1, 1, 2, 3, 8])):
            role.actor.step()
        schedule.tidy()


def strike(schedule: Schedule) -> None:
    """Somebody dies."""
    if schedule.roles:
        kill(schedule, schedule.dice.choice(schedule.roles))
        schedule.tidy()


def kill(schedule: Schedule, role: Role) -> None:
    """A zombie that has written is spared: see the module's text."""
    if not (schedule.is_zombie(role) and "write" in role.actor.calls):
        role.actor.kill()


def expire(schedule: Schedule) -> None:
    """Nobody's claim is prolonged, yet everybody lives."""
    schedule.play.expire()
    schedule.epoch += 1


def pass_time(schedule: Schedule) -> None:
    schedule.play.crm.clock.forward(schedule.dice.choice([0.3, 1.0, 3.0]))


def sweep(schedule: Schedule) -> None:
    context = schedule.play.process()
    attempt(context.marks.sweep)


ACTS: Mapping[str, tuple[int, Callable[[Schedule], None]]] = {
    "update": (5, update),
    "toggle back": (4, toggle_back),
    "move": (3, move),
    "create": (1, create),
    "delete": (1, delete),
    "merge": (1, merge),
    "revive": (1, revive),
    "deliver": (9, deliver),
    "hire": (10, hire),
    "resync": (1, begin_resync),
    "step": (40, step),
    "strike": (2, strike),
    "expire": (2, expire),
    "pass time": (6, pass_time),
    "sweep": (1, sweep),
}
