"""The faulty store goes wrong as planned, and what goes wrong loses no mark."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradesys.errors import StoreError
from gradesys.marks.protocols import Ledger, Marks
from gradesys.records import Key, KeyKind
from tests.clock import Clock
from tests.marks.faulty import DELAY_S, Fault, FaultyLedger, FaultyMarks, Memory, Plan

A = Key(KeyKind.TARGET, "account", "a")
B = Key(KeyKind.TARGET, "account", "b")


def first(call: str, fault: Fault) -> Plan:
    """The first such call goes wrong, nothing else does."""
    faults = iter([fault])
    return lambda named: next(faults, Fault.NONE) if named == call else Fault.NONE


@pytest.mark.parametrize(
    ("fault", "dirty"), [(Fault.ERROR_BEFORE, set()), (Fault.ERROR_AFTER, {A})]
)
def test_an_error_comes_before_or_after_the_effect(fault: Fault, dirty: set[Key]) -> None:
    marks = FaultyMarks(Memory(), Clock(), first("mark", fault))
    with pytest.raises(StoreError, match="mark"):
        marks.mark([A])
    assert marks.waiting([A]) == dirty


@pytest.mark.parametrize(("fault", "version"), [(Fault.ERROR_BEFORE, 0), (Fault.ERROR_AFTER, 1)])
def test_a_swap_may_have_happened_although_it_failed(fault: Fault, version: int) -> None:
    ledger: Ledger = FaultyLedger(Memory(), first("put_if", fault))
    with pytest.raises(StoreError, match="put_if"):
        ledger.put_if("lease", {}, 0)
    assert ledger.get("lease").version == version


def test_a_duplicate_is_claimed_by_two_and_ended_by_the_second() -> None:
    marks: Marks = FaultyMarks(Memory(), Clock(), first("claim", Fault.DUPLICATE))
    marks.mark([A])
    (zombie,), (heir,) = marks.claim(1), marks.claim(1)
    assert not marks.begin(zombie)
    assert marks.begin(heir)
    marks.done(zombie)
    assert marks.waiting([A]) == {A}
    marks.done(heir)
    assert marks.waiting([A]) == set()


def test_a_delayed_doorbell_is_heard_later() -> None:
    clock = Clock()
    marks = FaultyMarks(Memory(), clock, first("mark", Fault.DELAY))
    marks.mark([A])
    assert marks.claim(1) == []
    clock.forward(DELAY_S)
    assert len(marks.claim(1)) == 1


def test_a_lost_doorbell_is_found_by_the_sweep_and_swallows_later_marks_until_then() -> None:
    clock = Clock()
    marks = FaultyMarks(Memory(), clock, first("mark", Fault.LOST))
    marks.mark([A])
    clock.forward(3600)
    marks.mark([A])
    assert (marks.claim(1), marks.waiting([A])) == ([], {A})
    marks.sweep()
    assert [message.key for message in marks.claim(1)] == [A]


Act = tuple[str, Key]
ACTS = st.tuples(st.sampled_from(["mark", "work", "sweep", "crash"]), st.sampled_from([A, B]))


@settings(max_examples=300, deadline=None)
@given(acts=st.lists(ACTS, max_size=25), faults=st.lists(st.sampled_from(Fault), max_size=60))
def test_whatever_goes_wrong_every_mark_is_answered_by_a_later_read(
    acts: Sequence[Act], faults: Sequence[Fault]
) -> None:
    clock, memory, planned = Clock(), Memory(), iter(faults)
    marks = FaultyMarks(memory, clock, lambda call: next(planned, Fault.NONE))
    source = dict.fromkeys((A, B), 0)
    read = dict.fromkeys((A, B), 0)
    for act, key in acts:
        clock.forward(1)
        if act == "mark":
            source[key] += 1
            accept(marks, key, source)
        elif act == "sweep":
            attempt(marks.sweep)
        else:
            attempt(partial(work, marks, source, read, act == "crash"))
    settle(FaultyMarks(memory, clock), clock, source, read)
    assert read == source


def accept(marks: Marks, key: Key, source: dict[Key, int]) -> None:
    """A change whose mark is repeated until it is durable, as after a 503."""
    for _ in range(80):
        if attempt(lambda: marks.mark([key])):
            return
    raise AssertionError("the faults never ended")


def attempt(call: Callable[[], object]) -> bool:
    """Whether the call raised no error of the store."""
    try:
        call()
    except StoreError:
        return False
    return True


def work(marks: Marks, source: dict[Key, int], read: dict[Key, int], crash: bool) -> None:
    """One worker's turn: it reads after the mark is cleared, and may die before it is done."""
    for message in marks.claim(1):
        if marks.begin(message):
            read[message.key] = source[message.key] if not crash else read[message.key]
            if not crash:
                marks.done(message)


def settle(marks: Marks, clock: Clock, source: dict[Key, int], read: dict[Key, int]) -> None:
    """No more faults: leases end, the sweep rings, workers work."""
    for _ in ticks(clock):
        marks.sweep()
        work(marks, source, read, False)
    assert marks.stats().dirty == 0


def ticks(clock: Clock) -> Iterator[float]:
    for _ in range(10):
        clock.forward(10)
        yield clock()
