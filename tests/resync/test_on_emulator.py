"""A resync in partitions on an emulated org: what it asks for, and that the cut changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from gradesys.app import App
from gradesys.changes import Change, Fate
from gradesys.engine import Context
from gradesys.records import Plan, Scope
from gradesys.resync import Standing, Wish, all_parts, plan, resync, runs
from gradesys.resync.plan import divide
from gradesys.rules.evaluation import Evaluation
from gradesys.settings import read_settings
from gradesys.span import CREATED
from tests.line.running import Line, running_line
from tests.resync.aged import quiet
from tests.resync.large import RULES, Large

ORG = Large(600)
ROWS = 150
TABLES = 3
"""Distinct reads of the rules: accounts, and invoices in two ways."""


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    folder = tmp_path_factory.mktemp("partitions")
    (folder / "rules").mkdir()
    (folder / "rules" / "customers.yaml").write_text(RULES, encoding="utf-8")
    options, rules = ("--db", str(folder / "org.db")), str(folder / "rules")
    with running_line({}, folder, *options, GRADESYS_RULES=rules) as line:
        ORG.fill(folder / "org.db")
        yield line


@pytest.fixture
def context(line: Line, tmp_path: Path) -> Context:
    """A process of its own, that remembers nothing."""
    settings = read_settings(line.environment | {"GRADESYS_WORK": str(tmp_path / "work.sqlite")})
    return App(settings).context()


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "PARTITION_ROWS", ROWS)


def told(line: Line) -> dict[str, tuple[object, object]]:
    rows = line.rows("accounts?$select=accountid,gs_score,gs_grade")
    return {row["accountid"]: (row["gs_score"], row["gs_grade"]) for row in rows}


def forget_scores(context: Context) -> None:
    """As if nothing had ever been scored."""
    blank = {"gs_score": None, "gs_grade": None}
    ids = [ORG.account(place) for place in range(ORG.accounts)]
    outcomes = context.store.write([Change("account", id, blank) for id in ids]).outcomes
    assert {outcome.fate for outcome in outcomes} == {Fate.WRITTEN}


def test_parts_give_bit_for_bit_what_the_whole_gives(
    line: Line, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget_scores(context)
    whole = resync(context, Wish(), quiet)
    stored = told(line)
    forget_scores(context)
    monkeypatch.setattr(plan, "PARTITION_ROWS", ROWS)
    parts = resync(context, Wish(), quiet)
    assert (whole.written, parts.written) == (ORG.accounts, ORG.accounts)
    assert parts.read == ORG.accounts
    assert told(line) == stored


@pytest.mark.usefixtures("cut")
def test_parts_stay_within_the_bound_of_the_design(context: Context) -> None:
    forget_scores(context)
    standings: list[Standing] = []
    ended = resync(context, Wish(), standings.append)
    parts = max(standing.parts for standing in standings)
    pages = TABLES * -(-ORG.accounts // 5000)
    bound = 1.05 * (pages + -(-ended.written // 1000)) + parts * TABLES + 10
    print(f"{parts} partitions, {ended.requests} requests, bound {bound:.1f}")
    assert parts >= ORG.accounts / ROWS
    assert ended.requests <= bound
    (run,) = runs(context.ledger)
    own = [part.tally.requests for part in all_parts(context.ledger, run.id).values()]
    assert min(own) > TABLES
    assert sum(own) <= ended.requests
    assert resync(context, Wish(), quiet).written == 0


@pytest.mark.usefixtures("cut")
def test_child_rows_are_cut_along_their_lookup(context: Context) -> None:
    models = context.rulebook.models
    target, *children = Evaluation(models, context.now()).reads
    division = divide(context, models, context.now())
    aging = replace(target, columns=(*target.columns, CREATED))
    seen: dict[str, list[object]] = {}
    for span in division.spans:
        scope = Scope("account", span=span)
        pages = list(context.store.pages(Plan((aging, *children), scope)))
        ids = {row["accountid"] for page in pages if page.read == aging for row in page.rows}
        for page in pages:
            key = "accountid" if page.read == aging else "customerid"
            for row in page.rows:
                assert getattr(row[key], "id", row[key]) in ids
                seen.setdefault(str(page.read), []).append(row[f"{page.read.table}id"])
    assert division.rows == ORG.accounts
    assert all(len(ids) == len(set(ids)) for ids in seen.values())
    assert max(map(len, seen.values())) == ORG.accounts
    assert len(seen) == TABLES
