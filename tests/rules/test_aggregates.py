"""Aggregates over one hop (rules.md 3.2, section 5)."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradesys.errors import RecordError
from gradesys.records import Row, Value
from gradesys.rules.folds import FOLDS
from gradesys.rules.tally import Tally
from tests.rules.aggregated import (
    AMOUNTS,
    BY_DUE,
    DATED,
    NAMES,
    PAID,
    D,
    compiled,
    rows,
    tally,
)
from tests.rules.invoices import day, local
from tests.rules.moments import NOON


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
