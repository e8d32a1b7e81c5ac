"""Periods on the user's clock: what "last 4 days", "next month" or "this year" reach from and to.

"Last x" goes back whole units from midnight this morning and ends now; "next x" starts now and
goes forward from midnight tonight. Weeks begin on Sunday, the fiscal year on 1 January.
"""

import calendar
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from msgspec import Struct

_DAY = timedelta(days=1)
_MONTHS = {"month": 1, "fiscal-period": 3, "year": 12, "fiscal-year": 12}
_LENGTHS = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": _DAY,
    "week": 7 * _DAY,
}


class Period(Struct, frozen=True):
    """From ``since`` up to and with ``until`` or up to and without ``before``; None is open."""

    since: datetime | None = None
    before: datetime | None = None
    until: datetime | None = None


def moved(moment: datetime, unit: str, count: int) -> datetime:
    """The moment so many units later; the day of the month is cut to the month's length."""
    if unit in _LENGTHS:
        return moment + _LENGTHS[unit] * count
    months = moment.year * 12 + moment.month - 1 + _MONTHS[unit] * count
    year, month = divmod(months, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def day_start(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _week_start(moment: datetime) -> datetime:
    return day_start(moment) - _DAY * ((moment.weekday() + 1) % 7)


def _month_start(moment: datetime) -> datetime:
    return day_start(moment).replace(day=1)


def _quarter_start(moment: datetime) -> datetime:
    return _month_start(moment).replace(month=(moment.month - 1) // 3 * 3 + 1)


def _year_start(moment: datetime) -> datetime:
    return _month_start(moment).replace(month=1)


_STARTS: Mapping[str, Callable[[datetime], datetime]] = {
    "day": day_start,
    "week": _week_start,
    "month": _month_start,
    "fiscal-period": _quarter_start,
    "year": _year_start,
    "fiscal-year": _year_start,
}


def whole_unit(now: datetime, unit: str, offset: int) -> Period:
    """A calendar unit: the one around now moved by the offset."""
    since = moved(_STARTS[unit](now), unit, offset)
    return Period(since=since, before=moved(since, unit, 1))


def last_units(now: datetime, unit: str, count: int) -> Period:
    return Period(since=moved(_anchor(now, unit), unit, -count), until=now)


def next_units(now: datetime, unit: str, count: int) -> Period:
    """Ends with the day that many units ahead; hours end at the very moment."""
    if unit == "hour":
        return Period(since=now, until=moved(now, unit, count))
    return Period(since=now, before=moved(day_start(now), unit, count) + _DAY)


def older_than(now: datetime, unit: str, count: int) -> Period:
    return Period(before=moved(_anchor(now, unit), unit, -count))


def _anchor(now: datetime, unit: str) -> datetime:
    return now if unit in ("minute", "hour") else day_start(now)
