"""Arithmetic on local days: months of either calendar, durations, and periods (rules.md 3.5).

Results are clamped to the years that a date can have, so that no rule file can overflow.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache
from typing import Any

from msgspec import Struct

from gradesys.errors import Problem, RecordError, RuleError
from gradesys.rules.clock import Calendar
from gradesys.rules.nearest import nearest

_DURATION = re.compile(r"(?P<count>[0-9]{1,6}) +(?P<unit>[a-z]+)")
_UNITS = {
    "day": "days", "week": "weeks", "month": "months", "year": "years",
    "days": "days", "weeks": "weeks", "months": "months", "years": "years",
}  # fmt: skip
_FIRST_JALALI_DAY = date(622, 3, 22)
_MONTHS = {"month": 1, "quarter": 3, "year": 12, "fiscal_quarter": 3, "fiscal_year": 12}
PERIODS = ("day", "week", *_MONTHS)


class Duration(Struct, frozen=True):
    """A whole number of ``days``, ``weeks``, ``months`` or ``years``."""

    count: int
    unit: str

    @property
    def days(self) -> int | None:
        """The length in days, None for months and years."""
        lengths = {"days": self.count, "weeks": 7 * self.count}
        return lengths.get(self.unit)


def duration(text: str) -> Duration:
    """Read ``12 months``; RuleError when it is not a whole number and a unit."""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise RuleError((Problem((), f"'{text}' is no duration such as '12 months'"),))
    unit = match["unit"]
    if unit not in _UNITS:
        raise RuleError(
            (Problem((), f"unknown unit '{unit}'{nearest(unit, set(_UNITS.values()))}"),)
        )
    return Duration(int(match["count"]), _UNITS[unit])


def shifted(day: date, length: Duration, times: int, calendar: Calendar) -> date:
    """``day`` + times x length; a day that the month lacks becomes the month's last."""
    if length.days is not None:
        return plus_days(day, times * length.days)
    months = length.count if length.unit == "months" else 12 * length.count
    return plus_months(day, times * months, calendar)


def plus_days(day: date, days: int) -> date:
    """The day so many days later (earlier when negative)."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min


def plus_months(day: date, months: int, calendar: Calendar) -> date:
    """The same day so many calendar months later, clamped to the month's last day."""
    year, month, number = parts(day, calendar)
    index = year * 12 + month - 1 + months
    return _day(index // 12, index % 12 + 1, number, calendar)


def months_between(start: date, end: date, calendar: Calendar) -> int:
    """The largest whole k with start + k months <= end; negative when start is later."""
    first, last = parts(start, calendar), parts(end, calendar)
    months = 12 * (last[0] - first[0]) + last[1] - first[1]
    return months if plus_months(start, months, calendar) <= end else months - 1


def period_at(day: date, name: str, offset: int, calendar: Calendar) -> tuple[date, date]:
    """``[start, end)`` of the period that holds the day, shifted by ``offset`` periods."""
    if name == "day":
        return plus_days(day, offset), plus_days(day, offset + 1)
    if name == "week":
        start = plus_days(day, 7 * offset - (day.weekday() - calendar.week_start) % 7)
        return start, plus_days(start, 7)
    size = _MONTHS[name]
    anchor = calendar.fiscal_year_start - 1 if name.startswith("fiscal_") else 0
    year, month, _ = parts(day, calendar)
    index = ((year * 12 + month - 1 - anchor) // size + offset) * size + anchor
    ends = (_day(i // 12, i % 12 + 1, 1, calendar) for i in (index, index + size))
    return next(ends), next(ends)


def parts(day: date, calendar: Calendar) -> tuple[int, int, int]:
    """Year, month and day of the month; RecordError before the Jalali calendar begins."""
    if calendar.kind == "gregorian":
        return day.year, day.month, day.day
    if day < _FIRST_JALALI_DAY:
        raise RecordError(f"{day} lies before the first Jalali year")
    jalali = _jalali_date().to_jalali(day)
    return jalali.year, jalali.month, jalali.day


def _day(year: int, month: int, number: int, calendar: Calendar) -> date:
    """The nearest day that exists: in this month, and in a year that a date can have."""
    if year < 1:
        return date.min
    try:
        if calendar.kind == "gregorian":
            from calendar import monthrange

            return date(year, month, min(number, monthrange(year, month)[1]))
        jalali = _jalali_date()
        last = jalali.days_in_month(month, year)
        found: date = jalali(year, month, min(number, last)).to_gregorian()
        return found
    except (ValueError, OverflowError):
        return date.max


@cache
def _jalali_date() -> Any:
    """Imported with the first Jalali day; its methods carry no annotations."""
    from persiantools.jdatetime import JalaliDate

    return JalaliDate
