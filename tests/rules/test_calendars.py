"""Months, durations and periods of two calendars (rules.md 3.5)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from gradesys.errors import RecordError, RuleError
from gradesys.rules.calendars import (
    PERIODS,
    duration,
    months_between,
    period_at,
    plus_days,
    plus_months,
    shifted,
)
from gradesys.rules.clock import Calendar
from tests.rules.moments import JALALI, TEHRAN

FISCAL = replace(JALALI, fiscal_year_start=7)
DAYS = st.dates(date(1950, 1, 1), date(2100, 1, 1))
CALENDARS = st.sampled_from([TEHRAN, JALALI, FISCAL])


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "months", "calendar", "expected"),
    [
        ("2026-03-31", -1, TEHRAN, "2026-02-28"),
        ("2024-01-31", 1, TEHRAN, "2024-02-29"),
        ("2026-12-15", 1, TEHRAN, "2027-01-15"),
        ("2026-08-22", 1, JALALI, "2026-09-22"),
        ("2026-09-22", 1, JALALI, "2026-10-22"),
        ("2025-03-20", 12, JALALI, "2026-03-20"),
    ],
)
def test_a_month_later_clamps_to_the_last_day_of_the_month(
    start: str, months: int, calendar: Calendar, expected: str
) -> None:
    assert plus_months(day(start), months, calendar) == day(expected)


@pytest.mark.parametrize(
    ("text", "times", "expected"),
    [
        ("1 day", 1, "2026-06-16"),
        ("2 weeks", -1, "2026-06-01"),
        ("3 months", 1, "2026-09-15"),
        ("2 years", -1, "2024-06-15"),
        (" 0 days ", 5, "2026-06-15"),
    ],
)
def test_durations_shift_a_day(text: str, times: int, expected: str) -> None:
    assert shifted(day("2026-06-15"), duration(text), times, TEHRAN) == day(expected)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("12 month s", "no duration"),
        ("1.5 days", "no duration"),
        ("-1 days", "no duration"),
        ("12", "no duration"),
        ("3 mnths", "unknown unit 'mnths'; did you mean 'months'?"),
        ("3 hours", "unknown unit 'hours'"),
    ],
)
def test_what_is_no_duration_is_refused(text: str, message: str) -> None:
    with pytest.raises(RuleError, match=message.replace("?", r"\?")):
        duration(text)


@pytest.mark.parametrize(
    ("name", "offset", "calendar", "start", "end"),
    [
        ("day", 0, TEHRAN, "2026-06-15", "2026-06-16"),
        ("week", 0, TEHRAN, "2026-06-13", "2026-06-20"),
        ("week", -1, replace(TEHRAN, week_start=0), "2026-06-08", "2026-06-15"),
        ("month", 0, TEHRAN, "2026-06-01", "2026-07-01"),
        ("month", 0, JALALI, "2026-05-22", "2026-06-22"),
        ("month", -3, JALALI, "2026-02-20", "2026-03-21"),
        ("quarter", -1, TEHRAN, "2026-01-01", "2026-04-01"),
        ("quarter", 0, JALALI, "2026-03-21", "2026-06-22"),
        ("year", 0, JALALI, "2026-03-21", "2027-03-21"),
        ("year", 1, TEHRAN, "2027-01-01", "2028-01-01"),
        ("fiscal_year", 0, FISCAL, "2025-09-23", "2026-09-23"),
        ("fiscal_quarter", 0, FISCAL, "2026-03-21", "2026-06-22"),
        ("fiscal_quarter", 0, replace(TEHRAN, fiscal_year_start=2), "2026-05-01", "2026-08-01"),
    ],
)
def test_a_period_holds_the_day(
    name: str, offset: int, calendar: Calendar, start: str, end: str
) -> None:
    found = period_at(day("2026-06-15"), name, offset, calendar)
    assert found == (day(start), day(end))


@given(DAYS, st.sampled_from(PERIODS), CALENDARS)
def test_periods_hold_their_day_and_tile(today: date, name: str, calendar: Calendar) -> None:
    start, end = period_at(today, name, 0, calendar)
    assert start <= today < end
    assert period_at(today, name, -1, calendar)[1] == start
    assert period_at(today, name, 1, calendar)[0] == end
    assert period_at(start, name, 0, calendar) == (start, end)


@given(DAYS, DAYS, CALENDARS)
def test_months_between_is_the_largest_whole_number_that_fits(
    start: date, end: date, calendar: Calendar
) -> None:
    months = months_between(start, end, calendar)
    assert plus_months(start, months, calendar) <= end
    assert plus_months(start, months + 1, calendar) > end


@pytest.mark.parametrize("calendar", [TEHRAN, JALALI])
def test_no_shift_leaves_the_years_that_a_date_can_have(calendar: Calendar) -> None:
    today = day("2026-06-15")
    assert plus_days(today, 10**9) == date.max
    assert plus_days(today, -(10**9)) == date.min
    assert plus_months(today, 10**6, calendar) == date.max
    assert plus_months(today, -(10**6), calendar) == date.min


def test_a_day_before_the_first_jalali_year_is_an_error_of_its_record() -> None:
    with pytest.raises(RecordError, match="before the first Jalali year"):
        months_between(day("0600-01-01"), day("2026-06-15"), JALALI)
