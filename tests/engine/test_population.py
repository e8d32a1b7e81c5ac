"""Cut points: a resync measures them, everybody else applies them, until the next one."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from gradesys.engine import Context
from gradesys.errors import TemporaryError
from gradesys.records import Ref, Value
from gradesys.resync import MANY, Tally, Wish, overdue, resync
from gradesys.rules.cutpoints import Cutpoints
from gradesys.rules.model import RuleModel
from gradesys.statistics import store_cuts, stored_cuts
from tests.engine.world import NOW, MemoryOrg, context_of, small_org, target, work
from tests.oracle.evaluate import Oracle
from tests.oracle.loading import load
from tests.oracle.world import World

RANKED = """
schema: gradesys/v1
id: ranked
table: account
population: {statecode: 0}
indicators:
  paid: {type: aggregate, of: invoice, lookup: customerid, op: sum, column: totalamount,
         filter: {statecode: 2}, points: {quantiles: 4, points: [1, 2, 3, 4]}}
grades: {bands: [{grade: A, top_percent: 20}, {grade: B, top_percent: 55}, {grade: C}]}
output: {score: gs_score, grade: gs_grade}
"""
LOOSER = RANKED.replace("top_percent: 20", "top_percent: 40")


def quiet(tally: Tally) -> None:
    """Listen to no progress."""


def ten() -> MemoryOrg:
    """Accounts a0 to a9 that paid 0, 10, .. 90, and a closed one that paid most."""
    org = small_org()
    org.tables["account"], org.tables["invoice"] = {}, {}
    for place in range(11):
        account, state = f"a{place}", Decimal(place == 10)
        blank: dict[str, Value] = {"gs_score": None, "gs_grade": None}
        org.tables["account"][account] = {"accountid": account, "statecode": state, **blank}
        org.tables["invoice"][f"i{place}"] = {
            "invoiceid": f"i{place}",
            "customerid": Ref("account", account),
            "statecode": Decimal(2),
            "totalamount": Decimal(10 * place),
        }
    return org


def shown(org: MemoryOrg) -> dict[str, tuple[Value, Value]]:
    rows = org.tables["account"].items()
    return {id: (row["gs_score"], row["gs_grade"]) for id, row in rows}


def expected(org: MemoryOrg, cuts: dict[str, Any] | None) -> dict[str, tuple[Value, Value]]:
    """What the independent evaluator shows of the org's rows under these cut points."""
    invoices = [
        {**row, "customerid": str(row["invoiceid"]).replace("i", "a"), "customerid@type": "account"}
        for row in org.tables["invoice"].values()
    ]
    tables = {"account": list(org.tables["account"].values()), "invoice": invoices}
    oracle = Oracle(load(RANKED), World(tables, {}), NOW, cuts)
    results = {id: oracle.evaluate(id) for id in org.tables["account"]}
    return {id: (found.score, found.grade) for id, found in results.items()}


def rescore_all(context: Context, org: MemoryOrg) -> None:
    """Every account as a webhook would."""
    org.clock.forward(10)
    context.marks.mark([target(id) for id in org.tables["account"]])
    work(context)


def test_a_resync_grades_by_rank_as_the_oracle_does_and_reads_the_table_once(
    tmp_path: Path,
) -> None:
    org = ten()
    resync(context_of(org, tmp_path, RANKED), Wish(), quiet)
    assert org.calls.count("read") == 1
    assert shown(org) == expected(org, None)
    assert [shown(org)[id][1] for id in ("a0", "a9", "a10")] == ["C", "A", None]


def test_live_runs_change_nothing_after_a_resync(tmp_path: Path) -> None:
    org = ten()
    context = context_of(org, tmp_path, RANKED)
    resync(context, Wish(), quiet)
    writes = len(org.writes)
    rescore_all(context, org)
    assert len(org.writes) == writes


def test_an_event_is_scored_under_the_stored_cut_points_not_under_its_own_effect(
    tmp_path: Path,
) -> None:
    org = ten()
    context = context_of(org, tmp_path, RANKED)
    resync(context, Wish(), quiet)
    for invoice in ("i0", "i1", "i2"):
        org.pay(invoice, 1000)
    rescore_all(context, org)
    cuts = {"paid": [20, 40, 70], "grades": {"A": 4, "B": 2}}
    assert shown(org) == expected(org, cuts)
    assert shown(org)["a0"] == (Decimal(4), "A")
    assert shown(org) != expected(org, None)

    resync(context, Wish(), quiet)
    assert shown(org) == expected(org, None)


def test_before_the_first_resync_results_are_provisional(tmp_path: Path) -> None:
    org = ten()
    context = context_of(org, tmp_path, RANKED)
    rescore_all(context, org)
    assert shown(org)["a9"] == (Decimal(0), "C")
    assert shown(org) == expected(org, {})


def test_cut_points_keep_their_day_and_belong_to_the_rules_they_were_measured_for(
    tmp_path: Path,
) -> None:
    org = ten()
    context = context_of(org, tmp_path, RANKED)
    resync(context, Wish(as_of=NOW - timedelta(days=3)), quiet)
    (cuts,) = stored_cuts(context.ledger, context.rulebook.models).values()
    assert cuts.day is not None
    assert cuts.day.isoformat() == "2026-06-12"
    other = context_of(org, tmp_path, LOOSER)
    assert stored_cuts(other.ledger, other.rulebook.models) == {}


def test_what_is_stored_comes_back_digit_by_digit(tmp_path: Path) -> None:
    context = context_of(ten(), tmp_path, RANKED)
    models = context.rulebook.models
    cuts = Cutpoints(
        {"paid": (Decimal("0.10"), Decimal("1e15"), Decimal(3))},
        {"A": Decimal("79.995"), Decimal(1): Decimal(-2)},
        NOW.date(),
    )
    store_cuts(context.ledger, models, {"ranked": cuts})
    stored = stored_cuts(context.ledger, models)["ranked"]
    assert stored == cuts
    assert str(stored.quantiles["paid"][0]) == "0.10"
    assert "cutpoints/ranked" in json.loads(json.dumps(context.ledger.list("cutpoints/")))


def test_cut_points_that_somebody_replaced_meanwhile_are_not_overwritten(tmp_path: Path) -> None:
    context = context_of(ten(), tmp_path, RANKED)

    class Rival:
        """Another process that stores first, every time."""

        get, list, drop = context.ledger.get, context.ledger.list, context.ledger.drop

        def put_if(self, name: str, value: Any, version: int) -> bool:
            assert context.ledger.put_if(name, {"version": "rival"}, version)
            return context.ledger.put_if(name, value, version)

    with pytest.raises(TemporaryError, match="replaced meanwhile"):
        store_cuts(Rival(), context.rulebook.models, {"ranked": Cutpoints(day=NOW.date())})
    assert context.ledger.get("cutpoints/ranked").value == {"version": "rival"}


@pytest.mark.parametrize("wish", [Wish(dry_run=True), Wish(confirm=lambda count: False)])
def test_a_resync_that_writes_nothing_stores_no_cut_points(tmp_path: Path, wish: Wish) -> None:
    org = ten()
    for place in range(MANY + 1):
        row: dict[str, Value] = {"accountid": f"b{place}", "statecode": Decimal(0)}
        org.tables["account"][f"b{place}"] = row | {"gs_score": None, "gs_grade": None}
    context = context_of(org, tmp_path, RANKED)
    assert resync(context, wish, quiet).written == 0
    assert context.ledger.list("cutpoints/") == {}


def test_a_resync_that_dies_while_reading_leaves_the_cut_points_of_before(tmp_path: Path) -> None:
    org = ten()
    context = context_of(org, tmp_path, RANKED)
    resync(context, Wish(), quiet)
    before, rows = context.ledger.list("cutpoints/"), shown(org)
    org.pay("i0", 1000)

    def die(call: str) -> None:
        raise TemporaryError("the plug was pulled")

    org.before = die
    with pytest.raises(TemporaryError):
        resync(context, Wish(), quiet)
    assert (context.ledger.list("cutpoints/"), shown(org)) == (before, rows)


def test_a_resync_that_dies_between_writes_is_finished_by_the_next(tmp_path: Path) -> None:
    org = ten()
    context = context_of(org, tmp_path, RANKED)

    def die(call: str) -> None:
        if call == "write":
            raise TemporaryError("the plug was pulled")

    org.before = die
    with pytest.raises(TemporaryError):
        resync(context, Wish(), quiet)
    org.before = lambda call: None
    rescore_all(context, org)
    assert shown(org) == expected(org, None)


def test_a_row_scored_under_the_old_cut_points_during_a_resync_is_scored_again(
    tmp_path: Path,
) -> None:
    """The live run has nothing to go by while the resync, which has read, still measures."""
    org = ten()
    context = context_of(org, tmp_path, RANKED)
    resync(context, Wish(), quiet)
    context.ledger.put_if("cutpoints/ranked", {}, context.ledger.get("cutpoints/ranked").version)

    def disturb(tally: Tally) -> None:
        if not stored_cuts(context.ledger, context.rulebook.models):
            context.marks.mark([target("a9")])
            work(context, rounds=1)
            assert shown(org)["a9"] == (Decimal(0), "C")

    resync(context, Wish(), disturb)
    org.clock.forward(10)
    work(context)
    assert shown(org)["a9"] == (Decimal(4), "A")


def test_a_model_graded_by_rank_is_resynced_every_day_that_it_is_enabled(tmp_path: Path) -> None:
    """Why `validate` has no finding for one that is not: there is no such model."""
    context = context_of(ten(), tmp_path, RANKED)
    assert overdue(context) == ("ranked",)
    resync(context, Wish(), quiet)
    assert overdue(context) == ()
    assert overdue(replace(context, now=lambda: NOW + timedelta(days=1))) == ("ranked",)


def test_no_key_of_a_rule_file_speaks_of_the_resync() -> None:
    told = {"enabled", "history", "snapshots"}
    assert told <= set(RuleModel.__struct_fields__)
    assert not [key for key in RuleModel.__struct_fields__ if "sync" in key or "night" in key]
