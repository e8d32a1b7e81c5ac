"""A pause for imports: workers rest while marks keep arriving, and it ends by itself if forgotten.

It is kept in the ledger, so that every process of the service obeys it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from gradesys.errors import TemporaryError
from gradesys.marks.protocols import Ledger

NAME = "pause"
LONGEST = timedelta(days=7)
DEFAULT = timedelta(hours=12)


class Pause(Struct, frozen=True):
    """Since when, until when, and why; times are UTC."""

    since: datetime
    until: datetime
    reason: str = ""

    def __str__(self) -> str:
        why = f" ({self.reason})" if self.reason else ""
        return f"paused since {_told(self.since)}{why}, until {_told(self.until)}"


def read_pause(ledger: Ledger, now: float) -> Pause | None:
    """The pause in force at that time of the marks' clock."""
    value = ledger.get(NAME).value
    if not value or value["until"] <= now:
        return None
    return Pause(_moment(value["since"]), _moment(value["until"]), value["reason"])


def begin_pause(ledger: Ledger, now: float, length: timedelta, reason: str) -> Pause:
    """Pause from now on; one that lasts gets another end and, where told, another reason."""
    before = read_pause(ledger, now)
    since = before.since.timestamp() if before else now
    told = reason or (before.reason if before else "")
    value = {"since": since, "until": now + length.total_seconds(), "reason": told}
    _put(ledger, value)
    return Pause(_moment(since), _moment(now + length.total_seconds()), told)


def end_pause(ledger: Ledger, now: float) -> Pause | None:
    """Go on; the pause that ended, if there was one."""
    before = read_pause(ledger, now)
    if before is not None:
        _put(ledger, {})
    return before


def _put(ledger: Ledger, value: Mapping[str, object]) -> None:
    if not ledger.put_if(NAME, value, ledger.get(NAME).version):
        raise TemporaryError("somebody else paused or resumed just now; look at status")


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _told(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
