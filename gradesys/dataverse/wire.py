"""Numbers, dates and texts as JSON, exact to the last digit."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec

from gradesys.errors import PermanentError
from gradesys.records import Column, Kind, Value

_ENCODER = msgspec.json.Encoder(decimal_format="number")
_WHOLE = frozenset({Kind.CHOICE, Kind.INTEGER})


def encode(body: Any) -> bytes:
    """``body`` as JSON; a Decimal becomes a number with all its digits."""
    return _ENCODER.encode(body)


def cell(column: Column, value: Value) -> bool | int | msgspec.Raw | str | None:
    """``value`` as ``column`` takes it. Raises ``PermanentError`` for a lookup and for NaN."""
    if isinstance(value, Decimal):
        return _number(column, value)
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, bool | str):
        return value
    raise PermanentError(f"{column.name}: a lookup cannot be written")


def _number(column: Column, value: Decimal) -> int | msgspec.Raw:
    if not value.is_finite():
        raise PermanentError(f"{column.name}: {value} is not a number that can be written")
    if column.kind in _WHOLE and value == value.to_integral_value():
        return int(value)
    return msgspec.Raw(format(value, "f").encode())  # in full: not every reader knows exponents
