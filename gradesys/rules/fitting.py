"""Making a result fit the column that stores it: kind, places, range and length.

FITS is the table by column kind. What cannot be stored is an error of that record, never cut.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal

from msgspec import Struct, field

from gradesys.errors import RecordError
from gradesys.records import Column, Kind, Value
from gradesys.rules.clock import Calendar
from gradesys.rules.rounding import rounded
from gradesys.rules.state import Grade

Result = Decimal | str | date | datetime
"""A result before it meets its column; ``datetime`` is the aware instant of the evaluation."""


class Target(Struct, frozen=True):
    """A column, the options of a choice by grade or word, and where days begin."""

    column: Column
    calendar: Calendar
    options: Mapping[Grade, Decimal] = field(default_factory=dict)


def fit(target: Target, result: Result | None) -> Value:
    """The value to store. Raises RecordError naming the value and the limits."""
    if result is None:
        return None
    fitting = FITS.get(target.column.kind)
    if fitting is None:
        raise _refusal(target, result)
    return fitting(target, result)


def _number(target: Target, result: Result) -> Value:
    column = target.column
    if not isinstance(result, Decimal):
        raise _refusal(target, result)
    places = 0 if column.kind is Kind.INTEGER else column.places
    value = result if places is None else rounded(result, places)
    low, high = column.minimum, column.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        raise RecordError(f"{value:f} is outside {column.name}, which holds {low} to {high}")
    return value


def _choice(target: Target, result: Result) -> Value:
    option = target.options.get(result) if isinstance(result, str | Decimal) else None
    if option is None:
        raise RecordError(f"{target.column.name} has no option for '{result}'")
    return option


def _text(target: Target, result: Result) -> Value:
    text = result if isinstance(result, str) else _written(result)
    length = target.column.length
    if length is not None and len(text) > length:
        raise RecordError(
            f"a text of {len(text)} characters does not fit {target.column.name}, "
            f"which holds {length}"
        )
    return text


def _written(result: Decimal | date | datetime) -> str:
    if isinstance(result, datetime):
        return result.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"{result:f}" if isinstance(result, Decimal) else result.isoformat()


def _date(target: Target, result: Result) -> Value:
    return _wall(target, result).date()


def _local(target: Target, result: Result) -> Value:
    return _wall(target, result)


def _instant(target: Target, result: Result) -> Value:
    wall = _wall(target, result).replace(tzinfo=target.calendar.zone)
    return wall.astimezone(UTC)


def _wall(target: Target, result: Result) -> datetime:
    """Local wall time to the second; a day is its midnight."""
    if isinstance(result, datetime):
        return result.astimezone(target.calendar.zone).replace(tzinfo=None, microsecond=0)
    if isinstance(result, date):
        return datetime.combine(result, time())
    raise _refusal(target, result)


def _refusal(target: Target, result: Result) -> RecordError:
    return RecordError(f"'{result}' cannot be stored in {target.column.name}")


FITS: Mapping[Kind, Callable[[Target, Result], Value]] = {
    Kind.INTEGER: _number,
    Kind.DECIMAL: _number,
    Kind.DOUBLE: _number,
    Kind.MONEY: _number,
    Kind.CHOICE: _choice,
    Kind.TEXT: _text,
    Kind.MEMO: _text,
    Kind.DATE: _date,
    Kind.LOCAL: _local,
    Kind.INSTANT: _instant,
}
