"""Every function of expressions (rules.md 15.1)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradesys.errors import RecordError
from gradesys.records import Value
from gradesys.rules.arithmetic import computing
from gradesys.rules.datefunctions import FUNCTIONS
from gradesys.rules.emit.rows import row_function
from gradesys.rules.expressions import compile_expression
from tests.rules.moments import JALALI, Names, evaluated, on, utc, wall

D = Decimal


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("min(3, 1, 2)", "1"),
        ("max(3)", "3"),
        ("max(true, 0.5)", "1"),
        ("abs(-2.5)", "2.5"),
        ("floor(-1.5)", "-2"),
        ("ceil(-1.5)", "-1"),
        ("floor(1e30)", "1e30"),
        ("round(2.5)", "3"),
        ("round(-2.5)", "-3"),
        ("round(-2.345, 2)", "-2.35"),
        ("round(250, -2)", "300"),
        ("round(50, -3)", "0"),
        ("round(1.5, 300)", "1.5"),
        ("round(1, 1e300)", "1"),
        ("round(12345, -1e300)", "0"),
        ("sqrt(2)", "1.414213562373095048801688724"),
        ("ln(1)", "0"),
        ("exp(0)", "1"),
        ("exp(-100000000)", "0"),
        ("sigmoid(0)", "0.5"),
        ("round(sigmoid(3) + sigmoid(-3), 25)", "1"),
        ("sigmoid(100000000)", "1"),
        ("sigmoid(-100000000)", "0"),
        ("clamp(9, 0, 5)", "5"),
        ("clamp(-9, 0, 5)", "0"),
        ("clamp(3, 5, 0)", "0"),
        ("coalesce(null, 4)", "4"),
        ("ratio(6, 4)", "1.5"),
        ("ratio(null, 5, 1)", "1"),
        ("ratio(5, null, 2)", "2"),
        ("ratio(5, 0, 3)", "3"),
        ("ratio(5, 0, 2 + 3)", "5"),
        ("ratio(5, 2, 2 + 3)", "2.5"),
        ("number('۱۲')", "12"),
        ("number(' -12.5 ')", "-12.5"),
        ("number('1e3')", "1000"),
        ("number(true)", "1"),
        ("number(2.50)", "2.5"),
    ],
)
def test_functions_over_numbers(text: str, expected: str) -> None:
    assert evaluated(text) == D(expected)


@pytest.mark.parametrize(
    "text",
    [
        "coalesce(null, null)",
        "ratio(null, 5)",
        "ratio(5, 0)",
        "ratio(5, null)",
        "clamp(1, null, 2)",
        "number('1,000')",
        "number('')",
        "number('tea')",
        "number('1 2')",
        "number(today())",
        "number('1e999999999')",
        "elapsed('2026-06-16', '2026-06-15')",
    ],
)
def test_functions_without_a_result_are_null(text: str) -> None:
    assert evaluated(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [("is_null(null)", True), ("is_null(0)", False), ("is_null('')", False)],
)
def test_is_null_tells_null_from_everything_else(text: str, expected: bool) -> None:
    assert evaluated(text) is expected


def test_ratio_leaves_no_note_where_a_division_would() -> None:
    scope = Names()
    with computing():
        assert row_function(compile_expression("ratio(1, 0)"))(scope) is None
    assert scope.notes == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("days_between('2026-06-01', '2026-06-15')", "14"),
        ("days_between('2026-06-14T20:30:00Z', '2026-06-14')", "-1"),
        ("days_since('2026-06-01')", "14"),
        ("days_until('2026-06-14')", "-1"),
        ("days_since(today())", "0"),
        ("months_since('2026-01-31')", "4"),
        ("months_since('2026-06-16')", "-1"),
        ("hours_since('2026-06-15T07:00:00Z')", "1.5"),
        ("hours_until('2026-06-16')", "12"),
        ("hours_since('2026-06-15T08:10:00Z')", "0.3333333333333333333333333333"),
        ("100 * elapsed('2026-06-12', '2026-06-19')", "50"),
        ("elapsed('2026-06-15', '2026-06-15')", "1"),
        ("elapsed('2026-06-16', '2026-06-20')", "0"),
        ("elapsed('2026-01-01', '2026-02-01')", "1"),
        ("elapsed('2026-03-21', '2026-09-22')", "0.4677419354838709677419354839"),
    ],
)
def test_functions_over_dates(text: str, expected: str) -> None:
    assert evaluated(text) == D(expected)


def test_days_are_local_days_whatever_the_kind_of_date() -> None:
    known: dict[str, Value] = {
        "late": utc("2026-06-14T20:30:00Z"),
        "wall": wall("2026-06-15T23:59"),
        "day": date(2026, 6, 15),
    }
    text = "days_since(late) + days_since(wall) + days_since(day)"
    assert evaluated(text, known) == 0


@pytest.mark.parametrize(
    ("today", "since", "expected"),
    [
        ("2026-02-28", "2026-01-31", 1),
        ("2026-02-28", "2026-03-01", -1),
        ("2026-06-15", "2026-06-15", 0),
    ],
)
def test_months_since_clamps_the_missing_day(today: str, since: str, expected: int) -> None:
    assert evaluated(f"months_since('{since}')", moment=on(today)) == expected


def test_months_since_counts_months_of_the_models_calendar() -> None:
    first_of_tir, first_of_khordad = "2026-06-22", "2026-05-22"
    text = f"months_since('{first_of_khordad}')"
    assert evaluated(text, moment=on(first_of_tir, JALALI)) == 1
    assert evaluated(text, moment=on("2026-06-21", JALALI)) == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("min('2026-06-15', '2026-06-14')", date(2026, 6, 14)),
        ("max(today(), '2026-06-14T23:00:00Z')", utc("2026-06-14T23:00:00Z")),
        ("clamp('2026-01-01', '2026-06-01', today())", date(2026, 6, 1)),
        ("today()", date(2026, 6, 15)),
    ],
)
def test_min_max_and_clamp_also_order_dates(text: str, expected: Value) -> None:
    assert evaluated(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "min(1, 'a')",
        "min('a', 'b')",
        "max(today(), 1)",
        "round(1.5, 0.5)",
        "days_since(5)",
        "days_since('tea')",
        "days_between(true, today())",
        "abs('1')",
        "ratio('1', 2)",
    ],
)
def test_arguments_of_another_kind_are_an_error_of_the_record(text: str) -> None:
    with pytest.raises(RecordError):
        evaluated(text)


@pytest.mark.parametrize("name", sorted(FUNCTIONS.keys() - {"coalesce", "is_null", "ratio"}))
def test_a_null_argument_makes_the_result_null(name: str) -> None:
    function = FUNCTIONS[name]
    for hole in range(function.least):
        args = ["1"] * function.least
        args[hole] = "null"
        assert evaluated(f"{name}({', '.join(args)})") is None


@given(st.decimals(-(10**20), 10**20, places=6), st.integers(-10, 10))
def test_round_goes_to_the_nearest_and_half_away_from_zero(value: Decimal, places: int) -> None:
    result = FUNCTIONS["round"].compute(value, D(places))
    assert isinstance(result, Decimal)
    step = D(1).scaleb(-places)
    assert abs(result - value) * 2 <= step
    if abs(result - value) * 2 == step:
        assert abs(result) > abs(value)
