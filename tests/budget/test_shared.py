"""One budget for all processes: no window over the limit, one pause for all, live first."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradesys.budget.bucket import Limit
from gradesys.marks.protocols import Entry
from tests.budget.several import LIMIT, Process, most_in_a_window, processes
from tests.marks.faulty import Fault

CONCURRENT, EXECUTION = "0x80072326", "0x80072321"
steps = st.tuples(
    st.integers(0, 2),
    st.floats(0, 40),
    st.integers(0, 300),
    st.booleans(),
    st.integers(0, 2),
    st.sampled_from([None, None, None, 0.0, 3.0]),
)


@settings(deadline=None, max_examples=60)
@given(st.integers(60, 600), st.lists(steps, max_size=40))
def test_no_window_is_over_the_limit_whatever_the_interleaving(
    requests: int, moves: list[tuple[int, float, int, bool, int, float | None]]
) -> None:
    several = processes(3, Limit(requests))
    for who, seconds, count, background, other, refused in moves:
        several[who].clock.forward(seconds)
        several[who].ledger.between = partial(several[other].send, 5) if other != who else None
        if refused is not None:
            several[who].refused(refused)
        several[who].send(count, background)
        several[who].ledger.between = None
    sent = [at for process in several for at in process.sent]
    assert most_in_a_window(sent, 300) <= requests


def test_two_draws_at_the_same_time_are_two_draws() -> None:
    first, second = processes(2)
    first.send()
    first.ledger.between = partial(second.send, 9_000)
    first.send(9_000)
    assert len(first.sent) + len(second.sent) <= 2_900


def test_a_burst_goes_at_once_and_then_as_much_as_flows_in() -> None:
    first, second = processes(2)
    assert 2_700 <= first.send(1_000) + second.send(9_000) <= 2_900
    first.clock.forward(60)
    assert first.send(9_000) + second.send(9_000) == 600


def test_a_request_costs_no_write_and_no_read_of_its_own() -> None:
    (process,) = processes(1)
    assert process.send(2_000) == 2_000
    assert process.ledger.calls.count("put") < 20


def test_a_process_that_asks_little_gives_little_up() -> None:
    quiet, busy = processes(2)
    for _ in range(30):
        assert quiet.send() == 1
        quiet.clock.forward(20)
    assert busy.send(9_000) > 2_850


@pytest.mark.parametrize("limit", [LIMIT, None])
def test_a_pause_that_one_is_told_is_kept_by_all_within_a_second(limit: Limit | None) -> None:
    first, second = processes(2, limit)
    assert (first.send(), second.send()) == (1, 1)
    first.refused(30)
    assert first.send() == 0
    first.clock.forward(1)
    assert second.send() == 0
    first.clock.forward(28.9)
    assert (first.send(), second.send()) == (0, 0)
    first.clock.forward(3)
    assert (first.send(), second.send()) == (1, 1)


def test_everybody_waits_for_the_longest_pause() -> None:
    first, second = processes(2, None)
    first.refused(10)
    second.refused(300)
    first.refused(5)
    first.clock.forward(299)
    assert (first.send(), second.send()) == (0, 0)
    first.clock.forward(1)
    assert (first.send(), second.send()) == (1, 1)


def test_a_short_pause_is_waited_for_and_a_long_one_is_told() -> None:
    (process,) = processes(1, None, patience=120.0)
    began = process.clock.now
    process.refused(100)
    assert process.send() == 1
    assert process.clock.now == began + 100
    process.refused(130)
    assert process.send() == 0


def test_a_process_that_starts_during_a_pause_keeps_it() -> None:
    (first,) = processes(1, None)
    first.refused(60)
    later = Process(first.memory, first.clock, None)
    assert later.send() == 0
    first.clock.forward(60)
    assert later.send() == 1


def test_refusals_halve_the_rate_of_all_and_minutes_bring_it_back() -> None:
    first, second = processes(2)
    first.refused(1)
    first.clock.forward(1 + 20)
    assert first.send(9_000) + second.send(9_000) == pytest.approx(20 * 5, abs=2)
    first.clock.forward(300)
    first.send(9_000)
    second.send(9_000)
    first.clock.forward(10)
    assert first.send(9_000) + second.send(9_000) == pytest.approx(10 * 10, abs=2)


@pytest.mark.parametrize(
    ("code", "left"), [(CONCURRENT, 4), (EXECUTION, None), ("0x80072322", None)]
)
def test_fault_02_too_many_at_once_is_halved_for_all_processes(code: str, left: int | None) -> None:
    first, second = processes(2, None)
    assert (first.budget.at_once(), second.budget.at_once()) == (None, None)
    first.refused(1, code)
    second.clock.forward(2)
    second.send()
    assert (first.budget.at_once(), second.budget.at_once()) == (left, left)
    second.clock.forward(120)
    assert second.budget.at_once() == (left + 2 if left else None)


def test_a_pause_for_execution_time_is_kept_by_all_and_then_everything_goes_on_as_before() -> None:
    first, second = processes(2)
    first.refused(290, EXECUTION)
    first.clock.forward(1)
    assert (first.send(), second.send()) == (0, 0)
    first.clock.forward(289)
    assert first.send(9_000) + second.send(9_000) >= 2_700
    assert first.budget.at_once() is None


def test_a_resync_waits_for_a_window_that_a_live_request_calls_too_long() -> None:
    (process,) = processes(1, None, patience=120.0)
    process.refused(300, EXECUTION)
    began = process.clock.now
    assert process.send() == 0
    assert process.send(background=True) == 1
    assert process.clock.now == began + 300
    process.refused(1_000, EXECUTION)
    assert process.send(background=True) == 0


def test_a_429_without_code_or_pause_slows_down_too() -> None:
    (process,) = processes(1)
    process.refused(None, "")
    process.clock.forward(10)
    assert process.send(9_000) == pytest.approx(50, abs=1)


def test_a_resync_leaves_the_last_quarter_to_live_requests() -> None:
    live, resync = processes(2)
    assert resync.send(9_000, background=True) == pytest.approx(2_900 * 3 / 4, abs=200)
    assert live.send(9_000) >= 2_900 / 4 - 200


def test_a_resync_never_starves() -> None:
    live, resync = processes(2, patience=20.0)
    live.send(2_899)
    began = live.clock.now
    assert resync.send(3, background=True) == 3
    assert 10 <= live.clock.now - began <= 40


def down(call: str) -> Fault:
    return Fault.ERROR_BEFORE


def test_without_the_ledger_a_process_goes_on_with_a_part_of_its_own() -> None:
    (process,) = processes(1, plan=down)
    for _ in range(600):
        process.send(100)
        process.clock.forward(1)
    assert 1_200 <= len(process.sent) <= 1_600
    assert most_in_a_window(process.sent, 300) <= LIMIT.requests / 4
    assert len(process.ledger.calls) <= 2 * 600 / 10


def test_without_the_ledger_a_pause_is_kept_by_the_process_that_was_told() -> None:
    (process,) = processes(1, None, plan=down)
    process.refused(5, CONCURRENT)
    assert (process.send(), process.budget.at_once()) == (0, 4)
    process.clock.forward(5)
    assert process.send() == 1


def test_a_ledger_that_answers_again_is_shared_again() -> None:
    trouble = [Fault.ERROR_BEFORE]
    first, second = processes(2, plan=lambda call: trouble[0])
    assert 0 < first.send(9_000) < 100
    trouble[0] = Fault.NONE
    first.clock.forward(10)
    assert first.send(9_000) + second.send(9_000) == 2_900


def test_a_clock_that_is_wrong_stops_nobody() -> None:
    (right,) = processes(1)
    wrong = Process(right.memory, type(right.clock)())
    wrong.clock.forward(600)
    assert wrong.send(9_000) == 2_900
    wrong.refused(30)
    assert right.send() == 0
    for _ in range(40):
        right.clock.forward(1)
        right.send()
    assert len(right.sent) >= 5


def test_an_entry_of_a_newer_version_is_understood() -> None:
    (process,) = processes(1)
    process.send()
    entry = process.memory.entries["budget"]
    process.memory.entries["budget"] = Entry({**entry.value, "unheard": 1}, entry.version)
    process.clock.forward(20)
    assert process.send(50) == 50
