"""Months of the Gregorian and the Jalali calendar, and durations counted in them (3.5)."""

import calendar as gregorian
import datetime as dt
import re
from typing import Any

from persiantools.jdatetime import JalaliDate

from tests.oracle.errors import InputError

Duration = tuple[int, str]  # how many, and "day", "week", "month" or "year"

_Jalali: Any = JalaliDate  # persiantools ships without types
_DURATION = re.compile(r"([0-9]+) +(day|week|month|year)s?")


def duration(text: str) -> Duration:
    """Read `30 days`, `1 month`."""
    found = _DURATION.fullmatch(text)
    if not found:
        raise InputError(f"not a duration: {text!r}")
    return int(found[1]), found[2]


def month_of(day: dt.date, calendar: str) -> int:
    """The running number of the month that holds the day (year * 12 + month - 1)."""
    return _parts(day, calendar)[0]


def month_start(month: int, calendar: str) -> dt.date:
    """The first day of the month with that running number."""
    return _day(month, 1, calendar)


def shift(day: dt.date, length: Duration, times: int, calendar: str) -> dt.date:
    """day + times x length; a missing day clamps to the month's last."""
    count, unit = length
    if unit in ("day", "week"):
        return day + dt.timedelta(days=count * times * (7 if unit == "week" else 1))
    return add_months(day, count * times * (12 if unit == "year" else 1), calendar)


def add_months(day: dt.date, months: int, calendar: str) -> dt.date:
    """Move by whole calendar months, clamped."""
    month, of_month = _parts(day, calendar)
    return _day(month + months, of_month, calendar)


def _parts(day: dt.date, calendar: str) -> tuple[int, int]:
    if calendar == "jalali":
        local = _Jalali(day)
        return local.year * 12 + local.month - 1, local.day
    return day.year * 12 + day.month - 1, day.day


def _day(month: int, of_month: int, calendar: str) -> dt.date:
    year, index = divmod(month, 12)
    if calendar == "jalali":
        last = _Jalali.days_in_month(index + 1, year)
        moved: dt.date = _Jalali(year, index + 1, min(of_month, last)).to_gregorian()
        return moved
    last = gregorian.monthrange(year, index + 1)[1]
    return dt.date(year, index + 1, min(of_month, last))
