"""Stored values as the DataContract JSON of a webhook body writes them.

The member `__type` always comes first, as the platform's serializer puts it there.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

CONTRACTS = "http://schemas.microsoft.com/xrm/2011/Contracts"
NO_ID = "00000000-0000-0000-0000-000000000000"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MONEY_SCALE = Decimal("0.0000")
DECIMAL_SCALE = Decimal("0.0000000000")
LOOKUPS = frozenset({"Lookup", "Customer", "Owner"})


def entity_type(name: str) -> str:
    """`Entity` -> the qualified name of the type in the contracts namespace."""
    return f"{name}:{CONTRACTS}"


def milliseconds(instant: datetime) -> int:
    """Whole milliseconds since 1970-01-01T00:00:00Z, negative before."""
    return (instant - EPOCH) // timedelta(milliseconds=1)


def date(text: str) -> str:
    """ISO text in UTC, or a date alone, -> `/Date(1772439330000)/`."""
    instant = datetime.fromisoformat(text)
    return f"/Date({milliseconds(instant if instant.tzinfo else instant.replace(tzinfo=UTC))})/"


def option(value: int) -> dict[str, Any]:
    """A choice, state or status value."""
    return {"__type": entity_type("OptionSetValue"), "Value": value}


def options(text: str) -> list[dict[str, Any]]:
    """The comma list of a multi-select choice."""
    return [option(int(value)) for value in text.split(",")]


def money(value: Decimal) -> dict[str, Any]:
    """An amount with at least the four decimals that the database keeps."""
    return {"__type": entity_type("Money"), "Value": value + MONEY_SCALE}


def reference(table: str, id: str, name: str | None = None) -> dict[str, Any]:
    """A lookup's target."""
    return {"__type": entity_type("EntityReference")} | bare_reference(table, id, name)


def bare_reference(table: str, id: str, name: str | None = None) -> dict[str, Any]:
    """A reference where the contract knows the type already (`OwningExtension`)."""
    return {
        "Id": id,
        "KeyAttributes": [],
        "LogicalName": table,
        "Name": name,
        "RowVersion": None,
    }


def _decimal(value: Decimal) -> Decimal:
    return value + DECIMAL_SCALE


ENCODERS: Mapping[str, Callable[[Any], Any]] = {
    "DateTime": date,
    "Decimal": _decimal,
    "Money": money,
    "MultiSelectPicklist": options,
    "Picklist": option,
    "State": option,
    "Status": option,
}


def encode(kind: str, value: Any, target: str | None = None, name: str | None = None) -> Any:
    """One stored value of a column kind; `target` is a lookup's table, `name` its shown name."""
    if value is None:
        return None
    if kind in LOOKUPS and target:
        return reference(target, value, name)
    return ENCODERS[kind](value) if kind in ENCODERS else value
