"""What a store may leave out: supersets of a filter's rows in negation normal form (records.py).

Every piece says which rows can matter when its condition is wanted true, or wanted false. Where
that cannot be said soundly the answer is EVERYTHING: slow, never wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from gradesys.records import AllOf, AnyOf, Column, Compare, Kind, Narrowing, Value
from gradesys.rules.rounding import rounded
from gradesys.rules.windows import Span

EVERYTHING = AllOf(())
NOTHING = AnyOf(())

_OPPOSITE = {"gt": "le", "ge": "lt", "lt": "ge", "le": "gt"}
_EARLIEST, _LATEST = date(1753, 1, 2), date(9998, 12, 31)
"""Days that Dataverse and every time zone can hold."""
_GUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_WHOLE = frozenset({Kind.INTEGER, Kind.CHOICE})


def every(parts: Iterable[Narrowing]) -> Narrowing:
    """All of the parts, flat and without those that leave out nothing."""
    kept: list[Narrowing] = []
    for part in parts:
        if part == NOTHING:
            return NOTHING
        kept += part.parts if isinstance(part, AllOf) else [part]
    return kept[0] if len(kept) == 1 else AllOf(tuple(dict.fromkeys(kept)))


def some(parts: Iterable[Narrowing]) -> Narrowing:
    """Any of the parts, flat; EVERYTHING as soon as one part is."""
    kept: list[Narrowing] = []
    for part in parts:
        if part == EVERYTHING:
            return EVERYTHING
        kept += part.parts if isinstance(part, AnyOf) else [part]
    return kept[0] if len(kept) == 1 else AnyOf(tuple(dict.fromkeys(kept)))


def null(column: str, wanted: bool) -> Narrowing:
    """Rows whose column is null, or is not."""
    return Compare(column, "null" if wanted else "not_null")


def compared(column: str, op: str, operand: Value, wanted: bool) -> Narrowing:
    """Rows for which ``column op operand`` (eq gt ge lt le, two-valued) is as wanted."""
    if wanted:
        return Compare(column, op, operand)
    if op == "eq":
        return Compare(column, "ne", operand)
    return some([Compare(column, _OPPOSITE[op], operand), null(column, wanted=True)])


def sendable(kind: Kind, op: str, operand: Value) -> bool:
    """True when a server can be asked to compare a column of this kind with the operand."""
    if isinstance(operand, bool):
        return op == "eq"
    if isinstance(operand, Decimal):
        places, largest = (0, 2**31) if kind in _WHOLE else (10, 10**11)
        return abs(operand) < largest and operand == rounded(operand, places)
    if isinstance(operand, datetime):
        return kind is Kind.INSTANT and _EARLIEST <= operand.date() <= _LATEST
    return isinstance(operand, str) and re.fullmatch(_GUID, operand) is not None


def within(column: Column, name: str, span: Span, zone: ZoneInfo, wanted: bool) -> Narrowing:
    """Rows whose local day lies in ``[start, end)``, or does not (null does not).

    ``name`` is the column as the rule names it, dotted or not.
    """
    days = [day for day in span if day is not None]
    if any(not _EARLIEST <= day <= _LATEST for day in days):
        return EVERYTHING
    start, end = (day and _edges(day, column.kind, zone) for day in span)
    if wanted:
        after = [Compare(name, "ge", start[0])] if start else []
        before = [Compare(name, "lt", end[1])] if end else []
        return every([*after, *before] or [null(name, wanted=False)])
    outside: list[Narrowing] = [null(name, wanted=True)]
    outside += [Compare(name, "lt", start[1])] if start else []
    outside += [Compare(name, "ge", end[0])] if end else []
    return some(outside)


def sharp(column: Column, span: Span, zone: ZoneInfo) -> bool:
    """True when ``within`` names exactly the rows of the span, and exactly the others."""
    days = [day for day in span if day is not None]
    if any(not _EARLIEST <= day <= _LATEST for day in days):
        return False
    return all(len(set(_edges(day, column.kind, zone))) == 1 for day in days)


@lru_cache(4096)
def _edges(day: date, kind: Kind, zone: ZoneInfo) -> tuple[Value, Value]:
    """The earliest and the latest value that may be where the local day begins.

    They differ only where the zone's clocks turn at midnight.
    """
    if kind is Kind.DATE:
        return day, day
    midnight = datetime.combine(day, time.min)
    if kind is Kind.LOCAL:
        return midnight, midnight
    edges = [midnight.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    return min(edges), max(edges)
