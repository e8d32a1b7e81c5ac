"""The types of Custom API parameters: what a request may send, and what a webhook gets.

A check returns the value as the contracts encode it and raises ValueError for another type.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from emulator.errors import Unsupported
from emulator.webhooks.encoding import date, money, option

NO_ID = str(UUID(int=0))
Check = Callable[[Any], Any]


def check_value(type_code: int, value: Any) -> Any:
    """The encoded value; ValueError for a wrong one."""
    return None if value is None else CHECKS[type_code](value)


def default_value(type_code: int | None) -> Any:
    """What a response property is when no plug-in sets it; 501 for entities and collections."""
    if type_code is None or type_code not in CHECKS:
        raise Unsupported(f"Custom API parameters of the type {type_code}")
    return DEFAULTS.get(type_code)


def _of(*types: type) -> Check:
    def check(value: Any) -> Any:
        stranger = isinstance(value, bool) and bool not in types
        if stranger or not isinstance(value, types):
            raise ValueError(f"{value!r} is not valid")
        return value

    return check


def _date_time(value: Any) -> Any:
    return date(datetime.fromisoformat(_of(str)(value)).isoformat())


def _guid(value: Any) -> Any:
    return str(UUID(_of(str)(value)))


def _strings(value: Any) -> Any:
    return [_of(str)(item) for item in _of(list)(value)]


def _whole(value: Any) -> Any:
    if not -(2**31) <= _of(int)(value) < 2**31:
        raise ValueError(f"{value!r} has more than 32 bits")
    return value


def _money(value: Any) -> Any:
    return money(Decimal(_of(int, Decimal)(value)))


def _choice(value: Any) -> Any:
    return option(_whole(value))


CHECKS: Mapping[int, Check] = {
    0: _of(bool),
    1: _date_time,
    2: _of(int, Decimal),
    6: _of(int, Decimal),
    7: _whole,
    8: _money,
    9: _choice,
    10: _of(str),
    11: _strings,
    12: _guid,
}
DEFAULTS: Mapping[int, Any] = {0: False, 2: 0, 6: 0, 7: 0, 8: 0, 9: 0, 11: [], 12: NO_ID}
