"""The comparison of all records sees every record, and would see one that differs."""

from __future__ import annotations

import pytest

from bench import alike
from bench.data import Pages, Size, pages_of
from bench.held import Population, population_of
from bench.org import AS_OF, model
from gradesys.engine import recompute
from gradesys.records import Scope

SIZE = Size(400, 3_000, 600)
HOURS = 3_600.0


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    return pages_of(tmp_path_factory.mktemp("pages"), SIZE)


def test_all_records_are_scored_in_each_way_and_alike(pages: Pages) -> None:
    assert alike.compare_all(pages, HOURS) == alike.Alike(400, 400, 0, 0)


def test_a_record_whose_rows_are_others_is_seen_in_groups_and_alone(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = population_of(pages)
    poor = next(iter(pages.expected()))
    spared = {**whole.rows, "invoices": {**whole.rows["invoices"], poor: ()}}
    monkeypatch.setattr(alike, "population_of", lambda pages: Population(spared))
    assert alike.compare_all(pages, HOURS).different == 2


def test_a_record_that_nobody_finds_is_seen(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = population_of(pages)
    lost = next(iter(pages.expected()))
    known = {id: rows for id, rows in whole.rows["accounts"].items() if id != lost}
    monkeypatch.setattr(
        alike, "population_of", lambda pages: Population({**whole.rows, "accounts": known})
    )
    assert alike.compare_all(pages, 0.0).different == 1


@pytest.mark.parametrize("count", [3, 12], ids=["in one batch", "in bulk"])
def test_what_is_written_is_there_at_the_second_look(pages: Pages, count: int) -> None:
    store, ids = population_of(pages).store(), sorted(pages.stale())[:count]
    scope = Scope("account", tuple(ids))
    assert sorted(recompute([model()], store, scope, AS_OF).done) == ids
    assert recompute([model()], store, scope, AS_OF).done == {}
