"""recompute: read, compare, write the difference, and read again until nothing differs."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gradesys.changes import Fate
from gradesys.engine import recompute, stale
from gradesys.errors import TemporaryError
from gradesys.records import Scope
from tests.engine.world import CUSTOMERS, NOW, MemoryOrg, rulebook, small_org

MODELS = rulebook(CUSTOMERS).by_table("account")
A1 = Scope("account", ("a1",))


def test_a_changed_record_takes_two_requests_and_an_unchanged_one_takes_one() -> None:
    org = small_org()
    recompute(MODELS, org, A1, NOW)
    assert (org.calls, org.score()) == (["read", "write"], Decimal(10))
    org.calls.clear()
    recompute(MODELS, org, A1, NOW)
    assert org.calls == ["read"]


def test_stale_writes_nothing() -> None:
    org = small_org()
    (result,) = stale(MODELS, org, A1, NOW)
    assert result.change is not None
    assert result.change.values["gs_score"] == Decimal(10)
    assert org.writes == []


def test_a_value_that_went_there_and_back_while_writing_ends_right() -> None:
    """The A-B-A schedule of reliability section 3: an ETag would not see it."""
    org = small_org()
    recompute(MODELS, org, A1, NOW)
    org.pay("i1", 30)

    def change_back(call: str) -> None:
        if call == "write" and org.calls.count("write") == 1:
            org.pay("i1", 10)

    org.before = change_back
    recompute(MODELS, org, A1, NOW)
    assert org.score() == Decimal(10)


def test_a_source_that_changes_during_the_write_is_written_too() -> None:
    org = small_org()
    org.before = lambda call: org.pay("i1", 77) if call == "write" else None
    recompute(MODELS, org, A1, NOW)
    assert org.score() == Decimal(77)


def test_rows_that_never_hold_still_are_tried_again_later() -> None:
    org = small_org()

    def keep_changing(call: str) -> None:
        org.pay("i1", 100 + len(org.calls))

    org.before = keep_changing
    with pytest.raises(TemporaryError, match="kept changing"):
        recompute(MODELS, org, A1, NOW)


def test_a_deleted_record_is_not_created_again() -> None:
    org = small_org()
    org.before = lambda call: org.tables["account"].clear() if call == "write" else None
    report = recompute(MODELS, org, A1, NOW)
    assert report.outcomes["a1"].fate is Fate.GONE
    assert org.tables["account"] == {}


@pytest.mark.parametrize("fate", [Fate.CLOSED, Fate.REFUSED])
def test_a_record_that_refuses_its_write_is_tried_once(fate: Fate) -> None:
    org = small_org()
    org.fates["a1"] = fate
    report = recompute(MODELS, org, A1, NOW)
    assert (report.outcomes["a1"].fate, org.calls) == (fate, ["read", "write"])


def test_a_failed_write_is_for_another_try() -> None:
    org = small_org()
    org.fates["a1"] = Fate.FAILED
    with pytest.raises(TemporaryError, match="said failed"):
        recompute(MODELS, org, A1, NOW)


def test_a_record_outside_the_population_keeps_what_is_stored() -> None:
    org: MemoryOrg = small_org()
    recompute(MODELS, org, A1, NOW)
    org.tables["account"]["a1"]["statecode"] = Decimal(1)
    org.pay("i1", 500)
    recompute(MODELS, org, A1, NOW)
    assert org.score() == Decimal(10)
