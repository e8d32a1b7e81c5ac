"""The examples that the reference itself gives for expressions (5, 15.1)."""

from decimal import Decimal

import pytest

from tests.oracle.clock import model_clock
from tests.oracle.errors import InputError, RecordError
from tests.oracle.expressions import Scope, evaluate_text
from tests.oracle.values import Value, moment

_AS_OF = "2026-06-15T12:00:00+03:30"
_NAMES: dict[str, Value] = {
    "n": None,
    "yes": True,
    "late": moment("2026-06-15T06:59:59Z"),
    "day": moment("2026-06-14"),
    "word": "شركت ١٢",
}


def _value(text: str, as_of: str = _AS_OF, **model: str) -> Value:
    clock = model_clock(model, as_of)
    return evaluate_text(text, Scope(clock, _NAMES.__getitem__, None))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("max(null, 3)", None),
        ("max(1, true, 0.5)", 1),
        ("floor(-1.5)", -2),
        ("ceil(-1.5)", -1),
        ("round(2.5)", 3),
        ("round(-2.5)", -3),
        ("round(250, -2)", 300),
        ("0 ** 0", 1),
        ("0 ** -1", None),
        ("2 ** 17", None),
        ("2 ** -16 * 65536", 1),
        ("(-4) ** 0.5", None),
        ("ln(0)", None),
        ("sqrt(-1)", None),
        ("exp(10000000)", None),
        ("sigmoid(0)", "0.5"),
        ("sigmoid(-1e7)", 0),
        ("clamp(9, 0, 5)", 5),
        ("coalesce(null, 4)", 4),
        ("is_null(n)", True),
        ("ratio(null, 5, 1)", 1),
        ("ratio(1, 0)", None),
        ("ratio(1, 0, null)", None),
        ("number('۱۲')", 12),
        ("number('1,000')", None),
        ("number(' -12.5 ')", "-12.5"),
        ("number(day)", None),
        ("number(yes)", 1),
        ("days_until(day)", -1),
        ("days_since(day)", 1),
        ("days_between('2026-06-15T20:30:00Z', '2026-06-15')", -1),
        ("months_since('2026-06-16')", -1),
        ("months_since('2026-05-15')", 1),
        ("hours_since(late)", "1.500277777777777777777777778"),
        ("hours_until('2026-06-16')", 12),
        ("elapsed('2026-03-21', '2026-09-22') == 87 / 186", True),
        ("elapsed('2026-03-21', '2026-03-22')", 1),
        ("elapsed('2026-06-16', '2026-06-15')", None),
        ("0.1 + 0.2 == 0.3", True),
        ("1 / 3 * 3 == 1", False),
        ("1 / 0", None),
        ("n + 1", None),
        ("n == null", False),
        ("n != null", False),
        ("n != 0", True),
        ("n < 1 or n >= 1", False),
        ("n in (1, null)", False),
        ("n not in (1, 2)", True),
        ("not n", True),
        ("5 and 2", True),
        ("1 < 2 < 2", False),
        ("1 if n else 2", 2),
        ("true + true", 2),
        ("yes == 1", True),
        ("word == 'شرکت 12'", True),
        ("day < '2026-06-15'", True),
        ("late == '2026-06-15'", True),
        ("late == '2026-06-15T06:59:59Z'", True),
        ("late < '2026-06-15T07:00:00Z'", True),
        ("-2 ** 2", -4),
        ("is_null('')", False),
        ("10000000000000000000000000000.5 - 0.5", "10000000000000000000000000000"),
    ],
)
def test_an_expression_has_the_value_of_the_reference(
    text: str, value: str | int | bool | None
) -> None:
    wanted = value if isinstance(value, bool | None) else Decimal(value)
    found = _value(text)
    assert (type(found), found) == (type(wanted), wanted)


@pytest.mark.parametrize(
    ("text", "as_of", "months"),
    [
        ("months_since('2026-01-31')", "2026-02-28T12:00:00+03:30", 1),
        ("months_since('2026-03-31')", "2026-02-28T12:00:00+03:30", -1),
        ("months_since('2026-02-28')", "2026-03-30T12:00:00+03:30", 1),
    ],
)
def test_whole_months_clamp_a_missing_day(text: str, as_of: str, months: int) -> None:
    assert _value(text, as_of) == months


def test_months_are_those_of_the_models_calendar() -> None:
    # 1 Khordad 1405 is 22 May 2026, 1 Tir is 22 June
    assert _value("months_since('2026-05-22')", "2026-06-21T12:00:00+03:30", calendar="jalali") == 0
    assert _value("months_since('2026-05-22')", "2026-06-22T12:00:00+03:30", calendar="jalali") == 1


@pytest.mark.parametrize("text", ["day + 1", "word > 1", "not word", "days_since(5)", "day == 'x'"])
def test_kinds_that_do_not_fit_are_an_error_of_the_record(text: str) -> None:
    with pytest.raises(RecordError):
        _value(text)


@pytest.mark.parametrize(
    "text",
    ["a.b", "[1]", "1 % 2", "7 // 2", "f(1)", "lambda: 1", "1_000", "0x1F", "points(n)", "1 +"],
)
def test_what_the_grammar_lacks_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        _value(text)
