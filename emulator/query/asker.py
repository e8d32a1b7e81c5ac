"""Who asks and when: what "today" and "me" mean inside a query."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from msgspec import Struct

from emulator.errors import Unsupported

# usersettings.timezonecode -> IANA name, for the zones the emulator knows.
_ZONES = {
    4: "America/Los_Angeles",
    10: "America/Denver",
    20: "America/Chicago",
    35: "America/New_York",
    85: "Europe/London",
    92: "UTC",
    95: "Europe/Budapest",
    105: "Europe/Paris",
    110: "Europe/Berlin",
    160: "Asia/Tehran",
    190: "Asia/Kolkata",
}


class Asker(Struct, frozen=True):
    """The calling user: guids of user and business unit, UI language, clock and time zone."""

    now: datetime
    user: str
    unit: str
    language: int
    zone_code: int | None = None

    @property
    def zone(self) -> ZoneInfo:
        """UTC without a setting; 501 for a time zone code that is not known."""
        if self.zone_code is None:
            return ZoneInfo("UTC")
        if self.zone_code not in _ZONES:
            raise Unsupported(f"the time zone code {self.zone_code}")
        return ZoneInfo(_ZONES[self.zone_code])

    def local(self) -> datetime:
        """Now on the user's clock, without an offset."""
        return self.now.astimezone(self.zone).replace(tzinfo=None)

    def from_local(self, moment: datetime) -> datetime:
        """A moment of the user's clock as UTC."""
        return moment.replace(tzinfo=self.zone).astimezone(UTC)

    def to_local(self, moment: datetime) -> datetime:
        """A UTC moment on the user's clock, without an offset."""
        return moment.astimezone(self.zone).replace(tzinfo=None)


Asking: TypeAlias = Callable[[], Asker]
"""Finds the asker only when a query refers to one."""
