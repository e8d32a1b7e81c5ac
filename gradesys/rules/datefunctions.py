"""The functions of expressions over dates, and the table of all functions (rules.md 15.1).

Days and months are counted between local dates, hours between instants.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from gradesys.records import Value
from gradesys.rules.arithmetic import CONTEXT
from gradesys.rules.calendars import months_between
from gradesys.rules.functions import NUMERIC, Arguments, Function, Scope, strict

_HOUR = Decimal(3_600_000_000)


def _today(args: Arguments, scope: Scope) -> Value:
    return scope.moment.today


def _days_since(args: Arguments, scope: Scope) -> Value:
    return Decimal((scope.moment.today - _day(args[0], scope)).days)


def _days_until(args: Arguments, scope: Scope) -> Value:
    return Decimal((_day(args[0], scope) - scope.moment.today).days)


def _days_between(args: Arguments, scope: Scope) -> Value:
    return Decimal((_day(args[1], scope) - _day(args[0], scope)).days)


def _months_since(args: Arguments, scope: Scope) -> Value:
    moment = scope.moment
    return Decimal(months_between(_day(args[0], scope), moment.today, moment.calendar))


def _hours_since(args: Arguments, scope: Scope) -> Value:
    return _hours(scope.moment.now - _instant(args[0], scope))


def _hours_until(args: Arguments, scope: Scope) -> Value:
    return _hours(_instant(args[0], scope) - scope.moment.now)


def _elapsed(args: Arguments, scope: Scope) -> Value:
    start, end = _day(args[0], scope), _day(args[1], scope)
    if end < start:
        return None
    done = (scope.moment.today - start).days + 1
    whole = (end - start).days + 1
    return CONTEXT.divide(Decimal(min(max(done, 0), whole)), Decimal(whole))


def _hours(length: timedelta) -> Decimal:
    return CONTEXT.divide(Decimal(length // timedelta(microseconds=1)), _HOUR)


def _day(value: Value, scope: Scope) -> date:
    day = scope.moment.local_date(value)
    assert day is not None
    return day


def _instant(value: Value, scope: Scope) -> datetime:
    instant = scope.moment.instant(value)
    assert instant is not None
    return instant


FUNCTIONS: dict[str, Function] = NUMERIC | {
    "today": Function(_today, 0, 0, moves=True),
    "days_since": Function(strict(_days_since), 1, 1, moves=True),
    "days_until": Function(strict(_days_until), 1, 1, moves=True),
    "days_between": Function(strict(_days_between), 2, 2),
    "months_since": Function(strict(_months_since), 1, 1, moves=True),
    "hours_since": Function(strict(_hours_since), 1, 1, moves=True, volatile=True),
    "hours_until": Function(strict(_hours_until), 1, 1, moves=True, volatile=True),
    "elapsed": Function(strict(_elapsed), 2, 2, moves=True),
}
