"""Figures instead of rows: when they suffice, and that they add up to the same."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from gradesys.errors import RecordError
from gradesys.records import Column, Figure, Kind, Partial, Read, Ref, Row, Value
from gradesys.rules.aggregates import CompiledAggregate, compile_aggregate
from gradesys.rules.clock import Moment
from gradesys.rules.filters import Place, compile_predicate
from gradesys.rules.folding import Folding
from gradesys.rules.model import AggregateIndicator
from gradesys.rules.reads import distinct
from gradesys.rules.typed import typed
from tests.rules.invoices import SCHEMA, passes
from tests.rules.moments import NOON, TEHRAN
from tests.rules.test_narrowing import FILTERS, ROWS

D = Decimal
PLACE = Place("invoice", SCHEMA, TEHRAN)
ID = "00000000-0000-0000-0000-00000000000a"
INVOICE = SCHEMA["invoice"]
CALCULATED = Column("points", Kind.INTEGER, stored=False)
MORE = {"points": CALCULATED, "totalamount": Column("totalamount", Kind.MONEY)}
ORG = {**SCHEMA, "invoice": replace(INVOICE, columns={**INVOICE.columns, **MORE})}


def compiled(**keys: Any) -> CompiledAggregate:
    node = {"type": "aggregate", "of": "invoice", "lookup": "customerid", **keys}
    home = Place("account", ORG, TEHRAN)
    return compile_aggregate(typed(AggregateIndicator, node), {}, home)


def figures(**keys: Any) -> tuple[Figure, ...] | None:
    summing = compiled(**keys).summing
    suits = summing is not None and summing.server and summing.exact(NOON)
    return summing.figures if summing and suits else None


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"op": "count"}, []),
        ({"op": "any", "filter": {"statecode": D(2)}}, []),
        ({"op": "sum", "column": "totalamount_base"}, ["sum"]),
        ({"op": "avg", "column": "lines"}, ["count", "sum"]),
        ({"op": "min", "column": "due"}, ["min"]),
        (
            {"op": "max", "column": "createdon", "window": {"date": "due", "last": "9 days"}},
            ["max"],
        ),
    ],
)
def test_these_aggregates_are_content_with_figures(
    keys: dict[str, Any], expected: list[str]
) -> None:
    assert figures(**keys) == tuple(Figure(op, keys["column"]) for op in expected)


@pytest.mark.parametrize(
    "keys",
    [
        {"op": "sum", "column": "totalamount"},
        {"op": "sum", "column": "rate"},
        {"op": "sum", "column": "paid"},
        {"op": "sum", "column": "points"},
        {"op": "max", "column": "statecode"},
        {"op": "max", "column": "name"},
        {"op": "max", "column": "meeting"},
        {"op": "sum", "column": "salesorderid.statecode"},
        {"op": "sum", "row_expression": "lines + 1"},
        {"op": "count", "decay": {"date": "due", "until": "9 days"}},
        {"op": "sum", "column": "lines", "order_by": [{"column": "due"}], "limit": D(3)},
        {"op": "median", "column": "lines"},
        {"op": "count_distinct", "column": "lines"},
        {"op": "first", "column": "lines", "order_by": [{"column": "due"}]},
        {"op": "share", "filter": {"statecode": D(2)}},
        {"op": "count", "filter": {"name": "tea"}},
        {"op": "count", "filter": {"rate": {"gt": D(1)}}},
        {"op": "count", "filter": {"salesorderid.statecode": D(3)}},
        {"op": "count", "filter": {"any": [{"statecode": D(2)}, {"name": "tea"}]}},
        {"op": "count", "window": {"date": "due", "from": "0001-01-01"}},
    ],
)
def test_these_aggregates_need_their_rows(keys: dict[str, Any]) -> None:
    assert figures(**keys) is None


def test_without_metadata_only_rows_are_asked_for() -> None:
    node = {"type": "aggregate", "of": "invoice", "lookup": "customerid", "op": "sum"}
    model = typed(AggregateIndicator, {**node, "column": "lines"})
    assert compile_aggregate(model, {}, Place("account", None, TEHRAN)).summing is None


@pytest.mark.parametrize(
    ("day", "exact"), [("2010-11-06", False), ("2010-11-07", False), ("2010-11-05", True)]
)
def test_a_day_that_begins_twice_is_not_exact(day: str, exact: bool) -> None:
    calendar = replace(TEHRAN, zone=ZoneInfo("America/St_Johns"))
    moment = Moment(datetime(2010, 12, 1, tzinfo=UTC), calendar)
    predicate = compile_predicate({"createdon": day}, Place("invoice", SCHEMA, calendar))
    assert predicate.exact(moment) is exact


@settings(max_examples=60, deadline=None)
@given(FILTERS, ROWS, st.booleans())
def test_an_exact_narrowing_is_the_filter_itself(filter: Any, row: Row, wanted: bool) -> None:
    predicate = compile_predicate(filter, PLACE)
    if predicate.exact(NOON):
        assert passes(predicate.narrow(NOON, wanted), row) is (predicate.test(row, NOON) is wanted)


CELLS = st.none() | st.decimals(-(10**20), 10**20, places=4)
OPS = ("count", "any", "sum", "avg", "min", "max")


@settings(max_examples=60, deadline=None)
@given(st.lists(CELLS, max_size=9), st.lists(CELLS, max_size=9), st.sampled_from(OPS), st.randoms())
def test_figures_and_rows_add_up_in_any_order(
    rows: list[Decimal | None], summed: list[Decimal | None], op: str, chance: random.Random
) -> None:
    column = {} if op in ("count", "any") else {"column": "totalamount_base"}
    aggregate = compiled(op=op, **column)
    expected = Folding(aggregate, "customerid", "account", NOON)
    expected.add(_row(value) for value in [*rows, *summed])
    found = Folding(aggregate, "customerid", "account", NOON)
    rows_first = chance.random() < 0.5
    for now in (rows_first, not rows_first):
        if now:
            found.add(_row(value) for value in rows)
        else:
            found.merge([_partial(summed)])
    assert found.result(ID, {}) == expected.result(ID, {})


@pytest.mark.parametrize(
    ("op", "rows", "summed", "expected"),
    [
        ("count", [1, 5], [7], 3),
        ("any", [], [7], True),
        ("any", [], [], False),
        ("sum", [1, None], [7, 2], 10),
        ("sum", [1], [], 1),
        ("avg", [1, 5], [9], 5),
        ("avg", [], [None], None),
        ("min", [5, 3], [2, 9], 2),
        ("max", [5, 3], [2, 9], 9),
        ("max", [9], [9], 9),
        ("max", [3], [None], 3),
    ],
)
@pytest.mark.parametrize("rows_first", [True, False])
def test_a_figure_counts_as_the_rows_it_stands_for(
    op: str, rows: list[int | None], summed: list[int | None], expected: Any, rows_first: bool
) -> None:
    column = {} if op in ("count", "any") else {"column": "totalamount_base"}
    folding = Folding(compiled(op=op, **column), "customerid", "account", NOON)
    cells = [[None if each is None else D(each) for each in listed] for listed in (rows, summed)]
    if rows_first:
        folding.add(_row(value) for value in cells[0])
    folding.merge([_partial(cells[1])])
    if not rows_first:
        folding.add(_row(value) for value in cells[0])
    fold = folding.result(ID, {})
    assert not isinstance(fold, RecordError)
    assert fold.value == expected


def test_an_aggregate_that_needs_its_rows_takes_no_figures() -> None:
    folding = Folding(compiled(op="median", column="lines"), "customerid", "account", NOON)
    folding.merge([_partial([D(7)])])
    assert folding.states == {}


def _row(amount: Value) -> Row:
    return {"invoiceid": "i", "customerid": Ref("account", ID), "totalamount_base": amount}


def _partial(values: list[Decimal | None]) -> Partial:
    present = [value for value in values if value is not None]
    told: dict[str, Value] = {
        "sum": sum(present, D(0)) if values else None,
        "count": D(len(present)),
        "min": min(present, default=None),
        "max": max(present, default=None),
    }
    return Partial(ID, len(values), {Figure(op, "totalamount_base"): v for op, v in told.items()})


def test_a_read_that_two_want_differently_is_one_read_of_rows() -> None:
    rows = Read("invoice", ("invoiceid",), "customerid", "account")
    content = replace(rows, figures=())
    for both in ((rows, content), (content, rows)):
        (read,) = distinct(both)
        assert read.figures is None
    assert distinct((content,))[0].figures == ()
