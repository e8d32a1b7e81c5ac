"""Expressions: values, nulls, comparisons, conditions (rules.md 3.3, section 5, 15.1, 15.3)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from gradesys.errors import RecordError
from gradesys.records import Ref, Value
from gradesys.rules.arithmetic import computing
from gradesys.rules.emit.rows import row_function
from gradesys.rules.expressions import compile_expression
from tests.rules.moments import Names, evaluated, utc

D = Decimal
KNOWN: dict[str, Value] = {
    "n": None,
    "x": D(5),
    "yes": True,
    "tea": "Tea",
    "day": date(2026, 6, 15),
    "late": utc("2026-06-15T20:30:00Z"),
    "owner": Ref("systemuser", "u1"),
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", "7"),
        ("-2 ** 2", "-4"),
        ("(1 + 2) * -x", "-15"),
        ("+x - 0.1 - 0.2", "4.7"),
        ("7 / 2", "3.5"),
        ("1 / 3", "0.3333333333333333333333333333"),
        ("2 / 3", "0.6666666666666666666666666667"),
        ("yes + yes", "2"),
        (".5 + 1. + 1e2", "101.5"),
        ("0 ** 0", "1"),
        ("2 ** -2", "0.25"),
        ("(-2) ** 3", "-8"),
        ("4 ** 0.5", "2"),
        ("5 if x > 3 else 7", "5"),
        ("5 if n else 7", "7"),
        ("1 if 0 else 2 if 0.0 else 3", "3"),
        ("100000000000000000000000000001 + 0", "1.000000000000000000000000000E+29"),
    ],
)
def test_arithmetic_is_decimal_with_28_digits(text: str, expected: str) -> None:
    assert evaluated(text, KNOWN) == D(expected)


@pytest.mark.parametrize(
    "text", ["n + 1", "-n", "n * 'a'", "n ** 2", "2 ** n", "abs(n)", "max(n, 3)", "null"]
)
def test_arithmetic_with_null_is_null(text: str) -> None:
    assert evaluated(text, KNOWN) is None


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("1 / 0", "division by zero"),
        ("0 ** -1", "power without a result"),
        ("(-8) ** 0.5", "power without a result"),
        ("2 ** (x * 4)", "power without a result"),
        ("ln(0)", "ln() of a number that is not positive"),
        ("ln(-1)", "ln() of a number that is not positive"),
        ("sqrt(-1)", "sqrt() of a negative number"),
        ("exp(100000000)", "exp() of too large a number"),
        ("((((10 ** 16) ** 16) ** 16) ** 16) ** 16", "number too large"),
    ],
)
def test_what_has_no_result_is_null_and_noted(text: str, note: str) -> None:
    scope = Names(KNOWN)
    with computing():
        assert row_function(compile_expression(text))(scope) is None
    assert scope.notes == [note]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.1 + 0.2 == 0.3", True),
        ("1 < x <= 5", True),
        ("1 < x < 5", False),
        ("x != 5.0", False),
        ("yes == 1", True),
        ("tea == 'TEA'", True),
        ("'شركت ۱' == 'شرکت 1'", True),
        ("'a' < 'B'", True),
        ("n == n", False),
        ("n == null", False),
        ("n != 3", True),
        ("null != null", False),
        ("n < 3", False),
        ("n >= 3", False),
        ("x in (1, 5)", True),
        ("x in (5)", True),
        ("x in ()", False),
        ("n in (1, null)", False),
        ("n not in (1, 2)", True),
        ("x not in (1, null)", True),
        ("day == '2026-06-15'", True),
        ("'2026-06-14' < day", True),
        ("day < late", True),
        ("late == '2026-06-16'", True),
        ("late > '2026-06-15T20:29:59Z'", True),
        ("late == '2026-06-16T00:00:00+03:30'", True),
        ("owner == 'U1'", True),
    ],
)
def test_comparisons_follow_the_kinds_of_both_sides(text: str, expected: bool) -> None:
    assert evaluated(text, KNOWN) is expected


@pytest.mark.parametrize(
    "text",
    ["x == 'a'", "x < day", "tea < 3", "day == 'tea'", "tea + 1", "-day", "day - day", "sqrt(tea)"],
)
def test_kinds_that_do_not_match_are_an_error_of_the_record(text: str) -> None:
    with pytest.raises(RecordError):
        evaluated(text, KNOWN)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x and yes", True),
        ("n or 0", False),
        ("n or x", True),
        ("not n", True),
        ("not 2", False),
        ("0 and tea", False),
        ("1 or tea", True),
        ("True and not False and None == None", False),
    ],
)
def test_logic_gives_true_or_false_and_stops_early(text: str, expected: bool) -> None:
    assert evaluated(text, KNOWN) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("n", False), ("0", False), ("0.1", True), ("yes", True), ("x > 9", False)],
)
def test_a_condition_is_true_false_null_or_a_number(text: str, expected: bool) -> None:
    assert evaluated(f"not ({text})", KNOWN) is not expected
    assert evaluated(f"1 if {text} else 2", KNOWN) == (1 if expected else 2)


@pytest.mark.parametrize("text", ["tea", "day", "owner", "tea and 1", "1 if day else 2"])
def test_text_dates_and_lookups_are_no_conditions(text: str) -> None:
    with pytest.raises(RecordError, match="a condition cannot be"):
        evaluated(f"not ({text})", KNOWN)


def test_an_expression_tells_its_names_and_whose_points_it_reads() -> None:
    found = compile_expression("a + points(b) if c in (d, 1) and true else coalesce(null, e)")
    assert found.names == {"a", "c", "d", "e"}
    assert found.points_of == {"b"}


def test_points_come_from_the_scope() -> None:
    assert evaluated("points(x) + x", KNOWN) == 55


@pytest.mark.parametrize(
    ("text", "moves", "volatile"),
    [
        ("a + 1", False, False),
        ("days_between(a, b)", False, False),
        ("today() > a", True, False),
        ("1 if elapsed(a, b) > 0.5 else 0", True, False),
        ("max(0, months_since(a))", True, False),
        ("hours_until(a)", True, True),
    ],
)
def test_an_expression_tells_whether_time_moves_it(text: str, moves: bool, volatile: bool) -> None:
    found = compile_expression(text)
    assert (found.time_dependent, found.volatile) == (moves, volatile)


def test_persian_names_and_lines_are_read_as_written() -> None:
    assert evaluated("فروش\n  + 1", {"فروش": D(2)}) == 3


def test_a_long_sum_of_small_parts_is_evaluated() -> None:
    assert evaluated("+".join(["1"] * 250)) == 250
