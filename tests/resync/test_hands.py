"""Partitions side by side in one process: they do overlap, and none is lost where one fails."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from gradesys.engine import Context
from gradesys.errors import PermanentError
from gradesys.marks.sqlite import Database
from gradesys.marks.sqlite_ledger import SqliteLedger
from gradesys.marks.sqlite_marks import SqliteMarks
from gradesys.resync import Order, Run, Wish, resync, share, start_run
from gradesys.resync.hands import work_open
from gradesys.resync.part import parts_of
from gradesys.span import WHOLE
from tests.resync.aged import House, quiet

PATIENCE_S = 30.0


@pytest.fixture
def house(small: None, monkeypatch: pytest.MonkeyPatch) -> House:
    """Thirty accounts in four partitions or less, three of them in hand at once."""
    monkeypatch.setattr(share, "AT_ONCE", 3)
    monkeypatch.setattr(share, "AT_RISK", 9)
    return House()


@pytest.fixture
def context(house: House, tmp_path: Path) -> Context:
    """A process whose marks several threads may use."""
    database = Database(tmp_path / "work.sqlite")
    marks, ledger = SqliteMarks(database, house.org.clock), SqliteLedger(database)
    return replace(house.process(), marks=marks, ledger=ledger)


def before_each_write(house: House, action: Callable[[int], None]) -> None:
    """Do something ahead of each write, told its number."""
    numbers = iter(range(1, 1000))
    lock = threading.Lock()

    def before(call: str) -> None:
        if call == "write":
            with lock:
                number = next(numbers)
            action(number)

    house.org.before = before


def test_three_partitions_are_written_at_the_same_time(house: House, context: Context) -> None:
    together = threading.Barrier(3)

    def meet(number: int) -> None:
        if number <= 3:
            together.wait(PATIENCE_S)

    before_each_write(house, meet)
    ended = resync(context, Wish(), quiet, house.org.clock.forward)
    assert (ended.written, house.scores()) == (30, house.due())


@pytest.mark.parametrize("failing", [1, 2, 3, 5])
def test_an_error_of_any_hand_is_raised_and_nothing_is_lost(
    house: House, context: Context, failing: int
) -> None:
    def fail(number: int) -> None:
        if number == failing:
            raise PermanentError("no")

    before_each_write(house, fail)
    with pytest.raises(PermanentError, match="no"):
        resync(context, Wish(), quiet, house.org.clock.forward)
    house.org.before = lambda call: None
    ended = resync(context, Wish(), quiet, house.org.clock.forward)
    assert (ended.failed, house.scores()) == (0, house.due())


def test_what_hands_had_is_given_back_at_once(house: House, context: Context) -> None:
    run = start_run(context, Order("test"))
    before_each_write(house, lambda number: pytest.fail("stopped"))
    with pytest.raises(pytest.fail.Exception):
        work_open(context, run, lambda: None)
    assert given_back(context, run)


def test_an_interrupted_command_leaves_its_partitions_to_whoever_goes_on(
    house: House, context: Context
) -> None:
    run = start_run(context, Order("test"))

    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work_open(context, run, interrupt)
    assert given_back(context, run)


def given_back(context: Context, run: Run) -> bool:
    """Whether every partition that is not done can be claimed now."""
    done = {number for number, part in parts_of(context.ledger, run).items() if part.done}
    claimed = {message.key for message in context.marks.claim(10, frozenset(run.keys))}
    return claimed == {run.key(number) for number in range(len(run.spans)) if number not in done}


def test_one_call_works_on_every_partition_that_waits(house: House, context: Context) -> None:
    run = start_run(context, Order("test"))
    assert work_open(context, run, lambda: None) == len(run.spans) > 2
    assert house.scores() == house.due()


@pytest.mark.parametrize(("spans", "hands", "rows"), [(1, 1, 9), (2, 2, 4), (3, 3, 3), (40, 3, 3)])
def test_fewer_partitions_write_larger_chunks(
    house: House, context: Context, spans: int, hands: int, rows: int
) -> None:
    run = replace(start_run(context, Order("test")), spans=(WHOLE,) * spans)
    assert (share.hands(run), share.chunk_rows(run)) == (hands, rows)
