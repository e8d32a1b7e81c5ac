"""The moment of an evaluation and what a local day is there (2, 3.5, 15.4)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from tests.oracle.errors import InputError, RecordError
from tests.oracle.values import Value, moment


@dataclass(frozen=True, slots=True)
class Clock:
    """The instant of evaluation, the zone where days begin, and the calendar's settings."""

    now: dt.datetime
    zone: ZoneInfo
    calendar: str
    week_start: str
    fiscal_year_start: int

    @property
    def today(self) -> dt.date:
        """The local date of the evaluation instant."""
        return self.day(self.now)

    @property
    def tomorrow(self) -> dt.date:
        """The day after today: the end of every window that includes today."""
        return self.today + dt.timedelta(days=1)

    def day(self, value: Value) -> dt.date:
        """The local date of a date-only value (itself) or an instant."""
        if isinstance(value, dt.datetime):
            return value.astimezone(self.zone).date()
        if isinstance(value, dt.date):
            return value
        raise RecordError(f"a date is needed, not {value!r}")

    def instant(self, value: Value) -> dt.datetime:
        """An instant as it is; a date-only value is its local midnight."""
        if isinstance(value, dt.datetime):
            return value
        if isinstance(value, dt.date):
            midnight = dt.datetime.combine(value, dt.time(), self.zone)
            return midnight.astimezone(dt.UTC)
        raise RecordError(f"a date is needed, not {value!r}")

    def within(self, window: Mapping[str, Any]) -> "Clock":
        """The same moment with the calendar settings that a window carries itself."""
        names = ("calendar", "week_start", "fiscal_year_start")
        own = {name: window[name] for name in names if window.get(name) is not None}
        if "fiscal_year_start" in own:
            own["fiscal_year_start"] = int(own["fiscal_year_start"])
        return replace(self, **own)


def model_clock(model: Mapping[str, Any], as_of: str | dt.datetime) -> Clock:
    """The clock of a model at an instant with offset."""
    return Clock(
        now=instant_of(as_of),
        zone=ZoneInfo(model.get("timezone") or "Asia/Tehran"),
        calendar=model.get("calendar") or "gregorian",
        week_start=model.get("week_start") or "saturday",
        fiscal_year_start=int(model.get("fiscal_year_start") or 1),
    )


def instant_of(as_of: str | dt.datetime) -> dt.datetime:
    """Read `as_of`, which must carry its offset (15.4), into UTC."""
    read = dt.datetime.fromisoformat(as_of) if isinstance(as_of, str) else as_of
    if read.tzinfo is None:
        raise InputError(f"as_of needs an offset: {as_of!r}")
    return read.astimezone(dt.UTC)


def literal(text: str, today: dt.date) -> dt.date | None:
    """`@today`, `@today-30` or a text of a date's shape; None for any other text (3.4)."""
    if not text.startswith("@today"):
        return moment(text)
    days = text.removeprefix("@today")
    if days and not (days[0] in "+-" and days[1:].isascii() and days[1:].isdigit()):
        return None
    return today + dt.timedelta(days=int(days or 0))
