"""Windows: half-open ranges of whole local days that move with today (rules.md 3.5).

FORMS is the table of ways to write one; exactly one of them is used at a time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache

from msgspec.structs import replace

from gradesys.errors import Problem, RuleError
from gradesys.rules.calendars import PERIODS, duration, period_at, plus_days, shifted
from gradesys.rules.clock import Calendar, month_number, weekday
from gradesys.rules.model import Window
from gradesys.rules.nearest import nearest
from gradesys.rules.problems import Findings, at
from gradesys.rules.values import shaped

Span = tuple[date | None, date | None]
"""``[start, end)`` in local days; None is open."""

Days = Callable[[date], Span]
"""From today to the span."""

_TODAY = re.compile(r"@today(?P<days>[+-][0-9]{1,6})?")
_FARTHEST = 1_000_000


def compile_window(window: Window, calendar: Calendar) -> Days:
    """Today -> ``[start, end)``. Raises RuleError, paths relative to the window."""
    found = Findings()
    forms = [form for form, keys in FORM_KEYS.items() if _used(window, keys)]
    if len(forms) != 1:
        found.note((), "exactly one of last, next, period, from/to is needed")
    if window.to_date and window.period is None:
        found.note(("to_date",), "to_date belongs to period")
    if window.offset and "from" in forms:
        found.note(("offset",), "a fixed window has no offset")
    if not -_FARTHEST <= window.offset <= _FARTHEST or int(window.offset) != window.offset:
        found.note(("offset",), "offset is a whole number of at most 1,000,000")
    own = found.attempt((), lambda: _own(window, calendar))
    days = found.attempt((), lambda: FORMS[forms[0]](window, own or calendar)) if forms else None
    found.settle()
    assert days is not None
    return lru_cache(maxsize=8)(days)


def relative_day(text: str) -> Callable[[date], date] | None:
    """``@today``, ``@today-30``, ``@today+7`` as a function of today; None for other text."""
    match = _TODAY.fullmatch(text)
    if match is None:
        return None
    days = int(match["days"] or 0)
    return lambda today: plus_days(today, days)


def moves(window: Window) -> bool:
    """True when the span depends on today."""
    if window.start is None and window.end is None:
        return True
    return any(text is not None and relative_day(text) for text in (window.start, window.end))


def _used(window: Window, keys: tuple[str, ...]) -> bool:
    return any(getattr(window, key) is not None for key in keys)


def _own(window: Window, calendar: Calendar) -> Calendar:
    """The model's calendar with what the window says otherwise."""
    if window.calendar is not None:
        calendar = replace(calendar, kind=window.calendar)
    if window.week_start is not None:
        name = window.week_start
        calendar = replace(calendar, week_start=at(("week_start",), lambda: weekday(name)))
    if window.fiscal_year_start is not None:
        month = window.fiscal_year_start
        first = at(("fiscal_year_start",), lambda: month_number(month))
        calendar = replace(calendar, fiscal_year_start=first)
    return calendar


def _last(window: Window, calendar: Calendar) -> Days:
    length = at(("last",), lambda: duration(window.last or ""))
    k = int(window.offset)

    def days(today: date) -> Span:
        tomorrow = plus_days(today, 1)
        start = shifted(tomorrow, length, k - 1, calendar)
        return start, shifted(tomorrow, length, k, calendar)

    return days


def _next(window: Window, calendar: Calendar) -> Days:
    length = at(("next",), lambda: duration(window.next or ""))
    k = int(window.offset)
    return lambda today: (
        shifted(today, length, k, calendar),
        shifted(today, length, k + 1, calendar),
    )


def _period(window: Window, calendar: Calendar) -> Days:
    name = window.period or ""
    if name not in PERIODS:
        message = f"unknown period '{name}'{nearest(name, PERIODS)}"
        raise RuleError((Problem(("period",), message),))

    def days(today: date) -> Span:
        start, end = period_at(today, name, int(window.offset), calendar)
        return start, min(end, plus_days(today, 1)) if window.to_date else end

    return days


def _fixed(window: Window, calendar: Calendar) -> Days:
    found = Findings()
    start = found.attempt(("from",), lambda: _bound(window.start))
    end = found.attempt(("to",), lambda: _bound(window.end))
    found.settle()
    return lambda today: (start and start(today), end and end(today))


def _bound(text: str | None) -> Callable[[date], date] | None:
    if text is None:
        return None
    if (relative := relative_day(text)) is not None:
        return relative
    day = shaped(text)
    if day is None or isinstance(day, datetime):
        raise RuleError((Problem((), f"'{text}' is no date such as 2026-03-21 or @today-30"),))
    return lambda today: day


FORMS: dict[str, Callable[[Window, Calendar], Days]] = {
    "last": _last,
    "next": _next,
    "period": _period,
    "from": _fixed,
}
FORM_KEYS: dict[str, tuple[str, ...]] = {
    "last": ("last",),
    "next": ("next",),
    "period": ("period",),
    "from": ("start", "end"),
}
