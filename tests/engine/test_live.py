"""From an event to a stored score: what is marked, read, retried and parked."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from gradesys.changes import Fate
from gradesys.errors import TemporaryError
from gradesys.live.handling import HANDLERS, delay_of, handle, receive
from gradesys.records import Event, Key, KeyKind, Ref
from tests.engine.world import (
    CUSTOMERS,
    ORDERS,
    claim_later,
    context_of,
    small_org,
    target,
    work,
)

A1, A2 = Ref("account", "a1"), Ref("account", "a2")
MOVED = {"customerid": A2}
EXPAND = Key(KeyKind.EXPAND, "account", "a1", "down salesorder customerid")
RESOLVE = Key(KeyKind.RESOLVE, "invoice", "i1")
MONEY = CUSTOMERS.replace("{score: gs_score, grade: gs_grade}", "{score: gs_score}")
STATES = """
schema: gradesys/v1
id: states
table: account
indicators: {state: {type: column, column: statecode}}
grades: {bands: [{grade: B, min: 1}, {grade: A}]}
output: {grade: gs_grade}
"""
Refs = Mapping[str, Ref | None]


@pytest.mark.parametrize(
    ("told", "keys"),
    [
        (("Create", None, {"customerid": A1}, None), {target()}),
        (("Update", {"customerid": A1}, {}, {"totalamount"}), {target()}),
        (("Update", {"customerid": A1}, MOVED, {"customerid"}), {target(), target("a2")}),
        (("Update", {"customerid": A1}, {"customerid": None}, {"customerid"}), {target()}),
        (("Update", {"customerid": A1}, {}, {"description"}), set()),
        (("Update", None, {}, {"totalamount"}), {RESOLVE}),
        (("Delete", {"customerid": A1}, None, None), {target()}),
        (("Delete", None, None, None), set()),
    ],
)
def test_an_event_marks_every_side_it_may_have_changed(
    tmp_path: Path, told: tuple[str, Refs | None, Refs | None, set[str] | None], keys: set[Key]
) -> None:
    message, before, after, changed = told
    context = context_of(small_org(), tmp_path)
    columns = None if changed is None else frozenset(changed)
    event = Event(message, "invoice", "i1", "", before=before, after=after, changed=columns)
    assert receive(context, event) == keys
    assert context.marks.waiting(keys | {target("other")}) == keys


def test_an_event_of_a_table_that_no_rule_reads_marks_nothing(tmp_path: Path) -> None:
    context = context_of(small_org(), tmp_path)
    assert receive(context, Event("Update", "lead", "l1", "")) == frozenset()


def test_a_score_that_others_read_reaches_them(tmp_path: Path) -> None:
    org = small_org()
    context = context_of(org, tmp_path)
    context.marks.mark([target()])
    work(context)
    assert org.score() == Decimal(10)
    assert org.tables["salesorder"]["o1"]["gs_score"] == Decimal(10)
    assert context.marks.stats().dirty == 0


def test_an_unchanged_score_wakes_nobody(tmp_path: Path) -> None:
    org = small_org()
    context = context_of(org, tmp_path)
    context.marks.mark([target()])
    work(context)
    org.calls.clear()
    context.marks.mark([target("a1")])
    message = claim_later(context, org)
    handle(context, [message], HANDLERS)
    assert org.calls == ["read"]
    assert context.marks.waiting([EXPAND]) == set()


def test_a_retry_marks_the_dependants_whatever_it_finds(tmp_path: Path) -> None:
    """The first attempt may have died between its write and its marks."""
    org = small_org()
    context = context_of(org, tmp_path, CUSTOMERS, ORDERS)
    org.tables["account"]["a1"].update(gs_score=Decimal(10), gs_grade="B")
    context.marks.mark([target()])
    (first,) = context.marks.claim(1)
    context.marks.begin(first)
    context.marks.retry(first, 0)
    (second,) = context.marks.claim(1)
    handle(context, [second], HANDLERS)
    assert context.marks.waiting([EXPAND]) == {EXPAND}


def test_a_row_whose_parent_was_not_told_is_looked_up(tmp_path: Path) -> None:
    org = small_org()
    context = context_of(org, tmp_path)
    context.marks.mark([RESOLVE])
    work(context)
    assert org.score() == Decimal(10)


def test_trouble_for_now_gives_the_key_back(tmp_path: Path) -> None:
    org = small_org()
    context = context_of(org, tmp_path)
    org.fates["a1"] = Fate.FAILED
    context.marks.mark([target()])
    work(context, rounds=1)
    stats = context.marks.stats()
    assert (stats.dirty, stats.parked) == (1, 0)


def test_a_refused_write_is_parked_and_released_when_it_works_again(tmp_path: Path) -> None:
    org = small_org()
    context = context_of(org, tmp_path, CUSTOMERS)
    org.fates["a1"] = Fate.REFUSED
    context.marks.mark([target()])
    work(context)
    assert [(p.key, p.reason) for p in context.marks.parked()] == [(target(), "said refused")]
    org.fates.clear()
    context.marks.mark([target()])
    message = claim_later(context, org)
    handle(context, [message], HANDLERS)
    assert (context.marks.parked(), org.score()) == ([], Decimal(10))


def test_a_closed_record_is_skipped(tmp_path: Path) -> None:
    org = small_org()
    context = context_of(org, tmp_path, CUSTOMERS)
    org.fates["a1"] = Fate.CLOSED
    context.marks.mark([target()])
    work(context)
    assert (context.marks.stats().dirty, context.marks.parked()) == (0, [])


def test_fault_07_a_model_that_may_not_read_its_table_is_parked_alone(tmp_path: Path) -> None:
    org = small_org()
    org.forbidden.add("invoice")
    context = context_of(org, tmp_path, MONEY, STATES)
    context.marks.mark([target()])
    work(context)
    assert [(p.part, p.reason) for p in context.marks.parked()] == [
        ("customers", "no privilege to read invoice")
    ]
    assert org.tables["account"]["a1"]["gs_grade"] == "A"


def test_fault_22_an_unknown_failure_is_parked_after_some_attempts(tmp_path: Path) -> None:
    org = small_org()
    context = context_of(org, tmp_path)

    def broken(_context: object, _message: object) -> None:
        raise ZeroDivisionError

    context.marks.mark([target()])
    for _ in range(8):
        message = claim_later(context, org)
        handle(context, [message], {KeyKind.TARGET: broken})
    assert [p.reason for p in context.marks.parked()] == ["internal error: ZeroDivisionError"]
    assert context.marks.stats().dirty == 0


def test_waiting_as_dataverse_asked_uses_up_no_attempts(tmp_path: Path) -> None:
    org = small_org()
    context = context_of(org, tmp_path)

    def fails(error: Exception) -> None:
        def handler(_context: object, _group: object) -> None:
            raise error

        handle(context, [claim_later(context, org)], {KeyKind.TARGET: handler})

    context.marks.mark([target()])
    for _ in range(20):
        fails(TemporaryError("a pause", retry_after=5))
    fails(ZeroDivisionError())
    assert (context.marks.parked(), context.marks.stats().dirty) == ([], 1)


def test_delays_grow_and_are_capped() -> None:
    assert [delay_of(n) for n in (1, 2, 3, 20)] == [1.0, 2.0, 4.0, 15.0]


def test_a_server_that_says_how_long_to_wait_is_obeyed(tmp_path: Path) -> None:
    org = small_org()
    context = context_of(org, tmp_path)

    def throttled(call: str) -> None:
        raise TemporaryError("429", retry_after=3600)

    org.before = throttled
    context.marks.mark([target()])
    work(context, rounds=3)
    assert org.calls == []
    assert context.marks.stats().dirty == 1
