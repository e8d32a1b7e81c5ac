"""Windows and periods: half-open ranges of whole local days (3.5)."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from tests.oracle.calendars import duration, month_of, month_start, shift
from tests.oracle.clock import Clock, literal
from tests.oracle.errors import InputError
from tests.oracle.values import Value

Window = Mapping[str, Any]
Range = tuple[dt.date | None, dt.date | None]  # start inclusive, end exclusive, None = open

_WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_MONTHS = {"month": 1, "quarter": 3, "year": 12, "fiscal_quarter": 3, "fiscal_year": 12}


def window_range(window: Window, clock: Clock) -> Range:
    """The days of a window at the clock's moment."""
    for form, days in _FORMS.items():
        if window.get(form) is not None:
            return days(window, clock.within(window))
    raise InputError(f"a window without a form: {dict(window)!r}")


def in_window(value: Value, window: Window, clock: Clock) -> bool:
    """Whether the local date of the value lies in the window; null lies in none."""
    if value is None:
        return False
    start, end = window_range(window, clock)
    day = clock.day(value)
    return (start is None or start <= day) and (end is None or day < end)


def period_range(period: str, day: dt.date, offset: int, clock: Clock) -> tuple[dt.date, dt.date]:
    """The calendar period that holds the day, moved by `offset` periods."""
    if period in _MONTHS:
        return _month_period(period, day, offset, clock)
    if period not in ("day", "week"):
        raise InputError(f"not a period: {period!r}")
    length = dt.timedelta(days=7 if period == "week" else 1)
    back = (day.weekday() - _WEEKDAYS.index(clock.week_start)) % 7 if period == "week" else 0
    start = day - dt.timedelta(days=back) + offset * length
    return start, start + length


def _month_period(period: str, day: dt.date, offset: int, clock: Clock) -> tuple[dt.date, dt.date]:
    length = _MONTHS[period]
    first = clock.fiscal_year_start - 1 if period.startswith("fiscal") else 0
    month = month_of(day, clock.calendar)
    start = month - (month - first) % length + offset * length
    return month_start(start, clock.calendar), month_start(start + length, clock.calendar)


def _last(window: Window, clock: Clock) -> Range:
    length, k = duration(window["last"]), _offset(window)
    return (
        shift(clock.tomorrow, length, k - 1, clock.calendar),
        shift(clock.tomorrow, length, k, clock.calendar),
    )


def _next(window: Window, clock: Clock) -> Range:
    length, k = duration(window["next"]), _offset(window)
    return (
        shift(clock.today, length, k, clock.calendar),
        shift(clock.today, length, k + 1, clock.calendar),
    )


def _period(window: Window, clock: Clock) -> Range:
    start, end = period_range(window["period"], clock.today, _offset(window), clock)
    return start, min(end, clock.tomorrow) if window.get("to_date") else end


def _fixed(window: Window, clock: Clock) -> Range:
    return _bound(window.get("from"), clock), _bound(window.get("to"), clock)


def _bound(text: str | None, clock: Clock) -> dt.date | None:
    if text is None:
        return None
    found = literal(text, clock.today)
    if found is None:
        raise InputError(f"not a date: {text!r}")
    return clock.day(found)


def _offset(window: Window) -> int:
    return int(window.get("offset") or 0)


_FORMS: dict[str, Callable[[Window, Clock], Range]] = {
    "last": _last,
    "next": _next,
    "period": _period,
    "from": _fixed,
    "to": _fixed,
}
