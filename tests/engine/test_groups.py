"""Keys that are handled together: what it costs, and that one of them harms no other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from gradesys.changes import Fate
from gradesys.engine import Context
from gradesys.errors import PermanentError, TemporaryError
from gradesys.live.backlog import MANY, claim_some, grouped
from gradesys.live.handling import HANDLERS, handle
from gradesys.marks.protocols import LEASE_S, Ledger, Marks, Message
from gradesys.marks.sqlite import Database
from gradesys.marks.sqlite_ledger import SqliteLedger
from gradesys.marks.sqlite_marks import SqliteMarks
from gradesys.records import Key, KeyKind, Ref
from tests.engine.world import (
    CUSTOMERS,
    NOW,
    ORDERS,
    Cells,
    MemoryOrg,
    rulebook,
    small_org,
    target,
)
from tests.marks.faulty import Fault, FaultyLedger, FaultyMarks, Memory

DOWN = "down salesorder customerid"


@dataclass
class Line:
    """An org of many accounts, each with one paid invoice and one order, and its marks."""

    org: MemoryOrg
    context: Context

    @property
    def marks(self) -> Marks:
        return self.context.marks

    def claimed(self, *ids: str) -> list[Message]:
        keys = [target(id) for id in ids or self.ids()]
        self.marks.mark(keys)
        return self.marks.claim(len(keys), keys)

    def ids(self) -> list[str]:
        return list(self.org.tables["account"])

    def handle(self, group: list[Message]) -> None:
        handle(self.context, group, HANDLERS)

    def scores(self) -> list[object]:
        return [row["gs_score"] for row in self.org.tables["account"].values()]


def many_accounts(count: int) -> MemoryOrg:
    org = small_org()
    for number in range(2, count + 1):
        id, owner = f"a{number}", Ref("account", f"a{number}")
        account: Cells = {
            "accountid": id,
            "statecode": Decimal(0),
            "gs_score": None,
            "gs_grade": None,
        }
        org.tables["account"][id] = account
        invoice: Cells = {"invoiceid": f"i{number}", "customerid": owner, "statecode": Decimal(2)}
        org.tables["invoice"][f"i{number}"] = {**invoice, "totalamount": Decimal(10)}
        order: Cells = {"salesorderid": f"o{number}", "customerid": owner, "gs_score": None}
        org.tables["salesorder"][f"o{number}"] = order
    return org


def stores(kind: str, folder: Path, org: MemoryOrg) -> tuple[Marks, Ledger]:
    if kind == "memory":
        memory = Memory()
        return FaultyMarks(memory, org.clock), FaultyLedger(memory)
    database = Database(folder / "work.sqlite")
    return SqliteMarks(database, org.clock), SqliteLedger(database)


@pytest.fixture(params=["sqlite", "memory"])
def line(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Line]:
    org = many_accounts(12)
    marks, ledger = stores(request.param, tmp_path, org)
    yield Line(org, Context(rulebook(CUSTOMERS, ORDERS), org, marks, ledger, lambda: NOW))


def test_a_group_takes_one_reading_and_one_write(line: Line) -> None:
    line.handle(line.claimed())
    assert line.org.calls == ["read", "write"]
    assert line.scores() == [Decimal(10)] * 12
    assert line.marks.waiting([target(id) for id in line.ids()]) == set()


def test_a_group_marks_the_dependants_of_every_record_that_it_wrote(line: Line) -> None:
    line.org.tables["account"]["a2"].update(gs_score=Decimal(10), gs_grade="B")
    line.handle(line.claimed())
    expected = {Key(KeyKind.EXPAND, "account", id, DOWN) for id in line.ids() if id != "a2"}
    assert line.marks.waiting([*expected, Key(KeyKind.EXPAND, "account", "a2", DOWN)]) == expected


def test_of_a_group_only_retried_keys_mark_dependants_whatever_they_find(line: Line) -> None:
    for row in line.org.tables["account"].values():
        row.update(gs_score=Decimal(10), gs_grade="B")
    (first,) = line.claimed("a1")
    line.marks.retry(first, 0)
    line.handle(line.claimed())
    every = [Key(KeyKind.EXPAND, "account", id, DOWN) for id in line.ids()]
    assert line.marks.waiting(every) == {Key(KeyKind.EXPAND, "account", "a1", DOWN)}


def test_every_mark_of_a_group_is_cleared_before_the_first_read(line: Line) -> None:
    def mark_again(call: str) -> None:
        line.org.before = lambda call: None
        line.org.pay("i7", 90)
        line.marks.mark([target("a7")])

    line.org.before = mark_again
    line.handle(line.claimed())
    assert line.marks.waiting([target(id) for id in line.ids()]) == {target("a7")}


def test_a_lost_claim_drops_only_its_own_key(line: Line) -> None:
    group = line.claimed()
    line.org.clock.forward(LEASE_S + 1)
    (stolen,) = line.marks.claim(1, [target("a3")])
    line.handle(group)
    assert line.org.score("a3") is None
    assert line.scores().count(Decimal(10)) == 11
    line.handle([stolen])
    assert line.org.score("a3") == Decimal(10)


def test_a_row_that_changes_during_the_run_is_read_and_written_again_alone(line: Line) -> None:
    def disturb(call: str) -> None:
        if call == "write":
            line.org.before = lambda call: None
            line.org.pay("i5", 70)

    line.org.before = disturb
    line.handle(line.claimed())
    assert line.org.score("a5") == Decimal(70)
    assert [change.id for change in line.org.writes[12:]] == ["a5"]


def test_a_refused_row_parks_alone(line: Line) -> None:
    line.org.fates["a4"] = Fate.REFUSED
    line.handle(line.claimed())
    assert [item.key for item in line.marks.parked()] == [target("a4")]
    assert line.scores().count(Decimal(10)) == 11
    assert line.marks.waiting([target(id) for id in line.ids()]) == set()


def test_a_row_that_fails_for_now_is_given_back_alone(line: Line) -> None:
    line.org.fates["a4"] = Fate.FAILED
    line.handle(line.claimed())
    assert line.marks.waiting([target(id) for id in line.ids()]) == {target("a4")}


def test_what_one_row_alone_brings_about_is_found_by_trying_each(line: Line) -> None:
    """Something that no answer of Dataverse tells: a row that breaks the reading of all."""
    readings: list[str] = []

    def break_first(call: str) -> None:
        readings.append(call)
        if len(readings) == 1:
            raise PermanentError("no such answer")

    line.org.before = break_first
    line.handle(line.claimed())
    assert line.scores() == [Decimal(10)] * 12
    assert line.marks.waiting([target(id) for id in line.ids()]) == set()


def test_while_nothing_answers_only_one_more_is_asked_before_all_are_given_back(
    line: Line,
) -> None:
    asked: list[str] = []

    def silence(call: str) -> None:
        asked.append(call)
        raise TemporaryError("no answer", retry_after=30)

    line.org.before = silence
    line.handle(line.claimed())
    keys = [target(id) for id in line.ids()]
    assert (len(asked), line.marks.waiting(keys)) == (2, set(keys))
    line.org.clock.forward(29)
    assert line.marks.claim(20) == []
    line.org.clock.forward(2)
    assert len(line.marks.claim(20)) == 12


def test_rows_are_expanded_together(line: Line) -> None:
    keys = [Key(KeyKind.EXPAND, "account", id, DOWN) for id in line.ids()]
    line.marks.mark(keys)
    line.handle(line.marks.claim(20))
    orders = [target(id, "salesorder") for id in line.org.tables["salesorder"]]
    assert (line.org.calls, line.marks.waiting([*keys, *orders])) == (["read"], set(orders))


def test_few_due_keys_are_claimed_one_by_one_and_many_at_once(line: Line) -> None:
    line.marks.mark([target(f"b{number}") for number in range(MANY - 1)])
    assert len(claim_some(line.marks)) == 1
    line.marks.mark([target(f"c{number}") for number in range(150)])
    assert len(claim_some(line.marks)) == 100


def test_one_named_key_comes_first_and_takes_others_along_where_many_wait(line: Line) -> None:
    line.marks.mark([target(f"b{number}") for number in range(80)])
    claimed = claim_some(line.marks, [target("b70")])
    assert (claimed[0].key, len(claimed)) == (target("b70"), 80)


def test_of_several_named_keys_no_other_is_taken(line: Line) -> None:
    wanted = [target(f"b{number}") for number in range(5)]
    line.marks.mark([target(f"b{number}") for number in range(80)])
    assert {message.key for message in claim_some(line.marks, wanted)} == set(wanted)


def test_groups_hold_one_table_and_one_way_and_a_press_comes_last_and_alone() -> None:
    keys = [
        Key(KeyKind.RUN, "account", "r1"),
        Key(KeyKind.EXPAND, "account", "a1", DOWN),
        target("a1"),
        Key(KeyKind.RUN, "account", "r2"),
        target("o1", "salesorder"),
        target("a2"),
        Key(KeyKind.EXPAND, "account", "a2", "up contact parentid"),
    ]
    groups = grouped([Message(key, 1, "") for key in keys])
    assert [[keys.index(message.key) for message in group] for group in groups] == [
        [2, 5],
        [4],
        [1],
        [6],
        [0],
        [3],
    ]


@pytest.mark.parametrize("fault", [Fault.ERROR_BEFORE, Fault.ERROR_AFTER])
@pytest.mark.parametrize("call", ["begin", "done", "mark"])
def test_trouble_of_the_store_in_the_middle_of_a_group_loses_nothing(
    call: str, fault: Fault
) -> None:
    org, memory = many_accounts(12), Memory()
    ledger = FaultyLedger(memory)
    calm = FaultyMarks(memory, org.clock)
    calm.mark([target(id) for id in org.tables["account"]])
    faults = iter([Fault.NONE] * 4 + [fault])
    marks = FaultyMarks(
        memory, org.clock, lambda c: next(faults, Fault.NONE) if c == call else Fault.NONE
    )
    line = Line(org, Context(rulebook(CUSTOMERS, ORDERS), org, marks, ledger, lambda: NOW))
    for _ in range(200):
        org.clock.forward(5)
        claimed = marks.claim(20)
        try:
            for group in grouped(claimed):
                line.handle(group)
        except Exception as error:
            assert type(error).__name__ == "StoreError"
        marks.abandon(claimed)
        marks.keep_alive()
        if not calm.stats().dirty:
            break
    assert calm.stats().dirty == 0
    assert {row["gs_score"] for row in org.tables["salesorder"].values()} == {Decimal(10)}


def test_of_a_backlog_presses_and_partitions_are_left_to_other_workers(line: Line) -> None:
    alone = {Key(kind, "account", "r1") for kind in (KeyKind.RUN, KeyKind.PARTITION)}
    together = {target(f"a{number}") for number in range(MANY)}
    line.marks.mark(together)
    line.org.clock.forward(1)
    line.marks.mark(alone)
    assert {message.key for message in claim_some(line.marks)} == together
    others = [claim_some(line.marks) for _ in range(3)]
    assert {message.key for claimed in others for message in claimed} == alone
    assert others[2] == []


def test_whoever_claims_a_partition_claims_nothing_else(line: Line) -> None:
    line.marks.mark({Key(KeyKind.PARTITION, "account", "r", f"0/{n}") for n in range(2 * MANY)})
    assert len(claim_some(line.marks)) == 1
