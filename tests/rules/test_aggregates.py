"""Aggregates over one hop (rules.md 3.2, section 5)."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradesys.errors import RecordError, RuleError
from gradesys.records import Compare, Ref, Row, Schema, Value
from gradesys.rules.aggregates import CompiledAggregate, compile_aggregate
from gradesys.rules.filters import Place
from gradesys.rules.folds import FOLDS
from gradesys.rules.model import AggregateIndicator
from gradesys.rules.tally import Tally
from tests.rules.invoices import SCHEMA, day, local
from tests.rules.moments import NOON, TEHRAN

D = Decimal
PARAMS = {"factor": D(3), "lines": D(100)}


def node(**keys: Any) -> AggregateIndicator:
    return AggregateIndicator.model_validate(
        {"type": "aggregate", "of": "invoice", "lookup": "customerid", **keys}
    )


def compiled(schema: Schema | None = None, **keys: Any) -> CompiledAggregate:
    return compile_aggregate(node(**keys), PARAMS, Place("account", schema, TEHRAN))


def tally(rows: list[Row], **keys: Any) -> Tally:
    aggregate = compiled(**keys)
    state = aggregate.start()
    for row in rows:
        aggregate.add(state, row, NOON)
    return aggregate.finish(state, NOON)


def rows(*values: Value, column: str = "amount") -> list[Row]:
    return [{"invoiceid": f"i{index}", column: value} for index, value in enumerate(values)]


AMOUNTS = rows(D(30), D(10), None, D(20), D(20))
PAID = rows(True, False, None, column="paid")
NAMES = rows("b", "Café", "CAFE\u0301", "A", "a", column="name")
DATED: list[Row] = [
    {"invoiceid": "i1", "amount": D(30), "due": day("2026-03-01")},
    {"invoiceid": "i2", "amount": None, "due": day("2026-05-01")},
    {"invoiceid": "i3", "amount": D(10), "due": None},
    {"invoiceid": "i4", "amount": D(20), "due": day("2026-04-01")},
]
BY_DUE = [{"column": "due"}]


@pytest.mark.parametrize(
    ("op", "of", "column", "expected"),
    [
        ("count", AMOUNTS, None, D(5)),
        ("count", [], None, D(0)),
        ("sum", AMOUNTS, "amount", D(80)),
        ("sum", [], "amount", D(0)),
        ("sum", PAID, "paid", D(1)),
        ("avg", AMOUNTS, "amount", D(20)),
        ("avg", [], "amount", None),
        ("avg", PAID, "paid", D("0.5")),
        ("median", AMOUNTS, "amount", D(20)),
        ("median", rows(D(1), D(2)), "amount", D("1.5")),
        ("median", rows(D(1), D(5), D(2)), "amount", D(2)),
        ("median", rows(None), "amount", None),
        ("stddev", rows(D(2), D(4), D(4), D(4), D(5), D(5), D(7), D(9)), "amount", D(2)),
        ("stddev", rows(D(7)), "amount", D(0)),
        ("stddev", rows(D(2), None, D(4)), "amount", D(1)),
        ("stddev", [], "amount", None),
        ("min", AMOUNTS, "amount", D(10)),
        ("max", AMOUNTS, "amount", D(30)),
        ("max", rows(None), "amount", None),
        ("min", NAMES, "name", "A"),
        ("max", NAMES, "name", "Café"),
        ("max", DATED, "due", day("2026-05-01")),
        ("min", PAID, "paid", False),
        ("mode", AMOUNTS, "amount", D(20)),
        ("mode", rows(D(30), D(10), D(10), D(30)), "amount", D(10)),
        ("mode", NAMES, "name", "A"),
        ("mode", [], "amount", None),
        ("count_distinct", AMOUNTS, "amount", D(3)),
        ("count_distinct", NAMES, "name", D(3)),
        ("count_distinct", rows(D(1), True, D("1.0"), None), "amount", D(2)),
        ("any", AMOUNTS, None, True),
        ("any", [], None, False),
    ],
)
def test_an_operation_over_all_rows(
    op: str, of: list[Row], column: str | None, expected: Value
) -> None:
    assert tally(of, op=op, column=column) == Tally(expected, len(of))


@pytest.mark.parametrize(
    ("op", "of", "expected"),
    [
        ("all", DATED[:2], True),
        ("all", DATED, False),
        ("none", DATED[2:3], True),
        ("none", DATED, False),
        ("share", DATED, D("0.75")),
        ("all", [], None),
        ("none", [], None),
        ("share", [], None),
    ],
)
def test_a_filter_is_the_condition_of_all_none_and_share(
    op: str, of: list[Row], expected: Value
) -> None:
    assert tally(of, op=op, filter={"due": {"is_null": False}}) == Tally(expected, len(of))


def test_among_and_the_window_choose_the_rows_of_a_share() -> None:
    found = tally(
        DATED,
        op="share",
        filter={"amount": {"ge": D(30)}},
        among={"amount": {"ne": None}},
        window={"date": "due", "from": "2026-01-01"},
    )
    assert found == Tally(D("0.5"), 2)


@pytest.mark.parametrize(
    ("keys", "expected", "count"),
    [
        ({"op": "first", "column": "amount", "order_by": BY_DUE}, D(30), 4),
        ({"op": "last", "column": "amount", "order_by": BY_DUE}, None, 4),
        ({"op": "last", "column": "amount", "order_by": BY_DUE, "limit": D(2)}, D(20), 2),
        ({"op": "first", "column": "amount", "order_by": [{"column": "x"}]}, None, 4),
        (
            {
                "op": "sum",
                "column": "amount",
                "order_by": [{"column": "amount", "desc": True}],
                "limit": D(2),
            },
            D(50),
            2,
        ),
        ({"op": "count", "order_by": BY_DUE, "limit": D(9)}, D(4), 4),
        (
            {"op": "share", "filter": {"amount": D(30)}, "order_by": BY_DUE, "limit": D(2)},
            D("0.5"),
            2,
        ),
    ],
)
def test_row_order_decides_first_last_and_limit(
    keys: dict[str, Any], expected: Value, count: int
) -> None:
    assert tally(DATED, **keys) == Tally(expected, count)


def test_filter_and_window_are_applied_to_every_row() -> None:
    of: list[Row] = [
        {"invoiceid": "i1", "statecode": D(2), "createdon": local("2026-06-15T23:59")},
        {"invoiceid": "i2", "statecode": D(2), "createdon": local("2026-06-16T00:00")},
        {"invoiceid": "i3", "statecode": D(0), "createdon": local("2026-06-15T12:00")},
        {"invoiceid": "i4", "statecode": D(2), "createdon": None},
    ]
    window = {"date": "createdon", "last": "30 days"}
    assert tally(of, op="count", filter={"statecode": D(2)}, window=window) == Tally(D(1), 1)


@pytest.mark.parametrize(
    ("op", "decay", "expected"),
    [
        ("sum", {"every": "60 days", "rate": D("0.5")}, "25"),
        ("count", {"every": "60 days", "rate": D("0.5")}, "2"),
    ],
)
def test_decay_weighs_each_row_by_its_age(op: str, decay: dict[str, Any], expected: str) -> None:
    keys = {"op": op, "decay": {"date": "due", **decay}}
    column = {"column": "amount"} if op == "sum" else {}
    assert tally(DATED, **keys, **column) == Tally(D(expected), 4)


@pytest.mark.parametrize(
    ("text", "of", "expected"),
    [
        ("amount * 2", AMOUNTS, D(160)),
        ("amount * factor", AMOUNTS, D(240)),
        ("amount + lines", rows(D(1)), D(101)),
        ("amount + lines", [{"invoiceid": "i1", "amount": D(1), "lines": D(4)}], D(5)),
        ("amount + lines", [{"invoiceid": "i1", "amount": D(1), "lines": None}], D(0)),
        ("days_between(due, '2026-06-15')", DATED, D(106 + 45 + 75)),
    ],
)
def test_a_row_expression_reads_columns_then_params(
    text: str, of: list[Row], expected: Value
) -> None:
    assert tally(of, op="sum", row_expression=text).value == expected


def test_remarks_of_row_expressions_are_kept_once() -> None:
    found = tally(AMOUNTS, op="sum", row_expression="amount / 0")
    assert found == Tally(D(0), 5, ("division by zero",))


def test_sums_are_exact_until_the_end() -> None:
    huge, tiny = D("1e27"), D("0.4")
    assert tally(rows(huge, tiny, tiny, tiny, -huge), op="sum", column="amount").value == D("1.2")


@pytest.mark.parametrize(
    ("keys", "of"),
    [
        ({"op": "sum", "column": "name"}, NAMES),
        ({"op": "max", "column": "amount"}, rows(D(1), "a")),
        ({"op": "count", "filter": {"name": D(1)}}, NAMES),
        ({"op": "count", "window": {"date": "name", "last": "3 days"}}, NAMES),
        ({"op": "sum", "row_expression": "name + 1"}, NAMES),
    ],
)
def test_rows_of_another_kind_are_an_error_that_names_the_aggregate(
    keys: dict[str, Any], of: list[Row]
) -> None:
    with pytest.raises(RecordError, match=f"{keys['op']} of invoice: "):
        tally(of, **keys)


CELLS: dict[str, st.SearchStrategy[Value]] = {
    "amount": st.none() | st.decimals(-100, 100, places=2) | st.decimals(-1, 1, places=1),
    "paid": st.none() | st.booleans(),
    "name": st.sampled_from([None, "a", "A", "شركت", "شرکت", "b"]),
    "due": st.none() | st.dates(day("2026-05-01"), day("2026-06-30")),
}
TABLES = st.lists(st.fixed_dictionaries(CELLS), max_size=12)
EXTRAS: list[dict[str, Any]] = [
    {},
    {"order_by": [{"column": "due", "desc": True}], "limit": D(3)},
    {"order_by": [{"column": "name"}, {"column": "amount"}]},
    {"window": {"date": "due", "last": "30 days"}, "filter": {"amount": {"gt": D(0)}}},
]


@settings(max_examples=200, deadline=None)
@given(TABLES, st.sampled_from(sorted(FOLDS)), st.sampled_from(EXTRAS), st.randoms())
def test_the_order_in_which_rows_arrive_never_matters(
    cells: list[dict[str, Value]], op: str, extra: dict[str, Any], chance: random.Random
) -> None:
    keys = {"op": op, "order_by": BY_DUE, **extra}
    keys |= {"filter": {"paid": True}} if op in ("all", "none", "share") else {}
    keys |= {"column": "amount"} if op not in ("any", "all", "none", "share", "count") else {}
    of: list[Row] = [{"invoiceid": f"i{i}", **cell} for i, cell in enumerate(cells)]
    expected = tally(of, **keys)
    chance.shuffle(of)
    assert repr(tally(of, **keys)) == repr(expected)


def test_a_limited_aggregate_keeps_few_rows_and_the_right_ones() -> None:
    aggregate = compiled(op="sum", column="amount", order_by=[{"column": "amount"}], limit=D(2))
    account = aggregate.start()
    for index in range(1000):
        row: Row = {"invoiceid": f"i{index}", "amount": D((index * 7) % 1000)}
        aggregate.add(account, row, NOON)
        assert len(account.state) < 2 * 2 + 64
    assert aggregate.finish(account, NOON) == Tally(D(1), 2)


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
