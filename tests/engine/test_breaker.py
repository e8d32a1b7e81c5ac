"""Somebody fights for our column (reliability fault 32): we stop, visibly, and try again later."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import pytest

from gradesys.breaker import FLIPS, REST_S, close, close_rested, opened
from gradesys.changes import Change, Fate, Written
from gradesys.engine import Context
from gradesys.guarded import Guarded
from gradesys.live.handling import HANDLERS, handle
from gradesys.metrics import Metrics
from gradesys.records import Plan as Reads
from gradesys.resync import Wish, resync
from tests.engine.test_groups import many_accounts
from tests.engine.world import CUSTOMERS, NOW, ORDERS, MemoryOrg, rulebook, small_org, target
from tests.marks.faulty import Fault, FaultyLedger, FaultyMarks, Memory, Plan, calm

A1 = target("a1")
BOOK = rulebook(CUSTOMERS, ORDERS)


@dataclass
class Fight:
    """A service of several processes, and a foreign writer."""

    org: MemoryOrg
    memory: Memory
    metrics: Metrics = field(default_factory=Metrics)

    def process(self, plan: Plan = calm) -> Context:
        marks = FaultyMarks(self.memory, self.org.clock, plan)
        ledger = FaultyLedger(self.memory)
        store = Guarded(self.org, ledger, marks, BOOK, self.metrics)
        return Context(BOOK, store, marks, ledger, lambda: NOW)

    def event(self, context: Context, *ids: str) -> None:
        """Something changed; the keys are handled together."""
        self.org.clock.forward(2)
        keys = [target(id) for id in ids or ("a1",)]
        context.marks.mark(keys)
        handle(context, context.marks.claim(200, keys), HANDLERS)

    def set_back(self, id: str = "a1") -> None:
        """What a flow does."""
        self.org.tables["account"][id]["gs_score"] = Decimal(1)

    def writes(self, id: str = "a1") -> int:
        return sum(change.id == id for change in self.org.writes)


@pytest.fixture
def fight() -> Fight:
    return Fight(small_org(), Memory())


def set_back_often(fight: Fight, context: Context, times: int) -> None:
    for _ in range(times):
        fight.set_back()
        fight.event(context)


def test_fault_32_after_twenty_flips_in_ten_minutes_we_stop_and_say_what_to_do(
    fight: Fight,
) -> None:
    context = fight.process()
    set_back_often(fight, context, 1 + FLIPS + 5)
    assert (fight.writes(), fight.org.score()) == (1 + FLIPS, Decimal(1))
    (parked,) = context.marks.parked()
    assert parked.key == A1
    for word in ("gs_score", "flow, plug-in or workflow", "gradesys parked retry", "hour"):
        assert word in parked.reason
    assert set(opened(context.ledger)) == {A1}
    assert fight.metrics.counts()["breaker"] == 1


def test_nothing_is_written_before_it_is_durable_that_somebody_tried(fight: Fight) -> None:
    calls: list[str] = []

    def full_disk(call: str) -> Fault:
        calls.append(call)
        return Fault.ERROR_BEFORE if call == "secure" else Fault.NONE

    fight.event(fight.process(full_disk))
    assert (fight.writes(), calls.count("secure")) == (0, 1)
    fight.org.clock.forward(60)
    fight.event(fight.process())
    assert fight.writes() == 1


def test_twenty_flips_in_more_than_ten_minutes_are_borne(fight: Fight) -> None:
    context = fight.process()
    for _ in range(60):
        fight.org.clock.forward(60)
        set_back_often(fight, context, 1)
    assert (fight.writes(), opened(context.ledger)) == (60, {})


def test_all_processes_count_together_and_obey(fight: Fight) -> None:
    processes = [fight.process() for _ in range(4)]
    for turn in range(60):
        set_back_often(fight, processes[turn % 4], 1)
    assert FLIPS < fight.writes() <= FLIPS + 4
    assert set(opened(fight.process().ledger)) == {A1}


def test_a_thousand_honest_changes_never_open_it(fight: Fight) -> None:
    context = fight.process()
    for amount in range(1000):
        fight.org.pay("i1", amount % 2 * 90 + 10)
        fight.event(context)
    assert (fight.writes(), opened(context.ledger)) == (1000, {})


def test_honest_changes_to_and_fro_handled_by_two_processes_never_open_it(fight: Fight) -> None:
    """Each of them writes the same value again and again."""
    processes = [fight.process(), fight.process()]
    for turn in range(600):
        fight.org.pay("i1", turn % 2 * 90 + 10)
        fight.event(processes[turn % 2])
    assert (fight.writes(), opened(processes[0].ledger)) == (600, {})


def test_writes_that_fail_are_no_flips(fight: Fight) -> None:
    context = fight.process()
    fight.event(context)
    fight.set_back()
    fight.org.fates["a1"] = Fate.FAILED
    for _ in range(3 * FLIPS):
        fight.event(context)
    assert opened(context.ledger) == {}


class Answered(MemoryOrg):
    """A plug-in sets our column back within every write."""

    def write(self, changes: Sequence[Change], verify: Reads | None = None) -> Written:
        outcomes = super().write(changes).outcomes
        self.tables["account"]["a1"]["gs_score"] = Decimal(1)
        return Written(outcomes, tuple(self.pages(verify)) if verify else ())


def test_a_plug_in_that_answers_every_write_is_stopped_too() -> None:
    """The verifying loop sees its own write set back at once, five times a run."""
    fight = Fight(Answered(small_org().tables), Memory())
    context = fight.process()
    for _ in range(10):
        fight.org.clock.forward(30)
        fight.event(context)
    assert fight.writes() == 1 + FLIPS
    assert [item.key for item in context.marks.parked()] == [A1]
    assert context.marks.waiting([A1]) == set()


def reopened_by_hand(fight: Fight, context: Context) -> None:
    close(context.ledger, A1)
    context.marks.mark([A1])


def reopened_by_time(fight: Fight, context: Context) -> None:
    fight.org.clock.forward(REST_S - 100)
    close_rested(context.ledger, context.marks)
    assert context.marks.waiting([A1]) == set()
    fight.org.clock.forward(101)
    close_rested(context.ledger, context.marks)


@pytest.mark.parametrize("reopen", [reopened_by_hand, reopened_by_time])
def test_it_closes_by_retry_or_after_an_hour_and_the_record_is_put_right(
    fight: Fight, reopen: Callable[[Fight, Context], None]
) -> None:
    context = fight.process()
    set_back_often(fight, context, 1 + FLIPS + 1)
    reopen(fight, context)
    fight.org.clock.forward(2)
    handle(context, context.marks.claim(1, [A1]), HANDLERS)
    assert (fight.org.score(), context.marks.parked()) == (Decimal(10), [])
    assert opened(context.ledger) == {}


def test_in_a_group_only_the_record_that_is_fought_over_is_left_alone() -> None:
    fight = Fight(many_accounts(12), Memory())
    context, ids = fight.process(), list(fight.org.tables["account"])
    for turn in range(FLIPS + 5):
        fight.set_back("a3")
        fight.org.pay("i7", turn + 1)
        fight.event(context, *ids)
    assert fight.writes("a3") == 1 + FLIPS
    assert (fight.org.score("a7"), fight.org.score("a3")) == (Decimal(FLIPS + 5), Decimal(1))
    assert [item.key for item in context.marks.parked()] == [target("a3")]


def test_a_resync_leaves_it_alone_and_says_so(fight: Fight) -> None:
    context = fight.process()
    set_back_often(fight, context, 1 + FLIPS + 1)
    before = fight.writes()
    tally = resync(context, Wish(models=("customers",)), lambda tally: None)
    assert (tally.failed, fight.writes()) == (1, before)
    assert [item.key for item in context.marks.parked()] == [A1]
