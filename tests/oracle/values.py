"""What a cell or an indicator can hold, and the kinds a case file gives by shape (15.3, 15.4).

Kinds: None, bool, Decimal, str, date (date-only) and datetime (an instant, always in UTC).
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import Enum
from typing import Any

from tests.oracle.errors import RecordError

Value = None | bool | Decimal | str | dt.date
Node = Any  # a piece of a rule file: maps, lists and scalars

NUMBER = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?"
)


class Flag(Enum):
    """A boolean used as a map key: in Python 1 and True are one key, in a rule file they differ."""

    TRUE = True
    FALSE = False


def moment(text: str) -> dt.date | None:
    """Read a date-only or an instant by its shape; None for any other text."""
    if _DATE.fullmatch(text):
        return _valid_date(text)
    return _valid_instant(text) if _INSTANT.fullmatch(text) else None


def _valid_date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _valid_instant(text: str) -> dt.datetime | None:
    try:
        read = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    aware = read if read.tzinfo else read.replace(tzinfo=dt.UTC)
    return aware.astimezone(dt.UTC)


def exact(node: Node) -> Node:
    """Copy a tree with every number as a Decimal and every boolean key as a Flag."""
    if isinstance(node, Mapping):
        return {as_key(exact(key)): exact(item) for key, item in node.items()}
    if isinstance(node, Sequence) and not isinstance(node, str):
        return [exact(item) for item in node]
    if isinstance(node, int | float) and not isinstance(node, bool):
        return Decimal(repr(node))
    return node


def as_key(scalar: Node) -> Node:
    """The form in which a scalar stands as a map key."""
    return Flag(scalar) if isinstance(scalar, bool) else scalar


def cell(raw: Node) -> Value:
    """The value of a row's cell: numbers exact, texts of a date's shape as dates."""
    value = exact(raw)
    if isinstance(value, str):
        found = moment(value)
        return value if found is None else found
    if value is None or isinstance(value, bool | Decimal | dt.date):
        return value
    raise RecordError(f"a cell cannot hold {raw!r}")


def is_date(value: object) -> bool:
    """True for date-only values and instants."""
    return isinstance(value, dt.date)


def number(value: Value) -> Decimal:
    """A number, true/false as 1/0; any other kind is an error of the record."""
    if isinstance(value, bool):
        return Decimal(int(value))
    if isinstance(value, Decimal):
        return value
    raise RecordError(f"a number is needed, not {value!r}")
