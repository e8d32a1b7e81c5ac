"""Comparisons and conditions of expressions (rules.md 3.3, 15.1).

Numbers with numbers (true is 1), text with text, dates with dates or text of their shape. A null
side makes every comparison false, except ``!=`` with exactly one.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from gradesys.errors import RecordError
from gradesys.records import Ref, Value
from gradesys.rules.clock import Moment, dated
from gradesys.rules.text import normalize
from gradesys.rules.values import described

Test = Callable[[Any, Any, Moment], bool]


def truth(value: Value) -> bool:
    """A value as a condition: null and 0 are false; RecordError for text, dates, lookups."""
    if value is None or isinstance(value, bool | Decimal):
        return bool(value)
    raise RecordError(f"a condition cannot be {described(value)}")


def equal(left: Value, right: Value, moment: Moment) -> bool:
    """``==``: false when a side is null, also for two nulls."""
    return left is not None and right is not None and bool(operator.eq(*_pair(left, right, moment)))


def unequal(left: Value, right: Value, moment: Moment) -> bool:
    """``!=``: true when exactly one side is null."""
    if left is None or right is None:
        return left is not right
    return bool(operator.ne(*_pair(left, right, moment)))


def among(left: Value, right: tuple[Value, ...], moment: Moment) -> bool:
    """``in``: any ``==``."""
    return any(equal(left, item, moment) for item in right)


def _ordered(compare: Callable[[Any, Any], bool]) -> Test:
    def test(left: Value, right: Value, moment: Moment) -> bool:
        return left is not None and right is not None and compare(*_pair(left, right, moment))

    return test


def _pair(left: Value, right: Value, moment: Moment) -> tuple[Any, Any]:
    """Both sides in a form that Python compares as the rules want; RecordError for mixed kinds."""
    if isinstance(left, bool | Decimal) and isinstance(right, bool | Decimal):
        return left, right
    a, b = _plain(left), _plain(right)
    if isinstance(a, str) and isinstance(b, str):
        return normalize(a), normalize(b)
    if isinstance(a, date) or isinstance(b, date):
        return _dates(a, b, moment)
    raise RecordError(f"{described(left)} cannot be compared with {described(right)}")


def _plain(value: Value) -> Value:
    """A lookup is compared by its id."""
    return value.id if isinstance(value, Ref) else value


def _dates(left: Value, right: Value, moment: Moment) -> tuple[Any, Any]:
    a, b = dated(left), dated(right)
    if isinstance(a, datetime) and isinstance(b, datetime):
        return moment.instant(a), moment.instant(b)
    return moment.local_date(a), moment.local_date(b)


less = _ordered(operator.lt)
at_most = _ordered(operator.le)
greater = _ordered(operator.gt)
at_least = _ordered(operator.ge)
