"""A clock and calendars for tests of the constructs, and a scope whose names are a dict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from gradesys.records import Value
from gradesys.rules.arithmetic import computing
from gradesys.rules.clock import Calendar, Moment
from gradesys.rules.emit.rows import row_function
from gradesys.rules.expressions import compile_expression

TEHRAN = Calendar(ZoneInfo("Asia/Tehran"))
JALALI = Calendar(ZoneInfo("Asia/Tehran"), "jalali")
NOON = Moment(datetime(2026, 6, 15, 8, 30, tzinfo=UTC), TEHRAN)
"""Monday, 25 Khordad 1405, 12:00 in Tehran."""


def on(day: str, calendar: Calendar = TEHRAN) -> Moment:
    """Local noon of a day."""
    noon = datetime.combine(date.fromisoformat(day), datetime.min.time()).replace(hour=12)
    return Moment(noon.replace(tzinfo=calendar.zone).astimezone(UTC), calendar)


def utc(text: str) -> datetime:
    """An instant."""
    return datetime.fromisoformat(text).astimezone(UTC)


@dataclass
class Names:
    """A scope of an expression; keeps its notes."""

    known: Mapping[str, Value] = field(default_factory=dict)
    moment: Moment = NOON
    notes: list[str] = field(default_factory=list)

    def value(self, name: str) -> Value:
        """The value of a known name."""
        return self.known[name]

    def points(self, name: str) -> Decimal | None:
        """Ten times the value of a name, which must be a number."""
        value = self.known[name]
        assert isinstance(value, Decimal)
        return 10 * value

    def note(self, text: str) -> None:
        """Keep a note."""
        self.notes.append(text)


def evaluated(text: str, known: Mapping[str, Value] = {}, moment: Moment = NOON) -> Value:
    """The value of an expression whose names are known."""
    with computing():
        return row_function(compile_expression(text))(Names(known, moment))


def wall(text: str) -> datetime:
    """A time-zone-independent value: local wall time without a zone."""
    return datetime.fromisoformat(text)
