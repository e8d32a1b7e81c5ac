"""Windows as ranges of whole local days (rules.md 3.5)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradesys.errors import RuleError
from gradesys.rules.model import Window
from gradesys.rules.typed import typed
from gradesys.rules.windows import compile_window, moves
from tests.rules.moments import JALALI, TEHRAN

NUMBERS = {"offset", "fiscal_year_start"}


def window(written: dict[str, Any]) -> Window:
    """The node, with numbers as the loader gives them."""
    return typed(
        Window, {key: Decimal(value) if key in NUMBERS else value for key, value in written.items()}
    )


def span(written: dict[str, Any], today: str = "2026-06-15") -> tuple[str | None, str | None]:
    start, end = compile_window(window(written), TEHRAN)(date.fromisoformat(today))
    return _text(start), _text(end)


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ({"last": "30 days"}, "2026-05-17", "2026-06-16"),
        ({"last": "30 days", "offset": -1}, "2026-04-17", "2026-05-17"),
        ({"last": "1 day", "offset": 1}, "2026-06-16", "2026-06-17"),
        ({"last": "2 weeks"}, "2026-06-02", "2026-06-16"),
        ({"last": "12 months"}, "2025-06-16", "2026-06-16"),
        ({"next": "7 days"}, "2026-06-15", "2026-06-22"),
        ({"next": "1 month", "offset": 1}, "2026-07-15", "2026-08-15"),
        ({"period": "month"}, "2026-06-01", "2026-07-01"),
        ({"period": "month", "to_date": True}, "2026-06-01", "2026-06-16"),
        ({"period": "month", "to_date": True, "offset": -1}, "2026-05-01", "2026-06-01"),
        ({"period": "month", "calendar": "jalali"}, "2026-05-22", "2026-06-22"),
        ({"period": "week", "week_start": "monday"}, "2026-06-15", "2026-06-22"),
        ({"period": "fiscal_year", "fiscal_year_start": 4}, "2026-04-01", "2027-04-01"),
        ({"from": "2026-03-21", "to": "2027-03-21"}, "2026-03-21", "2027-03-21"),
        ({"from": "@today-7"}, "2026-06-08", None),
        ({"to": "@today+1"}, None, "2026-06-16"),
        ({"last": "5000 years"}, "0001-01-01", "2026-06-16"),
    ],
)
def test_every_form_gives_its_half_open_range(
    written: dict[str, Any], start: str | None, end: str | None
) -> None:
    assert span(written) == (start, end)


def test_the_last_month_on_the_thirtieth_of_march_begins_on_the_last_of_february() -> None:
    assert span({"last": "1 month"}, "2026-03-30") == ("2026-02-28", "2026-03-31")


@given(
    st.dates(date(1950, 1, 1), date(2100, 1, 1)),
    st.sampled_from(["30 days", "1 month", "3 months", "1 year", "2 weeks"]),
    st.sampled_from(["last", "next"]),
    st.integers(-20, 20),
    st.sampled_from([TEHRAN, JALALI]),
)
def test_windows_of_neighbouring_offsets_tile(
    today: date, length: str, form: str, offset: int, calendar: Any
) -> None:
    spans = [
        compile_window(window({form: length, "offset": k}), calendar)(today)
        for k in (offset, offset + 1)
    ]
    assert spans[0][1] == spans[1][0]


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ({}, "exactly one of last, next, period, from/to is needed"),
        ({"last": "3 days", "period": "month"}, "exactly one of"),
        ({"last": "3 dayz"}, "last: unknown unit 'dayz'; did you mean 'days'?"),
        ({"last": "3 days", "to_date": True}, "to_date: to_date belongs to period"),
        ({"period": "mont"}, "period: unknown period 'mont'; did you mean 'month'?"),
        ({"from": "2026-13-01"}, "from: '2026-13-01' is no date"),
        ({"to": "2026-01-01T00:00:00Z"}, "to: '2026-01-01T00:00:00Z' is no date"),
        ({"from": "2026-01-01", "offset": 1}, "offset: a fixed window has no offset"),
        ({"last": "3 days", "offset": "0.5"}, "offset: offset is a whole number"),
        ({"last": "3 days", "offset": "1e400"}, "offset: offset is a whole number"),
        ({"period": "week", "week_start": "sat"}, "week_start: unknown weekday 'sat'"),
        ({"period": "year", "fiscal_year_start": 13}, "fiscal_year_start: a month is"),
    ],
)
def test_a_wrong_window_is_refused_with_its_key(written: dict[str, Any], problem: str) -> None:
    with pytest.raises(RuleError) as caught:
        compile_window(window(written), TEHRAN)
    assert str(caught.value.problems[0]).startswith(problem)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"last": "3 days"}, True),
        ({"period": "year"}, True),
        ({"from": "2026-01-01"}, False),
        ({"from": "2026-01-01", "to": "@today"}, True),
    ],
)
def test_only_a_fixed_window_without_today_stands_still(
    written: dict[str, Any], expected: bool
) -> None:
    assert moves(window(written)) is expected
