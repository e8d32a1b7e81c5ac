"""What a cell is, told by its shape: dates written as text, numbers, and when two are the same."""

from __future__ import annotations

import re
from collections.abc import Hashable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import overload

from gradesys.errors import RecordError
from gradesys.records import Ref, Value
from gradesys.rules.text import normalize

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?"
    r"(?P<offset>Z|[+-][0-9]{2}:?[0-9]{2})?"
)


def shaped(text: str) -> date | datetime | None:
    """The date or instant (aware, UTC) that the text has the shape of (15.4), else None.

    ``YYYY-MM-DD`` is date-only; ``YYYY-MM-DDThh:mm[:ss[.f]][Z or offset]`` an instant, without
    offset UTC.
    """
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
        if match := _INSTANT.fullmatch(text):
            moment = datetime.fromisoformat(text)
            return moment.astimezone(UTC) if match["offset"] else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return None


def lacks_offset(text: str) -> bool:
    """True for a date-time without offset, which a rule file may not hold (15.4)."""
    match = _INSTANT.fullmatch(text)
    return match is not None and match["offset"] is None


@overload
def number(value: None) -> None: ...
@overload
def number(value: bool | Decimal | str | date | Ref) -> Decimal: ...
def number(value: Value) -> Decimal | None:
    """A number as it is, true/false as 1/0, null as null; RecordError for dates, text, lookups."""
    if isinstance(value, bool):
        return Decimal(value)
    if value is None or isinstance(value, Decimal):
        return value
    raise RecordError(f"a number is needed, not {described(value)}")


def whole(value: int | None) -> Decimal | None:
    """A number that came as an int."""
    return None if value is None else Decimal(value)


def in_utc(value: datetime | None) -> datetime | None:
    """An instant that came with whatever offset."""
    return value if value is None or value.tzinfo is UTC else value.astimezone(UTC)


def described(value: Value) -> str:
    """The kind of a value in words, for messages; never the value itself."""
    return _WORDS[value.__class__]


_WORDS: dict[type, str] = {
    type(None): "null",
    bool: "true/false",
    Decimal: "a number",
    str: "text",
    date: "a date",
    datetime: "a date",
    Ref: "a lookup",
}


def identity(value: Value) -> Hashable:
    """Equal for values that ``count_distinct`` and ``mode`` take for the same (15.3).

    Numbers by value, text normalised, dates and instants by kind and value, lookups by id; true and
    1 differ.
    """
    if isinstance(value, str):
        return "text", normalize(value)
    if isinstance(value, Ref):
        return "lookup", value.id.lower()
    if isinstance(value, datetime):
        return "local" if value.tzinfo is None else "instant", value
    return described(value), value
