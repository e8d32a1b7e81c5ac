"""What every store of marks promises: durable, coalescing, at least once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gradesys.marks.protocols import INTERVAL_S, LEASE_S, MEMORY_S, Marks
from gradesys.records import Key, KeyKind
from tests.clock import Clock

A = Key(KeyKind.TARGET, "account", "a")
B = Key(KeyKind.EXPAND, "account", "b", "down salesorder customerid")


def test_a_marked_key_is_claimed_once(marks: Marks) -> None:
    marks.mark([A, A, B])
    assert {message.key for message in marks.claim(10)} == {A, B}
    assert marks.claim(10) == []


def test_a_mark_outlives_the_process(open_marks: Callable[[], Marks]) -> None:
    open_marks().mark([A])
    assert [message.key for message in open_marks().claim(1)] == [A]


def test_a_handled_key_is_clean(marks: Marks) -> None:
    marks.mark([A])
    (message,) = marks.claim(1)
    assert marks.begin(message)
    marks.done(message)
    assert (marks.stats().dirty, marks.waiting([A])) == (0, set())


def test_a_mark_during_the_run_is_not_swallowed(marks: Marks, clock: Clock) -> None:
    marks.mark([A])
    (message,) = marks.claim(1)
    marks.begin(message)
    marks.mark([A])
    marks.done(message)
    assert marks.stats().dirty == 1
    clock.forward(INTERVAL_S)
    assert [message.key for message in marks.claim(1)] == [A]


def test_a_mark_between_claim_and_begin_is_answered_by_that_run(marks: Marks) -> None:
    marks.mark([A])
    (message,) = marks.claim(1)
    marks.mark([A])
    marks.begin(message)
    marks.done(message)
    assert marks.stats().dirty == 0


def test_a_quiet_key_runs_at_once_and_a_busy_one_waits_its_interval(
    marks: Marks, clock: Clock
) -> None:
    marks.mark([A])
    (message,) = marks.claim(1)
    marks.begin(message)
    marks.done(message)
    clock.forward(0.1)
    marks.mark([A])
    assert marks.claim(1) == []
    clock.forward(INTERVAL_S)
    assert len(marks.claim(1)) == 1


def test_the_key_of_a_killed_process_comes_back(
    open_marks: Callable[[], Marks], clock: Clock
) -> None:
    killed, other = open_marks(), open_marks()
    killed.mark([A])
    (lost,) = killed.claim(1)
    killed.begin(lost)
    assert other.claim(1) == []
    clock.forward(LEASE_S + 0.1)
    (again,) = other.claim(1)
    assert (again.key, again.attempt) == (A, 2)


def test_a_process_that_lives_keeps_its_claim(
    open_marks: Callable[[], Marks], clock: Clock
) -> None:
    holder, other = open_marks(), open_marks()
    holder.mark([A])
    holder.claim(1)
    for _ in range(3):
        clock.forward(LEASE_S - 1)
        holder.keep_alive()
    assert other.claim(1) == []


def test_a_living_process_that_abandons_a_claim_loses_it(
    open_marks: Callable[[], Marks], clock: Clock
) -> None:
    holder, other = open_marks(), open_marks()
    holder.mark([A, B])
    claimed = holder.claim(2)
    holder.abandon([message for message in claimed if message.key == A])
    clock.forward(LEASE_S - 1)
    holder.keep_alive()
    clock.forward(2)
    assert [message.key for message in other.claim(2)] == [A]


def test_a_lost_claim_can_neither_begin_nor_be_given_back_nor_acknowledge(
    open_marks: Callable[[], Marks], clock: Clock
) -> None:
    zombie, other = open_marks(), open_marks()
    zombie.mark([A])
    (old,) = zombie.claim(1)
    clock.forward(LEASE_S + 0.1)
    (new,) = other.claim(1)
    other.begin(new)
    assert not zombie.begin(old)
    assert not zombie.retry(old, 0)
    zombie.done(old)
    assert other.stats().dirty == 1


def test_a_retry_is_due_after_its_delay_and_counts_attempts(marks: Marks, clock: Clock) -> None:
    marks.mark([A])
    (message,) = marks.claim(1)
    marks.begin(message)
    assert marks.retry(message, 30)
    assert (marks.claim(1), marks.stats().dirty) == ([], 1)
    clock.forward(30)
    assert marks.claim(1)[0].attempt == 2


def test_who_waits_as_asked_uses_up_no_attempts_and_still_knows_that_it_is_not_the_first(
    marks: Marks, clock: Clock
) -> None:
    marks.mark([A])
    attempts = []
    for _ in range(4):
        (message,) = marks.claim(1)
        attempts.append(message.attempt)
        marks.begin(message)
        marks.retry(message, 30, failed=False)
        clock.forward(30)
    assert attempts == [1, 2, 2, 2]


def test_only_wanted_keys_are_claimed_when_named(marks: Marks) -> None:
    marks.mark([A, B])
    assert [message.key for message in marks.claim(5, [B])] == [B]


def test_a_claim_tells_when_its_oldest_mark_was_made(marks: Marks, clock: Clock) -> None:
    first = clock()
    marks.mark([A])
    clock.forward(3)
    marks.mark([A])
    (message,) = marks.claim(1)
    assert message.marked == first
    marks.begin(message)
    clock.forward(2)
    assert marks.retry(message, 1)
    clock.forward(1)
    assert marks.claim(1)[0].marked == first


def test_a_clean_key_remembers_when_it_was_marked(marks: Marks, clock: Clock) -> None:
    marks.mark([A])
    began = clock()
    (message,) = marks.claim(1)
    marks.begin(message)
    marks.done(message)
    clock.forward(10)
    assert marks.marked_since([A, B], began) == {A}
    assert marks.marked_since([A, B], clock()) == set()
    clock.forward(MEMORY_S + 1)
    marks.sweep()
    assert marks.marked_since([A], began) == set()


def test_the_age_of_the_oldest_mark_is_told(marks: Marks, clock: Clock) -> None:
    marks.mark([A])
    clock.forward(7)
    marks.mark([A, B])
    assert marks.stats().oldest_s == 7


def test_a_mark_brings_a_retry_forward(marks: Marks, clock: Clock) -> None:
    marks.mark([A])
    (message,) = marks.claim(1)
    marks.begin(message)
    assert marks.retry(message, 30)
    clock.forward(INTERVAL_S)
    marks.mark([A])
    assert [message.key for message in marks.claim(1)] == [A]


def test_an_acknowledgement_without_a_run_leaves_the_key_dirty(marks: Marks) -> None:
    marks.mark([A])
    (message,) = marks.claim(1)
    marks.done(message)
    assert marks.waiting([A, B]) == {A}


def test_attempts_are_counted_anew_after_a_success(marks: Marks, clock: Clock) -> None:
    marks.mark([A])
    (message,) = marks.claim(1)
    marks.begin(message)
    assert marks.retry(message, 0)
    (again,) = marks.claim(1)
    marks.begin(again)
    marks.done(again)
    clock.forward(INTERVAL_S)
    marks.mark([A])
    assert marks.claim(1)[0].attempt == 1


def test_many_keys_are_marked_and_found_at_once(marks: Marks, clock: Clock) -> None:
    keys = {Key(KeyKind.TARGET, "account", f"number {n}") for n in range(40)}
    marks.mark(keys)
    assert (marks.waiting(keys | {A}), marks.marked_since(keys, clock())) == (keys, keys)
    assert {message.key for message in marks.claim(100, keys)} == keys


def test_due_keys_are_counted_as_far_as_asked_for(marks: Marks, clock: Clock) -> None:
    marks.mark([A, B])
    assert [marks.due(most) for most in (1, 2, 3)] == [1, 2, 2]
    (message,) = marks.claim(1, [A])
    assert marks.due(3) == 1
    marks.begin(message)
    marks.retry(message, 30)
    assert marks.due(3) == 1
    clock.forward(31)
    assert marks.due(3) == 2


@pytest.mark.parametrize("text", ["شرکت", "a/b", "a#b?c\\d", "a'b", "a%2Fb", "A", " "])
def test_a_key_may_be_spelt_with_any_characters(marks: Marks, text: str) -> None:
    key = Key(KeyKind.EXPAND, "account", text, text)
    marks.mark([key])
    marks.park(key, text, text)
    assert [message.key for message in marks.claim(1, [key])] == [key]
    assert [(p.key, p.part, p.reason) for p in marks.parked()] == [(key, text, text)]
    marks.release([(key, text)])
    assert marks.parked() == []


def test_a_sweep_leaves_what_waits_and_what_a_resync_may_ask_about(
    marks: Marks, clock: Clock
) -> None:
    began = clock()
    marks.mark([A])
    (message,) = marks.claim(1)
    marks.begin(message)
    marks.done(message)
    clock.forward(3600)
    marks.mark([B])
    marks.sweep()
    marks.sweep()
    assert marks.marked_since([A, B], began) == {A, B}
    assert marks.marked_since([A, B], began + 1) == {B}
    assert marks.waiting([A, B]) == {B}
    marks.mark([A])
    assert {message.key for message in marks.claim(2)} == {A, B}
