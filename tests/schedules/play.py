"""A CRM, its users, and processes of gradesys that a test steps, kills and revives at will."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from gradesys.button import run_presses
from gradesys.engine import Context
from gradesys.errors import StoreError, TemporaryError
from gradesys.live.backlog import grouped
from gradesys.live.handling import HANDLERS, handle, receive
from gradesys.marks.protocols import LEASE_S, Message
from gradesys.records import Event, Key, KeyKind, Ref, Row
from gradesys.resync import Tally, Wish, resync, run_partitions
from gradesys.rules.rulebook import Rulebook
from tests.engine.world import CUSTOMERS, NOW, ORDERS, rulebook, small_org
from tests.marks.faulty import Fault, FaultyLedger, FaultyMarks, Memory, Plan, calm
from tests.oracle.evaluate import Oracle
from tests.oracle.loading import load
from tests.oracle.world import World
from tests.schedules.crm import Crm
from tests.schedules.stage import Actor, Stage

ALL = {**HANDLERS, KeyKind.RUN: run_presses, KeyKind.PARTITION: run_partitions}
A1, A2 = Ref("account", "a1"), Ref("account", "a2")
PAID = Decimal(2)
compiled = functools.cache(rulebook)


def two_accounts() -> Crm:
    """a1 with a paid invoice over 10 and an order, a2 with nothing; nothing is scored yet."""
    tables = small_org().tables
    tables["account"]["a2"] = tables["account"]["a1"] | {"accountid": "a2"}
    return Crm(tables)


class CountingMarks(FaultyMarks):
    """Marks that count the runs of each key."""

    runs: Counter[Key]

    def begin(self, *messages: Message) -> list[Message]:
        self.runs.update(message.key for message in messages)
        return super().begin(*messages)


@dataclass
class Play:
    """What all processes share; ``trouble`` is asked ahead of each call to marks and ledger."""

    texts: Sequence[str] = (CUSTOMERS, ORDERS)
    crm: Crm = field(default_factory=two_accounts)
    memory: Memory = field(default_factory=Memory)
    stage: Stage = field(default_factory=Stage)
    trouble: Plan = calm
    runs: Counter[Key] = field(default_factory=Counter)
    """How often each key was begun."""

    def __post_init__(self) -> None:
        self.crm.before = self.stage.pause
        self.crm.subscribe(self.book)

    @property
    def book(self) -> Rulebook:
        """The rules in force."""
        return compiled(*self.texts)

    def process(self) -> Context:
        """What a newly started process works with."""
        marks = CountingMarks(self.memory, self.crm.clock, self._plan)
        marks.runs = self.runs
        return Context(self.book, self.crm, marks, FaultyLedger(self.memory, self._plan), self.now)

    def now(self) -> Any:
        return NOW

    def _plan(self, call: str) -> Fault:
        self.stage.pause(call)
        return self.trouble(call)

    def receive(self, event: Event) -> None:
        """Take an event in at once."""
        receive(self.process(), event)

    def receiver(self, event: Event) -> Actor:
        """A process that takes an event in."""
        context = self.process()
        return self.stage.actor(lambda: receive(context, event))

    def worker(self) -> Actor:
        """A process that claims one key and handles it."""
        context = self.process()
        return self.stage.actor(lambda: work_once(context))

    def resyncer(self, wish: Wish | None = None) -> Actor:
        """A process that resyncs."""
        context = self.process()
        return self.stage.actor(lambda: self.resync_by(context, wish))

    def expire(self) -> None:
        """Time passes in which nobody prolongs a claim."""
        self.crm.clock.forward(LEASE_S + 1)

    def settle(self) -> int:
        """No more trouble: sweeps ring, workers work, until nothing waits. Counts their runs."""
        self.trouble, runs, context = calm, 0, self.process()
        for _ in range(40):
            self.crm.clock.forward(20)
            context.marks.sweep()
            while ran := work_once(context):
                runs += ran
            if not context.marks.stats().dirty:
                return runs
        raise AssertionError("it never settles")

    def resync_by(self, context: Context, wish: Wish | None = None) -> Tally:
        """Let a process resync; its waiting makes time pass."""
        return resync(context, wish or Wish(), quiet, self.crm.clock.forward)

    def resync(self) -> Tally:
        """Resync everything; how it went."""
        return self.resync_by(self.process())

    def settled(self) -> Play:
        """Everything scored, nothing waiting."""
        self.resync()
        self.settle()
        return self

    def wrong(self) -> list[str]:
        """A line for each stored result that a computation from scratch does not give."""
        world = World({name: _case_rows(rows.values()) for name, rows in self.crm.tables.items()})
        return [line for text in self.texts for line in self._wrong(load(text), world)]

    def _wrong(self, model: Any, world: World) -> Iterator[str]:
        oracle = Oracle(model, world, NOW)
        for id, row in self.crm.tables[model["table"]].items():
            due = oracle.evaluate(id)
            wanted = {"score": due.score, "grade": due.grade}
            for role, column in model["output"].items():
                if due.in_population and row.get(column) != wanted[role]:
                    yield f"{id}: {role} is {row.get(column)}, should be {wanted[role]}"


def work_once(context: Context, most: int = 1) -> int:
    """Claim due keys and handle them, as a worker's turn; how many there were."""
    claimed = context.marks.claim(most)
    for group in grouped(claimed):
        handle(context, group, ALL)
    return len(claimed)


def attempt(call: Callable[[], object]) -> bool:
    """Whether neither the store of marks nor Dataverse refused."""
    try:
        call()
    except (StoreError, TemporaryError):
        return False
    return True


def quiet(tally: Tally) -> None:
    """Listen to no progress."""


def _case_rows(rows: Any) -> list[dict[str, Any]]:
    return [_case_row(row) for row in rows]


def _case_row(row: Row) -> dict[str, Any]:
    case: dict[str, Any] = {}
    for name, value in row.items():
        case[name] = value.id if isinstance(value, Ref) else value
        if isinstance(value, Ref):
            case[f"{name}@type"] = value.table
    return case
