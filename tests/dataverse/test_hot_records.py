"""A record with more rows than a page: figures of the server equal paging, to the last digit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from gradesys.changes import Change, Fate
from gradesys.dataverse.client import Client
from gradesys.dataverse.metadata import load_schema
from gradesys.dataverse.store import DataverseStore
from gradesys.dataverse.wire import encode
from gradesys.records import Page
from tests.dataverse.emulated import TABLES, Org, account_id
from tests.dataverse.hot import (
    PAGE,
    SIZES,
    Json,
    Paging,
    card,
    invoices,
    judged,
    model,
    oracle_tables,
    organisation,
    plan_for,
    told,
)
from tests.emulator.serving import OrgServer

ROWS = invoices()
ORACLE = oracle_tables(ROWS)
BIGGEST = len(SIZES) - 1
EXACT: list[tuple[Json, Json | None]] = [
    ({}, None),
    ({"statecode": 2}, None),
    ({"statecode": {"ne": 2}}, None),
    ({"not": {"statecode": [0, 2]}}, None),
    ({"totalamount_base": {"ge": 0, "lt": 5000000000}}, None),
    ({"not": {"discountpercentage": {"gt": 50}}}, None),
    ({"ispricelocked": False}, None),
    ({"salesorderid": None}, None),
    ({"name": {"is_null": False}}, None),
    ({"duedate": {"le": "@today-15"}}, None),
    ({"createdon": {"gt": "2026-02-01T00:00:00+03:30"}}, None),
    ({"any": [{"statecode": 0}, {"duedate": {"within": {"period": "month"}}}]}, None),
    ({}, {"date": "createdon", "last": "30 days"}),
    ({"statecode": 2}, {"date": "duedate", "period": "month", "offset": -1, "calendar": "jalali"}),
]
ROWS_NEEDED: list[tuple[Json, Json | None]] = [
    ({"name": "شرکت"}, None),
    ({"not": {"statecode": 2, "name": "b"}}, None),
    ({"salesorderid.statecode": 3}, None),
    ({"statecode": 2}, {"date": "salesorderid.createdon", "last": "30 days"}),
]


@pytest.fixture(scope="module")
def hot_org(
    tmp_path_factory: pytest.TempPathFactory, start_server: Callable[..., OrgServer]
) -> Iterator[Org]:
    file = tmp_path_factory.mktemp("hot") / "rows.json"
    file.write_bytes(encode(organisation(ROWS)))
    server = start_server(data=file)
    client = Client(server.url, lambda: None)
    schema = load_schema(client, TABLES)
    writable = {"account": frozenset({"description"})}
    yield Org(server, client, schema, DataverseStore(client, schema, writable, page_size=PAGE))
    client.close()
    assert server.unsupported() == 0


def partials(pages: list[Page]) -> int:
    return sum(len(page.partials) for page in pages)


@pytest.mark.parametrize(("filter", "window"), EXACT, ids=str)
def test_figures_equal_paging_and_the_oracle(
    hot_org: Org, filter: Json, window: Json | None
) -> None:
    asked = model(filter, window)
    for account in range(len(SIZES)):
        evaluation, plan = plan_for(asked, hot_org.schema, account)
        pages = list(hot_org.store.pages(plan))
        found = card(evaluation, pages)
        paged = card(plan_for(asked, hot_org.schema, account)[0], _paged(hot_org, plan))
        assert told(found) == told(paged)
        assert found.values == judged(asked, ORACLE, account)
        rows = found.values["i0"]
        assert isinstance(rows, Decimal)
        assert partials(pages) == (rows > PAGE)


def _paged(org: Org, plan: Any) -> list[Page]:
    pages = Paging(org.store).pages(plan)
    assert partials(pages) == 0
    return pages


@pytest.mark.parametrize(("filter", "window"), ROWS_NEEDED, ids=str)
def test_what_the_server_cannot_say_exactly_is_paged(
    hot_org: Org, filter: Json, window: Json | None
) -> None:
    asked = model(filter, window)
    evaluation, plan = plan_for(asked, hot_org.schema, BIGGEST)
    pages = list(hot_org.store.pages(plan))
    assert (partials(pages), len(pages) > 2) == (0, True)
    assert card(evaluation, pages).values == judged(asked, ORACLE, BIGGEST)


def test_one_aggregate_that_needs_the_rows_gets_them_for_all(hot_org: Org) -> None:
    asked = model({}, None, needs_rows=True)
    evaluation, plan = plan_for(asked, hot_org.schema, BIGGEST)
    pages = list(hot_org.store.pages(plan))
    assert partials(pages) == 0
    assert card(evaluation, pages).values == judged(asked, ORACLE, BIGGEST)


def test_fault_34_a_hot_record_is_two_requests_however_many_rows_it_has(hot_org: Org) -> None:
    _, plan = plan_for(model({}, None), hot_org.schema, BIGGEST)
    assert hot_org.requests_of(lambda: list(hot_org.store.pages(plan))) == 2
    paged = hot_org.requests_of(lambda: Paging(hot_org.store).pages(plan))
    assert paged == 1 + (SIZES[BIGGEST] - 1) // PAGE


def test_the_verifying_read_after_a_write_takes_the_same_way(hot_org: Org) -> None:
    asked = model({"statecode": 2}, None)
    evaluation, plan = plan_for(asked, hot_org.schema, BIGGEST)
    change = Change("account", account_id(BIGGEST), {"description": "دلیل"})
    written = hot_org.store.write([change], plan)
    assert [outcome.fate for outcome in written.outcomes] == [Fate.WRITTEN]
    assert partials(list(written.pages)) == 1
    assert card(evaluation, written.pages).values == judged(asked, ORACLE, BIGGEST)


def test_an_aggregate_over_too_many_rows_is_paged_instead(
    hot_org: Org, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("emulator.query.applied.LIMIT", SIZES[BIGGEST] - 1)
    asked = model({}, None)
    evaluation, plan = plan_for(asked, hot_org.schema, BIGGEST)
    pages = list(hot_org.store.pages(plan))
    assert partials(pages) == 0
    assert card(evaluation, pages).values == judged(asked, ORACLE, BIGGEST)


def test_a_whole_table_is_read_as_rows(hot_org: Org) -> None:
    _, plan = plan_for(model({}, None), hot_org.schema, BIGGEST)
    pages = list(hot_org.store.pages(type(plan)(plan.reads, type(plan.scope)("account"))))
    assert partials(pages) == 0
