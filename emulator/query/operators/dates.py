"""Conditions on dates: a given day, or a period relative to now."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from emulator.errors import invalid_argument
from emulator.query.operators.operand import (
    FIRST_YEAR,
    LAST_YEAR,
    Operand,
    Operator,
    only,
    parse_moment,
    whole,
)
from emulator.query.operators.periods import (
    Period,
    day_start,
    last_units,
    next_units,
    older_than,
    whole_unit,
)
from emulator.query.source import Sql
from emulator.rows.values import SqlValue

_Finder = Callable[[datetime, Sequence[str]], Period]
_UNITS = ("week", "month", "year", "fiscal-period", "fiscal-year")
_MOST = 100_000


def _within(find: _Finder) -> Operator:
    def condition(operand: Operand, values: Sequence[str]) -> Sql:
        _check(operand)
        try:
            period = find(operand.asking().local(), values)
        except (ValueError, OverflowError) as error:
            raise invalid_argument("The period lies outside the range of a date-time.") from error
        return inside(operand, period)

    return condition


def inside(operand: Operand, period: Period) -> Sql:
    """The column lies within the period."""
    bounds = ((">=", period.since), ("<", period.before), ("<=", period.until))
    texts: list[str] = []
    values: list[SqlValue] = []
    for sign, moment in bounds:
        if moment is not None:
            texts.append(f"{operand.sql} {sign} ?")
            values.append(operand.moment(moment))
    return Sql(f"({' AND '.join(texts)})", tuple(values))


def _check(operand: Operand) -> None:
    if operand.column.kind != "DateTime":
        raise invalid_argument(f"The column '{operand.column.name}' is no date-time.")


def _unit(unit: str, offset: int) -> Operator:
    return _within(lambda now, values: whole_unit(now, unit, offset))


def _counted(find: Callable[[datetime, str, int], Period], unit: str) -> Operator:
    return _within(lambda now, values: find(now, unit, _count(only(values))))


def _count(text: str) -> int:
    count = whole(text)
    if not 0 < count <= _MOST:
        raise invalid_argument(f"'{text}' must be greater than zero.")
    return count


def _seven(find: Callable[[datetime, str, int], Period]) -> Operator:
    return _within(lambda now, values: find(now, "day", 7))


def _day(build: Callable[[datetime, datetime], Period]) -> Operator:
    def condition(operand: Operand, values: Sequence[str]) -> Sql:
        _check(operand)
        moment = parse_moment(only(values))
        local = moment if moment.tzinfo is None else operand.asking().to_local(moment)
        start = day_start(local)
        return inside(operand, build(start, start + timedelta(days=1)))

    return condition


_on = _day(lambda start, end: Period(since=start, before=end))


def _not_on(operand: Operand, values: Sequence[str]) -> Sql:
    found = _on(operand, values)
    return Sql(f"NOT {found.text}", found.values)


def _fiscal_year(now: datetime, values: Sequence[str]) -> Period:
    year = whole(only(values))
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise invalid_argument(f"'{year}' is no fiscal year.")
    return whole_unit(now.replace(year=year, month=1, day=1), "fiscal-year", 0)


DATES: Mapping[str, Operator] = {
    "on": _on,
    "not-on": _not_on,
    "on-or-before": _day(lambda start, end: Period(before=end)),
    "on-or-after": _day(lambda start, end: Period(since=start)),
    "yesterday": _unit("day", -1),
    "today": _unit("day", 0),
    "tomorrow": _unit("day", 1),
    "last-seven-days": _seven(last_units),
    "next-seven-days": _seven(next_units),
    "in-fiscal-year": _within(_fiscal_year),
    **{f"last-{unit}": _unit(unit, -1) for unit in _UNITS},
    **{f"this-{unit}": _unit(unit, 0) for unit in _UNITS},
    **{f"next-{unit}": _unit(unit, 1) for unit in _UNITS},
    **{
        f"{word}-x-{unit}s": _counted(find, unit)
        for word, find in (("last", last_units), ("next", next_units), ("olderthan", older_than))
        for unit in ("hour", "day", "week", "month", "year")
    },
    "olderthan-x-minutes": _counted(older_than, "minute"),
}
