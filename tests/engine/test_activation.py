"""Whose rules are in force: the newest have the last word, whoever writes late."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from gradesys.activation import history
from gradesys.engine import Context
from gradesys.errors import TemporaryError
from gradesys.live.handling import HANDLERS, handle
from gradesys.marks.protocols import Message
from gradesys.marks.sqlite import Database
from gradesys.records import Key, KeyKind
from gradesys.resync import Tally, Wish, overdue, resync
from tests.engine.rulesets import NEW, OLD, instance
from tests.engine.world import MemoryOrg, claim_later, small_org, target, work

BY_OLD, BY_NEW = Decimal(10), Decimal(1)


@pytest.fixture
def org() -> MemoryOrg:
    return small_org()


def works(context: Context) -> bool:
    """Whether an instance may handle keys."""
    try:
        context.require_in_force()
    except TemporaryError:
        return False
    return True


def score(context: Context, org: MemoryOrg) -> None:
    """Mark the account and let this instance work for a while."""
    context.marks.mark([target()])
    org.clock.forward(3600)
    work(context)


def quiet(tally: Tally) -> None:
    """No progress is shown."""


def test_rules_that_were_never_active_are_put_in_force_by_whoever_starts_with_them(
    org: MemoryOrg, tmp_path: Path
) -> None:
    old, new = (instance(org, tmp_path, rules) for rules in (OLD, NEW))
    assert (works(old), works(new), works(old)) == (True, True, False)


@pytest.mark.parametrize(
    ("stamp", "edited", "wins"),
    [(-9.0, False, False), (0.0, False, False), (0.1, False, True), (-9.0, True, True)],
)
def test_rules_that_were_active_before_come_back_with_an_edit_or_younger_files(
    org: MemoryOrg, tmp_path: Path, stamp: float, edited: bool, wins: bool
) -> None:
    assert works(instance(org, tmp_path, OLD))
    new = instance(org, tmp_path, NEW)
    assert works(new)
    again = instance(org, tmp_path, OLD, org.clock() + stamp, edited)
    assert (works(again), works(new)) == (wins, not wins)


def test_rules_that_an_edit_brought_back_survive_a_restart_of_the_younger_ones(
    org: MemoryOrg, tmp_path: Path
) -> None:
    assert works(instance(org, tmp_path, OLD, 1.0))
    assert works(instance(org, tmp_path, NEW, 5.0))
    again = instance(org, tmp_path, OLD, 1.0, edited=True)
    assert works(again)
    assert (works(instance(org, tmp_path, NEW, 5.0)), works(again)) == (False, True)


def test_as_many_instances_as_like_have_the_new_rules(org: MemoryOrg, tmp_path: Path) -> None:
    first, second = (instance(org, tmp_path, NEW, stamp) for stamp in (5.0, 9.0))
    assert works(instance(org, tmp_path, OLD, 1.0))
    assert (works(first), works(second), works(first)) == (True, True, True)
    assert not works(instance(org, tmp_path, OLD, 8.0))
    assert [len(activation.changed) for activation in history(first.ledger)] == [2, 1]


def test_an_old_instance_gives_keys_back_and_the_new_one_scores_them(
    org: MemoryOrg, tmp_path: Path
) -> None:
    old, new = (instance(org, tmp_path, rules) for rules in (OLD, NEW))
    assert works(old)
    assert works(new)
    score(old, org)
    assert (org.writes, old.marks.waiting([target()])) == ([], {target()})
    org.clock.forward(10)
    work(new)
    assert (org.score(), new.marks.waiting([target()])) == (BY_NEW, set())


@pytest.mark.parametrize("call", ["read", "write"])
@pytest.mark.parametrize("lease_lost", [False, True])
def test_fault_37_the_new_rules_have_the_last_word_when_the_old_ones_write_late(
    org: MemoryOrg, tmp_path: Path, call: str, lease_lost: bool
) -> None:
    old, new = (instance(org, tmp_path, rules) for rules in (OLD, NEW))
    assert works(old)
    old.marks.mark([target()])
    message = claim_later(old, org)

    def overtaken(reached: str) -> None:
        if reached == call:
            org.before = lambda call: None
            assert works(new)
            if lease_lost:
                org.clock.forward(3600)
                work(new)
                assert org.score() == BY_NEW

    org.before = overtaken
    handle(old, [message], HANDLERS)
    assert org.score() == BY_OLD
    org.clock.forward(3600)
    work(old)
    assert org.score() == BY_OLD
    org.clock.forward(3600)
    work(new)
    assert (org.score(), new.marks.waiting([target()])) == (BY_NEW, set())


def test_whatever_an_old_instance_did_late_is_done_again_though_its_claim_is_lost(
    org: MemoryOrg, tmp_path: Path
) -> None:
    old, new = (instance(org, tmp_path, rules) for rules in (OLD, NEW))
    key, done = Key(KeyKind.RUN, "account", "run"), list[str]()

    def by_new(context: Context, group: Sequence[Message]) -> None:
        done.append("new")

    def by_old(context: Context, group: Sequence[Message]) -> None:
        assert works(new)
        handle(new, [claim_later(new, org)], {KeyKind.RUN: by_new})
        done.append("old")

    old.marks.mark([key])
    handle(old, [claim_later(old, org)], {KeyKind.RUN: by_old})
    handle(new, [claim_later(new, org)], {KeyKind.RUN: by_new})
    assert done == ["new", "old", "new"]


def test_an_old_resync_that_writes_late_leaves_its_rows_to_the_new_rules(
    org: MemoryOrg, tmp_path: Path
) -> None:
    old, new = (instance(org, tmp_path, rules) for rules in (OLD, NEW))

    def overtaken(call: str) -> None:
        if call == "write":
            org.before = lambda call: None
            assert works(new)

    org.before = overtaken
    with pytest.raises(TemporaryError, match="newer rules"):
        resync(old, Wish(), quiet)
    assert (org.score(), new.marks.waiting([target()])) == (BY_OLD, {target()})
    org.clock.forward(3600)
    work(new)
    assert org.score() == BY_NEW


def test_an_old_instance_neither_starts_a_resync_nor_finds_one_due(
    org: MemoryOrg, tmp_path: Path
) -> None:
    old, new = (instance(org, tmp_path, rules) for rules in (OLD, NEW))
    assert works(old)
    resync(old, Wish(), quiet)
    assert overdue(new) == ("customers",)
    resync(new, Wish(), quiet)
    assert overdue(new) == ()
    for attempt in (lambda: resync(old, Wish(), quiet), lambda: overdue(old)):
        with pytest.raises(TemporaryError, match="gradesys activate"):
            attempt()
    assert org.score() == BY_NEW


def test_a_dry_run_puts_nothing_in_force(org: MemoryOrg, tmp_path: Path) -> None:
    old, new = (instance(org, tmp_path, rules) for rules in (OLD, NEW))
    assert works(old)
    resync(new, Wish(dry_run=True), quiet)
    assert (works(old), len(history(old.ledger))) == (True, 1)


def test_rules_that_lost_and_are_put_in_force_again_go_on_working(
    org: MemoryOrg, tmp_path: Path
) -> None:
    old, new = (instance(org, tmp_path, rules) for rules in (OLD, NEW))
    assert works(old)
    assert works(new)
    assert works(instance(org, tmp_path, OLD, edited=True))
    assert (works(old), works(new)) == (True, False)
    seen = history(old.ledger)
    assert [activation.seq for activation in seen] == [1, 2, 3]
    assert seen[0].hash == seen[2].hash != seen[1].hash


def test_after_a_ledger_is_lost_the_next_to_work_puts_its_rules_in_force(
    org: MemoryOrg, tmp_path: Path
) -> None:
    context = instance(org, tmp_path, OLD)
    assert works(context)
    with Database(tmp_path / "work.sqlite").transaction() as connection:
        connection.execute("DELETE FROM ledger")
    assert works(context)
    assert works(context)
    assert [activation.seq for activation in history(context.ledger)] == [1]
