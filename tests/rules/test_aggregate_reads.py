"""What an aggregate tells about itself: its reads, whether time moves it, what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from gradesys.errors import RuleError
from gradesys.records import Compare, Ref
from tests.rules.aggregated import (
    D,
    compiled,
    rows,
    tally,
)
from tests.rules.invoices import SCHEMA, day
from tests.rules.moments import NOON


def test_an_aggregate_tells_what_it_reads() -> None:
    found = compiled(
        SCHEMA,
        op="max",
        row_expression="lines + factor",
        filter={"statecode": D(2), "salesorderid.statecode": {"ne": D(1)}},
        window={"date": "createdon", "last": "30 days"},
        order_by=[{"column": "due"}],
    )
    assert (found.table, found.reach.direct) == ("invoice", "customerid")
    assert found.columns == {
        "invoiceid", "lines", "statecode", "salesorderid.statecode", "createdon",
        "due",
    }  # fmt: skip
    assert found.window is not None
    assert found.window(NOON.today) == (day("2026-05-17"), day("2026-06-16"))


def test_a_params_name_is_no_column_but_where_the_table_has_it() -> None:
    assert "factor" not in compiled(SCHEMA, op="sum", row_expression="factor * lines").columns
    assert {"factor", "lines"} <= compiled(op="sum", row_expression="factor * lines").columns


@pytest.mark.parametrize(
    ("keys", "moves", "volatile"),
    [
        ({"op": "count"}, False, False),
        ({"op": "count", "filter": {"due": {"lt": "@today"}}}, True, False),
        ({"op": "count", "window": {"date": "due", "from": "2026-01-01"}}, False, False),
        ({"op": "count", "window": {"date": "due", "last": "3 days"}}, True, False),
        ({"op": "count", "decay": {"date": "due", "until": "3 days"}}, True, False),
        ({"op": "sum", "row_expression": "days_since(due)"}, True, False),
        ({"op": "sum", "row_expression": "hours_since(due)"}, True, True),
        ({"op": "all", "filter": {"due": {"lt": "@today"}}}, True, False),
    ],
)
def test_an_aggregate_tells_whether_time_moves_it(
    keys: dict[str, Any], moves: bool, volatile: bool
) -> None:
    found = compiled(**keys)
    assert (found.time_dependent, found.volatile) == (moves, volatile)


def test_filter_and_window_narrow_the_read_but_a_condition_does_not() -> None:
    keys: dict[str, Any] = {"filter": {"statecode": D(2)}}
    assert compiled(SCHEMA, op="count", **keys).narrow(NOON) == Compare("statecode", "eq", D(2))
    everything = compiled(SCHEMA, op="count").narrow(NOON)
    assert compiled(SCHEMA, op="all", **keys).narrow(NOON) == everything
    window = {"date": "due", "from": "2026-01-01"}
    assert compiled(SCHEMA, op="count", window=window).narrow(NOON) == Compare(
        "due", "ge", day("2026-01-01")
    )


def test_lookups_and_ids_can_be_counted() -> None:
    of = rows(Ref("product", "p1"), Ref("product", "P1"), Ref("product", "p2"), column="product")
    assert tally(of, op="count_distinct", column="product").value == 2
    assert tally(of, op="mode", column="product").value == Ref("product", "p1")


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ({"op": "summ", "column": "lines"}, "op: unknown operation 'summ'; did you mean 'sum'?"),
        ({"op": "sum"}, "op: needs column or row_expression"),
        ({"op": "all"}, "op: needs filter as its condition"),
        ({"op": "first", "column": "lines"}, "op: first and last need order_by"),
        ({"op": "count", "among": {"lines": D(1)}}, "among: belongs to all, none and share"),
        ({"op": "count", "limit": D(3)}, "limit: needs order_by"),
        (
            {"op": "count", "limit": D("0.5"), "order_by": [{"column": "due"}]},
            "limit: a whole number of at least 1 is needed",
        ),
        (
            {"op": "avg", "column": "lines", "decay": {"date": "due", "until": "3 days"}},
            "decay: belongs to sum and count",
        ),
        ({"op": "count", "decay": {"date": "due", "until": "3 months"}}, "decay.until: a decay is"),
        ({"op": "count", "decay": {"date": "name", "until": "3 days"}}, "decay.date: a column of"),
        (
            {"op": "sum", "column": "lines", "row_expression": "lines"},
            "row_expression: column and row_expression exclude each other",
        ),
        ({"op": "sum", "column": "name"}, "column: a column of kind text cannot be used here"),
        ({"op": "sum", "column": "line"}, "column: table 'invoice' has no column 'line'"),
        ({"op": "sum", "row_expression": "line"}, "row_expression: unknown column 'line'"),
        ({"op": "sum", "row_expression": "points(lines)"}, "row_expression: points() is not"),
        ({"op": "sum", "row_expression": "lines +"}, "row_expression: column"),
        ({"op": "count", "window": {"last": "3 days"}}, "window: needs a date column"),
        (
            {"op": "count", "window": {"date": "name", "last": "3 days"}},
            "window.date: a column of kind text cannot be used here",
        ),
        ({"op": "count", "window": {"date": "due", "last": "3"}}, "window.last: '3' is no"),
        ({"op": "count", "filter": {"due": D(1)}}, "filter.due: "),
        ({"op": "all", "filter": {"due": D(1)}}, "filter.due: "),
        ({"op": "count", "lookup": "due"}, "lookup: a column of kind date cannot be used here"),
        ({"op": "count", "order_by": [{"column": "du"}]}, "order_by.0.column: table 'invoice'"),
        ({"op": "count", "of": "invoise"}, "of: unknown table 'invoise'; did you mean 'invoice'?"),
    ],
)
def test_a_wrong_aggregate_is_refused_once_with_its_key(keys: dict[str, Any], problem: str) -> None:
    with pytest.raises(RuleError) as caught:
        compiled(SCHEMA, **keys)
    found = [str(each) for each in caught.value.problems]
    assert found[0].startswith(problem)
    assert len(found) == 1
