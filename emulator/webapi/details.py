"""The members of AttributeMetadata that only some kinds of columns have."""

from collections.abc import Callable, Mapping
from typing import Any

from emulator.definitions import Column
from emulator.rows.values import DECIMALS, MONEY_DECIMALS

Item = dict[str, Any]
_NO_LENGTH = {"String": 100, "Memo": 2000}


def managed(value: Any, name: str) -> Item:
    """A managed property."""
    return {"Value": value, "CanBeChanged": True, "ManagedPropertyLogicalName": name}


def _text(column: Column) -> Item:
    length = column.max_length or _NO_LENGTH[column.kind]
    form = column.format or ("Text" if column.kind == "String" else "TextArea")
    return {"MaxLength": length, "Format": form, "FormatName": {"Value": form}}


def _integer(column: Column) -> Item:
    low, high = column.minimum, column.maximum
    return {
        "MinValue": -(2**31) if low is None else int(low),
        "MaxValue": 2**31 - 1 if high is None else int(high),
        "Format": column.format or "None",
    }


def _number(places: int, limit: float) -> Callable[[Column], Item]:
    def described(column: Column) -> Item:
        return {
            "MinValue": -limit if column.minimum is None else column.minimum,
            "MaxValue": limit if column.maximum is None else column.maximum,
            "Precision": places if column.precision is None else column.precision,
        }

    return described


_money_range = _number(MONEY_DECIMALS, 922337203685477.0)


def _money(column: Column) -> Item:
    source = 2 if column.precision_source is None else column.precision_source
    own = {"PrecisionSource": source, "IsBaseCurrency": column.name.endswith("_base")}
    return _money_range(column) | own


def _moment(column: Column) -> Item:
    return {
        "Format": column.format or "DateAndTime",
        "DateTimeBehavior": {"Value": column.behavior or "UserLocal"},
    }


def _lookup(column: Column) -> Item:
    return {"Targets": list(column.targets)}


def _choice(column: Column) -> Item:
    return {"DefaultFormValue": -1 if column.default is None else column.default}


def _boolean(column: Column) -> Item:
    return {"DefaultValue": bool(column.default)}


def _file(column: Column) -> Item:
    return {"MaxSizeInKB": int(column.maximum or 0)}


DETAILS: Mapping[str, Callable[[Column], Item]] = {
    "String": _text,
    "Memo": _text,
    "Integer": _integer,
    "Decimal": _number(DECIMALS, 1e11),
    "Double": _number(5, 1e11),
    "Money": _money,
    "DateTime": _moment,
    "Lookup": _lookup,
    "Customer": _lookup,
    "Owner": _lookup,
    "PartyList": _lookup,
    "Picklist": _choice,
    "State": _choice,
    "Status": _choice,
    "Boolean": _boolean,
    "File": _file,
}
