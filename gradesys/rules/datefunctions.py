"""The functions of expressions over dates, and the table of all functions (rules.md 15.1).

Days and months are counted between local dates, hours between instants.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from gradesys.records import Value
from gradesys.rules.arithmetic import CONTEXT
from gradesys.rules.calendars import months_between
from gradesys.rules.clock import Moment
from gradesys.rules.functions import NUMERIC, Function, strict

_HOUR = Decimal(3_600_000_000)


def _today(moment: Moment) -> Value:
    return moment.today


def _days_since(moment: Moment, start: Value) -> Value:
    day = moment.local_date(start)
    return None if day is None else Decimal((moment.today - day).days)


def _days_until(moment: Moment, end: Value) -> Value:
    return Decimal((_day(moment, end) - moment.today).days)


def _days_between(moment: Moment, start: Value, end: Value) -> Value:
    return Decimal((_day(moment, end) - _day(moment, start)).days)


def _months_since(moment: Moment, start: Value) -> Value:
    return Decimal(months_between(_day(moment, start), moment.today, moment.calendar))


def _hours_since(moment: Moment, start: Value) -> Value:
    return _hours(moment.now - _instant(moment, start))


def _hours_until(moment: Moment, end: Value) -> Value:
    return _hours(_instant(moment, end) - moment.now)


def _elapsed(moment: Moment, start: Value, end: Value) -> Value:
    first, last = _day(moment, start), _day(moment, end)
    if last < first:
        return None
    done = (moment.today - first).days + 1
    whole = (last - first).days + 1
    return CONTEXT.divide(Decimal(min(max(done, 0), whole)), Decimal(whole))


def _hours(length: timedelta) -> Decimal:
    return CONTEXT.divide(Decimal(length // timedelta(microseconds=1)), _HOUR)


def _day(moment: Moment, value: Value) -> date:
    day = moment.local_date(value)
    assert day is not None
    return day


def _instant(moment: Moment, value: Value) -> datetime:
    instant = moment.instant(value)
    assert instant is not None
    return instant


_CLOCK = ("moment",)
FUNCTIONS: dict[str, Function] = NUMERIC | {
    "today": Function(_today, 0, 0, _CLOCK, "any", moves=True),
    "days_since": Function(_days_since, 1, 1, _CLOCK, moves=True),
    "days_until": Function(strict(_days_until), 1, 1, _CLOCK, moves=True),
    "days_between": Function(strict(_days_between), 2, 2, _CLOCK),
    "months_since": Function(strict(_months_since), 1, 1, _CLOCK, moves=True),
    "hours_since": Function(strict(_hours_since), 1, 1, _CLOCK, moves=True, volatile=True),
    "hours_until": Function(strict(_hours_until), 1, 1, _CLOCK, moves=True, volatile=True),
    "elapsed": Function(strict(_elapsed), 2, 2, _CLOCK, moves=True),
}
