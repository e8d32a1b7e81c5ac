"""When it is, and where days begin: the only clock of the rules, and always an argument.

A Calendar belongs to a model, a Moment to one evaluation of it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

from msgspec import Struct
from msgspec.structs import force_setattr

from gradesys.errors import Problem, RecordError, RuleError
from gradesys.records import Value
from gradesys.rules.model import RuleModel
from gradesys.rules.nearest import nearest
from gradesys.rules.problems import Findings
from gradesys.rules.values import described, shaped

_DAY = timedelta(days=1)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Calendar(Struct, frozen=True):
    """Where days, weeks, months and fiscal years begin. ``week_start``: 0 is Monday."""

    zone: ZoneInfo
    kind: Literal["gregorian", "jalali"] = "gregorian"
    week_start: int = 5
    fiscal_year_start: int = 1


class Moment(Struct, frozen=True):
    """The instant of an evaluation (aware) and its local day."""

    now: datetime
    calendar: Calendar
    today: date = date.min
    """Always the day of ``now``, whatever is given."""

    def __post_init__(self) -> None:
        force_setattr(self, "today", self.now.astimezone(self.calendar.zone).date())

    def local_date(self, value: Value) -> date | None:
        """The local day of a date, an instant, or text of such a shape; RecordError otherwise."""
        moment = value if value.__class__ is datetime else dated(value)
        if not isinstance(moment, datetime) or moment.tzinfo is None:
            return moment.date() if isinstance(moment, datetime) else moment
        try:
            if moment.tzinfo is UTC:
                offset = _offset(self.calendar.zone, moment.date())
                if offset is not None:
                    return (moment + offset).date()
            return moment.astimezone(self.calendar.zone).date()
        except OverflowError:
            return moment.date()

    def instant(self, value: Value) -> datetime | None:
        """The instant (UTC) of a value; a date is its local midnight, a naive one local time."""
        moment = dated(value)
        if moment is None or (isinstance(moment, datetime) and moment.tzinfo is not None):
            return moment
        if not isinstance(moment, datetime):
            moment = datetime.combine(moment, time.min)
        try:
            return moment.replace(tzinfo=self.calendar.zone).astimezone(UTC)
        except OverflowError:
            return moment.replace(tzinfo=UTC)


@lru_cache(maxsize=10_000)
def _offset(zone: ZoneInfo, day: date) -> timedelta | None:
    """What local time is ahead by through a whole day of UTC; None: it changes within. A change
    that is taken back between two midnights of UTC would be missed: no zone had two in a week."""
    begin = datetime.combine(day, time.min, UTC)
    try:
        first = begin.astimezone(zone).utcoffset()
        return first if (begin + _DAY).astimezone(zone).utcoffset() == first else None
    except OverflowError:
        return None


def dated(value: Value) -> date | datetime | None:
    """The date or instant that a value is or, being text, has the shape of; null stays null."""
    if value is None or isinstance(value, date):
        return value
    moment = shaped(value) if isinstance(value, str) else None
    if moment is None:
        raise RecordError(f"a date is needed, not {described(value)}")
    return moment


def calendar_of(model: RuleModel) -> Calendar:
    """The calendar of a model; RuleError for an unknown time zone, weekday or month."""
    found = Findings()
    zone = found.attempt(("timezone",), lambda: _zone(model.timezone))
    week = found.attempt(("week_start",), lambda: weekday(model.week_start))
    month = found.attempt(("fiscal_year_start",), lambda: month_number(model.fiscal_year_start))
    found.settle()
    assert zone is not None and week is not None and month is not None
    return Calendar(zone, model.calendar, week, month)


def weekday(name: str) -> int:
    """0 for monday; RuleError for any other word."""
    if name not in WEEKDAYS:
        raise RuleError((Problem((), f"unknown weekday '{name}'{nearest(name, WEEKDAYS)}"),))
    return WEEKDAYS.index(name)


def month_number(value: Decimal) -> int:
    """1 to 12; RuleError for anything else."""
    if value not in range(1, 13):
        raise RuleError((Problem((), "a month is a whole number from 1 to 12"),))
    return int(value)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        hint = nearest(name, available_timezones())
        raise RuleError((Problem((), f"unknown time zone '{name}'{hint}"),)) from error
