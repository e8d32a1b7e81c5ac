"""The ``$deltatoken``: the version up to which a client knows a table, and since when."""

import re
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from emulator.errors import ApiError, invalid_argument

_TOKEN = re.compile(r"(\d{1,18})!(\d\d/\d\d/\d{4} \d\d:\d\d:\d\d)")
_FORMAT = "%m/%d/%Y %H:%M:%S"


class Delta(Struct, frozen=True):
    """A state of a table that a client has read: everything up to this version."""

    version: int
    moment: datetime


def write_delta(delta: Delta) -> str:
    """E.g. ``919042!08/22/2026 08:10:44``."""
    return f"{delta.version}!{delta.moment.astimezone(UTC).strftime(_FORMAT)}"


def read_delta(token: str, now: datetime, days: int) -> Delta:
    """A token as a value; 400 for one that is not ours, or older than this many days."""
    match = _TOKEN.fullmatch(token)
    try:
        moment = datetime.strptime(match[2], _FORMAT).replace(tzinfo=UTC) if match else None
    except ValueError:
        moment = None
    if match is None or moment is None:
        raise invalid_argument(f"Invalid value '{token}' for $deltatoken.")
    if now - moment > timedelta(days=days):
        message = (
            "Version stamp associated with the client has expired. Please perform a full sync."
        )
        raise ApiError(400, "0x80044352", message)
    return Delta(int(match[1]), moment)
