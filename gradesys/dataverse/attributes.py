"""One column's metadata: which typed members to ask for, and what they mean to rules."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from gradesys.records import Column, Kind, Option

_RANGE = "LogicalName,MinValue,MaxValue"
_NUMBER = f"{_RANGE},Precision"
_CHOICE = "LogicalName&$expand=OptionSet($select=Options)"
_LENGTH = "LogicalName,MaxLength"

CASTS: Mapping[str, str] = {
    "Lookup": "LogicalName,Targets",
    "Picklist": f"{_CHOICE},GlobalOptionSet($select=Options)",
    "State": _CHOICE,
    "Status": _CHOICE,
    "Integer": _RANGE,
    "Decimal": _NUMBER,
    "Double": _NUMBER,
    "Money": _NUMBER,
    "DateTime": "LogicalName,Format,DateTimeBehavior",
    "String": _LENGTH,
    "Memo": _LENGTH,
}
"""Attribute types whose own members matter, and the ``$select`` that names these."""

_KINDS: Mapping[str, Kind] = {
    "Uniqueidentifier": Kind.ID,
    **dict.fromkeys(("Lookup", "Customer", "Owner"), Kind.LOOKUP),
    **dict.fromkeys(("String", "EntityName"), Kind.TEXT),
    "Memo": Kind.MEMO,
    **dict.fromkeys(("Integer", "BigInt"), Kind.INTEGER),
    "Decimal": Kind.DECIMAL,
    "Double": Kind.DOUBLE,
    "Money": Kind.MONEY,
    "Boolean": Kind.BOOLEAN,
    **dict.fromkeys(("Picklist", "State", "Status"), Kind.CHOICE),
}
_DATES: Mapping[str, Kind] = {
    "DateOnly": Kind.DATE,
    "TimeZoneIndependent": Kind.LOCAL,
    "UserLocal": Kind.INSTANT,
}


def column_from(attribute: Mapping[str, Any]) -> Column:
    """The column that ``attribute`` (its common members and those of its cast) describes."""
    return Column(
        name=str(attribute["LogicalName"]),
        kind=_kind(attribute),
        targets=tuple(attribute.get("Targets") or ()),
        places=_places(attribute),
        minimum=_decimal(attribute.get("MinValue")),
        maximum=_decimal(attribute.get("MaxValue")),
        length=_integer(attribute.get("MaxLength")),
        options=_options(attribute),
        stored=not attribute.get("SourceType"),
    )


def _kind(attribute: Mapping[str, Any]) -> Kind:
    # A column that belongs to another one (a lookup's name, say) is not in the Web API's rows.
    if attribute.get("AttributeOf"):
        return Kind.OTHER
    if attribute["AttributeType"] == "DateTime":
        behavior = (attribute.get("DateTimeBehavior") or {}).get("Value")
        return _DATES.get(str(behavior), Kind.INSTANT)
    return _KINDS.get(str(attribute["AttributeType"]), Kind.OTHER)


def _places(attribute: Mapping[str, Any]) -> int | None:
    if attribute["AttributeType"] == "Integer":
        return 0
    return _integer(attribute.get("Precision"))


def _options(attribute: Mapping[str, Any]) -> tuple[Option, ...]:
    choice = attribute.get("OptionSet") or attribute.get("GlobalOptionSet") or {}
    return tuple(
        Option(int(option["Value"]), _labels(option.get("Label") or {}))
        for option in choice.get("Options") or ()
    )


def _labels(label: Mapping[str, Any]) -> dict[int, str]:
    return {
        int(localized["LanguageCode"]): str(localized["Label"])
        for localized in label.get("LocalizedLabels") or ()
        if localized.get("Label") is not None
    }


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _integer(value: Any) -> int | None:
    return None if value is None else int(value)
