"""OData literals, each written by the kind of the column it is compared with.

Anything that does not belong to the kind is refused, so no text from a rule or an event ever
becomes part of a query.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from gradesys.errors import PermanentError
from gradesys.records import NUMBERS, Kind, Ref, Value


def guid(text: str) -> str:
    """``text`` as a guid literal, lower case. Raises ``PermanentError`` for anything else."""
    try:
        return str(UUID(text))
    except ValueError:
        raise PermanentError(f"{text[:40]!r} is not an id") from None


def literal(kind: Kind, value: Value) -> str:
    """``value`` as a literal for a column of ``kind``. Raises ``PermanentError`` when the two do
    not belong together; text is never compared by the server, whose collation is not ours."""
    write = _WRITERS.get(kind)
    text = write(value) if write else None
    if text is None:
        raise PermanentError(f"{type(value).__name__} cannot narrow a column of kind {kind.value}")
    return text


def _number(value: Value) -> str | None:
    return format(value, "f") if isinstance(value, Decimal) and value.is_finite() else None


def _boolean(value: Value) -> str | None:
    return str(value).lower() if isinstance(value, bool) else None


def _id(value: Value) -> str | None:
    text = value.id if isinstance(value, Ref) else value
    return guid(text) if isinstance(text, str) else None


def _date(value: Value) -> str | None:
    if isinstance(value, datetime) or not isinstance(value, date):
        return None
    return value.isoformat()


def _instant(value: Value) -> str | None:
    if not isinstance(value, datetime) or value.tzinfo is None:
        return None
    return f"{value.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"


def _local(value: Value) -> str | None:
    # Time-zone-independent columns travel as if they were UTC.
    if not isinstance(value, datetime) or value.tzinfo is not None:
        return None
    return f"{value.isoformat()}Z"


_WRITERS: Mapping[Kind, Callable[[Value], str | None]] = {
    **dict.fromkeys(NUMBERS, _number),
    Kind.BOOLEAN: _boolean,
    Kind.ID: _id,
    Kind.LOOKUP: _id,
    Kind.DATE: _date,
    Kind.INSTANT: _instant,
    Kind.LOCAL: _local,
}
