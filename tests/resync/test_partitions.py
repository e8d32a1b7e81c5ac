"""Partitions beside events, duplicates, other runs and processes: nothing is lost or wrong."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal

import pytest

from gradesys.errors import TemporaryError
from gradesys.marks.protocols import LEASE_S, Message
from gradesys.records import Key, KeyKind
from gradesys.resync import (
    Order,
    Run,
    Wish,
    clear,
    heal,
    prune,
    run_partition,
    runs,
    share,
    start_run,
    tick,
)
from gradesys.resync.keeping import KEPT_S
from gradesys.resync.run import place_of
from gradesys.resync.standing import DEAD_S
from tests.engine.world import CUSTOMERS, NOW, ORDERS, target
from tests.resync.aged import FIRST, House, add_account

pytestmark = pytest.mark.usefixtures("small")


def begun(house: House, *models: str) -> Run:
    """A run whose partitions nobody has taken yet."""
    return start_run(house.process(), Order("test", models))


def message(run: Run, number: int) -> Message:
    return Message(run.key(number), 1, "token")


def on_write(house: House, number: int, action: object) -> None:
    """Do something once, ahead of a write."""
    writes = 0

    def before(call: str) -> None:
        nonlocal writes
        writes += call == "write"
        if call == "write" and writes == number:
            assert callable(action)
            action()

    house.org.before = before


def test_several_partitions_give_what_one_gives_and_a_second_run_writes_nothing() -> None:
    house = House()
    ended = house.resync()
    assert (ended.written, ended.read, house.scores()) == (30, 30, house.due())
    again = house.resync()
    assert (again.written, again.read) == (0, 30)


def test_rows_are_written_in_the_order_of_ids() -> None:
    house = House()
    run = begun(house)
    run_partition(house.process(), message(run, 1))
    ids = [change.id for change in house.org.writes]
    assert ids == sorted(ids)


def test_a_partition_that_comes_twice_is_done_once() -> None:
    house = House()
    run = begun(house)
    for _ in range(2):
        run_partition(house.process(), message(run, 0))
    assert len(house.org.writes) <= 10
    house.work()
    assert (len(house.org.writes), house.scores()) == (30, house.due())


def test_a_worker_whose_partition_was_taken_over_stops_and_leaves_the_last_word() -> None:
    """Its one chunk that was under way is marked: only the live path knows what is right."""
    house = House()
    run = begun(house)
    on_write(house, 2, lambda: run_partition(house.process(), message(run, 0)))
    run_partition(house.process(), message(run, 0))
    assert len(house.org.writes) <= 10 + 3
    assert len(house.process().marks.waiting([target(id) for id in house.scores()])) == 3
    house.work()
    assert house.scores() == house.due()


def test_a_run_that_overlaps_takes_over_with_what_was_not_finished() -> None:
    house = House(texts=(CUSTOMERS, ORDERS))
    old = begun(house)
    new = begun(house, "orders")
    states = {run.id: run.state for run in runs(house.process().ledger)}
    assert states == {old.id: "superseded", new.id: "running"}
    assert new.left == {"customers", "orders"}
    run_partition(house.process(), message(old, 0))
    assert house.org.writes == []
    house.work()
    assert house.scores() == house.due()


def test_a_run_of_other_models_goes_on_beside_it() -> None:
    house = House(texts=(CUSTOMERS, ORDERS))
    begun(house, "customers")
    begun(house, "orders")
    assert [run.state for run in runs(house.process().ledger)] == ["running"] * 2


def test_an_event_during_a_chunk_has_the_last_word() -> None:
    house = House()
    run = begun(house)

    def pay() -> None:
        house.org.pay("ia00", 99)
        house.process().marks.mark([target("a00")])

    on_write(house, 1, pay)
    for number in range(len(run.spans)):
        run_partition(house.process(), message(run, number))
    house.work()
    assert house.scores() == house.due() | {"a00": Decimal(99)}


def test_a_record_deleted_meanwhile_is_skipped_and_a_new_one_left_to_its_event() -> None:
    house = House()
    run = begun(house)

    def disturb() -> None:
        del house.org.tables["account"]["a09"]
        add_account(house.org, "a99", FIRST + timedelta(days=999), 7)

    on_write(house, 1, disturb)
    house.work()
    (ended,) = runs(house.process().ledger)
    assert (ended.state, ended.id) == ("done", run.id)
    assert house.scores() == house.due() | {"a99": house.scores()["a99"]}


def test_the_tick_leaves_a_living_run_alone_and_takes_over_from_a_dead_one() -> None:
    house = House()
    old = begun(house)
    assert tick(house.process()) is None
    house.org.clock.forward(DEAD_S + 1)
    new = tick(house.process())
    assert new is not None
    assert [run.state for run in runs(house.process().ledger)] == ["superseded", "running"]
    assert old.id != new.id


def test_the_tick_takes_over_when_the_day_has_moved_on() -> None:
    house = House()
    begun(house)
    house.now += timedelta(days=1)
    assert tick(house.process()) is not None


def test_a_lost_mark_is_found_and_so_is_a_lost_handover() -> None:
    """Of a run whose partitions are all done nobody has planned the next pass."""
    house = House(texts=(CUSTOMERS, ORDERS))
    begun(house)
    house.memory.marks.clear()
    assert heal(house.process()) > 0
    house.work()
    assert {run.state for run in runs(house.process().ledger)} == {"done"}


def test_clearing_ends_a_run_and_its_workers_write_no_more() -> None:
    house = House()
    run = begun(house)
    on_write(house, 2, lambda: clear(house.process()))
    run_partition(house.process(), message(run, 0))
    written = len(house.org.writes)
    assert written <= 2 * 3
    house.work()
    keys = set(run.keys)
    assert house.process().marks.waiting(keys) == set()
    assert [run.state for run in runs(house.process().ledger)] == ["abandoned"]
    assert house.resync().state == "done"
    assert house.scores() == house.due()


def test_an_outage_keeps_the_partition_and_its_cursor(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House()
    run = begun(house)

    def refuse() -> None:
        raise TemporaryError("503")

    on_write(house, 2, refuse)
    with pytest.raises(TemporaryError):
        run_partition(house.process(), message(run, 0))
    assert len(house.org.writes) == 3
    house.org.before = lambda call: None
    house.work()
    assert (len(house.org.writes), house.scores()) == (30, house.due())


def test_a_run_of_rules_that_are_no_longer_in_force_is_begun_anew() -> None:
    """What it has written by the old rules would otherwise stay."""
    house = House()
    run = begun(house)
    run_partition(house.process(), message(run, 0))
    house.texts = (CUSTOMERS.replace("op: sum", "op: count").replace(", column: totalamount", ""),)
    house.work()
    states = {each.id == run.id: each.state for each in runs(house.process().ledger)}
    assert states == {True: "superseded", False: "done"}
    assert set(house.scores().values()) == {Decimal(1)}


def test_a_run_of_models_that_are_gone_ends() -> None:
    house = House(texts=(CUSTOMERS, ORDERS))
    run = begun(house, "orders")
    house.texts = (CUSTOMERS,)
    run_partition(house.process(), message(run, 0))
    assert [each.state for each in runs(house.process().ledger)] == ["abandoned"]


def test_no_more_partitions_are_under_way_in_a_process_than_it_has_places(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(share, "_places", threading.BoundedSemaphore(2))
    house = House()
    run = begun(house)
    refused: list[str] = []

    def third() -> None:
        try:
            run_partition(house.process(), message(run, 2))
        except TemporaryError as error:
            refused.append(str(error))

    def second() -> None:
        on_write(house, 1, third)
        run_partition(house.process(), message(run, 1))

    on_write(house, 1, second)
    run_partition(house.process(), message(run, 0))
    assert refused == ["enough partitions are under way here"]


@pytest.mark.parametrize(("number", "seconds"), [(0, 5), (15, 5), (16, 10), (204, 10)])
def test_a_partition_whose_turn_is_later_is_offered_again_later(
    monkeypatch: pytest.MonkeyPatch, number: int, seconds: int
) -> None:
    monkeypatch.setattr(share, "_places", threading.BoundedSemaphore(1))
    with (
        share.one_place(0),
        pytest.raises(TemporaryError, match="enough") as refused,
        share.one_place(number),
    ):
        pass
    assert refused.value.retry_after == seconds


def test_runs_of_long_ago_are_forgotten_with_their_partitions() -> None:
    house = House()
    house.resync()
    context = house.process()
    assert prune(context) == 0
    house.org.clock.forward(KEPT_S + 1)
    assert prune(context) == 1
    assert context.ledger.list("run/") == context.ledger.list("part/") == {}
    assert context.ledger.get("finished/customers").value != {}


def test_a_driver_goes_on_when_another_process_holds_a_partition() -> None:
    house = House()
    begun(house)
    other = house.process()
    assert len(other.marks.claim(1)) == 1
    house.org.clock.forward(LEASE_S / 2)
    ended = house.resume()
    assert ended is not None
    assert (ended.state, house.scores()) == ("done", house.due())


def test_a_partitions_key_names_its_pass_and_number() -> None:
    key = Key(KeyKind.PARTITION, "account", "r", "2/14")
    assert place_of(key) == (2, 14)


def test_a_resync_of_yesterday_can_be_resumed_and_scores_as_of_then() -> None:
    house = House()
    start_run(house.process(), Order("test", as_of=NOW - timedelta(days=1)))
    ended = house.resume()
    assert ended is not None
    (run,) = runs(house.process().ledger)
    assert run.as_of == NOW - timedelta(days=1)
    assert house.resync(Wish()).state == "done"
