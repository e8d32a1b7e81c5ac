"""What a client sends in a body, turned into stored values; refused in Dataverse's words."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypeAlias

from msgspec import Struct, field

from emulator.definitions import Column, Definitions, Table
from emulator.errors import ApiError, Unsupported, bad_payload, missing_segment
from emulator.rows.values import DECIMALS, MONEY_DECIMALS
from emulator.users_caller import caller_id, require

GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_REFERENCE = re.compile(r"(\w+)\((.*)\)")
_Read: TypeAlias = Callable[[Column, Any], Any]
_BIND = "@odata.bind"
_IGNORED = frozenset({"@odata.type", "@odata.etag", "@odata.context", "@odata.id"})
_DECIMAL_LIMIT = Decimal(100_000_000_000)
_MONEY_LIMIT = Decimal(922_337_203_685_477)
_DATE = r"\d{4}-\d\d-\d\d"
_TIME = r"T\d\d:\d\d(:\d\d(\.\d{1,7})?)?(Z|[+-]\d\d:\d\d)?"
_MOMENT = re.compile(f"{_DATE}({_TIME})?")
# More than any limit: rounding such a number could need more digits than there are.
_HUGE = Decimal(10) ** 15
_WHOLE_LIMITS = {"BigInt": (-(2**63), 2**63 - 1)}


class Payload(Struct, frozen=True):
    """Reads bodies for one table. ``root`` is the API's address, ``references`` Content-IDs.

    ``find_row`` gives the guid for what stands in the brackets of an address.
    """

    definitions: Definitions
    table: Table
    root: str = "/"
    references: Mapping[str, str] = field(default_factory=dict)
    find_row: Callable[[Table, str], str] = field(default=lambda table, key: parse_guid(key))

    def values(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Stored values by logical name; read-only columns are left out, as Dataverse does."""
        found: dict[str, Any] = {}
        for name, value in body.items():
            if name.endswith(_BIND):
                found |= self.writable(self.bound(name.removesuffix(_BIND), value))
            elif "@" not in name:
                found |= self._plain(name, value)
            elif name.startswith("@") and name not in _IGNORED:
                raise Unsupported(f"the body member {name}")
        return found

    def writable(self, lookup: dict[str, Any]) -> dict[str, Any]:
        """The entries of a bound lookup; none when only the platform writes it."""
        column = self.table.columns[next(iter(lookup))]
        return lookup if column.creatable or column.updatable else {}

    def bound(self, navigation: str, target: Any) -> dict[str, Any]:
        """The two entries of a lookup bound through its navigation property (None clears)."""
        lookup, targets = self._lookup(navigation)
        if target is None:
            return {lookup: None, f"{lookup}@type": None}
        table, row_id = self.reference(str(target))
        if table.name not in targets:
            raise bad_payload(
                self.table.name,
                f"A '{table.name}' cannot be bound to the navigation property '{navigation}'.",
            )
        self._may_bind(lookup, table, row_id)
        return {lookup: row_id, f"{lookup}@type": table.name}

    def _may_bind(self, lookup: str, target: Table, row_id: str) -> None:
        if self.table.columns[lookup].kind != "Owner":
            require(self.table, "append")
            require(target, "appendto")
        elif row_id != caller_id():
            require(self.table, "assign")

    def reference(self, text: str) -> tuple[Table, str]:
        """Table and guid of an address: ``/accounts(guid)``, absolute, or ``$1``."""
        if text.startswith("$"):
            text = resolve_reference(text, self.references)
        path = text.removeprefix(self.root).lstrip("/")
        path = path.rpartition("/")[2] if "/api/data/" in text else path
        match = _REFERENCE.fullmatch(path)
        if match is None:
            raise missing_segment(path)
        table = self.definitions.of_set(match[1])
        return table, self.find_row(table, match[2])

    def _lookup(self, navigation: str) -> tuple[str, tuple[str, ...]]:
        relationship = self.definitions.parents.get((self.table.name, navigation))
        if relationship is not None:
            return relationship.lookup, (relationship.parent,)
        column = self.table.columns.get(navigation)
        if column is not None and column.kind == "Owner":
            return column.name, column.targets
        raise self._unknown(navigation)

    def _plain(self, name: str, value: Any) -> dict[str, Any]:
        column = self.definitions.properties[self.table.name].get(name)
        if column is None:
            raise self._not_a_column(name)
        if column.is_lookup:
            raise bad_payload(
                self.table.name,
                "CRM do not support direct update of Entity Reference properties, "
                "Use Navigation properties instead.",
            )
        if not column.creatable and not column.updatable:
            return {}
        return {column.name: stored_value(self.definitions, self.table, column, value)}

    def _not_a_column(self, name: str) -> ApiError:
        key = (self.table.name, name)
        if key in self.definitions.parents or key in self.definitions.children:
            return Unsupported(f"related rows in a body ({name})")
        return self._unknown(name)

    def _unknown(self, name: str) -> ApiError:
        return bad_payload(
            self.table.name,
            f"The property '{name}' does not exist on type "
            f"'Microsoft.Dynamics.CRM.{self.table.name}'. Make sure to only use property "
            "names that are defined by the type.",
        )


def resolve_reference(text: str, references: Mapping[str, str]) -> str:
    """``$1/rest`` with the address of Content-ID 1; 400 when it has not been made yet."""
    name, slash, rest = text.partition("/")
    if name[1:] not in references:
        message = f"Content-ID Reference: '{name}' does not exist in the batch context."
        raise ApiError(400, "0x80060888", message)
    return references[name[1:]] + slash + rest


def parse_guid(text: str) -> str:
    """A guid in lower case; 400 for anything else, 501 for an alternate key."""
    found = text.strip().lower()
    if GUID.fullmatch(found):
        return found
    if "=" in text:
        raise Unsupported("alternate keys")
    raise ApiError(400, "0x80060888", f"Bad Request - Error in query syntax: '{text}'.")


def stored_value(definitions: Definitions, table: Table, column: Column, value: Any) -> Any:
    """The JSON value as stored in the column; 400 when it does not fit."""
    found = typed_value(table.name, column, value)
    if found is not None:
        _check_fit(definitions, table, column, found)
    return found


def typed_value(table: str, column: Column, value: Any) -> Any:
    """The JSON value in stored form, whatever its size; 400 when it is of another type."""
    # Dataverse keeps no empty text: it stores null.
    if value is None or value == "":
        return None
    read: _Read = _READERS.get(column.kind, _text)
    found = read(column, value)
    if found is None:
        raise bad_payload(
            table,
            f"Cannot convert the literal '{value}' to the expected type of '{column.name}'.",
        )
    return found


def _check_fit(definitions: Definitions, table: Table, column: Column, value: Any) -> None:
    if isinstance(value, str):
        if column.max_length is not None and len(value) > column.max_length:
            raise ApiError(400, "0x80044331", _too_long(table, column))
    elif column.kind in ("Picklist", "State", "Status"):
        choice = definitions.choice_of(column)
        if choice is not None and choice.options and choice.option(value) is None:
            raise ApiError(400, "0x8004431a", _outside(table, column, f" {value}"))
    elif not isinstance(value, bool):
        low, high = _limits(column)
        if not low <= value <= high:
            raise ApiError(400, "0x80044330", _outside(table, column))


def _limits(column: Column) -> tuple[Any, Any]:
    if column.kind == "Double":
        widest: tuple[Any, Any] = (-1e11, 1e11)
    elif column.kind in ("Money", "Decimal"):
        limit = _MONEY_LIMIT if column.kind == "Money" else _DECIMAL_LIMIT
        widest = (-limit, limit)
    else:
        widest = _WHOLE_LIMITS.get(column.kind, (-(2**31), 2**31 - 1))
    low, high = column.minimum, column.maximum
    return widest[0] if low is None else low, widest[1] if high is None else high


def _too_long(table: Table, column: Column) -> str:
    return (
        f"A validation error occurred. The length of the '{column.name}' attribute of the "
        f"'{table.name}' entity exceeded the maximum allowed length of '{column.max_length}'."
    )


def _outside(table: Table, column: Column, value: str = "") -> str:
    return (
        f"A validation error occurred. The value{value} of '{column.name}' on record of type "
        f"'{table.name}' is outside the valid range."
    )


def _text(column: Column, value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _whole(column: Column, value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _boolean(column: Column, value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _decimal(column: Column, value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    number = Decimal(value)
    if abs(number) >= _HUGE:
        return number
    most = MONEY_DECIMALS if column.kind == "Money" else DECIMALS
    places = most if column.precision is None else min(column.precision, most)
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _double(column: Column, value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    return float(value)


def _guid(column: Column, value: Any) -> str | None:
    found = value.lower() if isinstance(value, str) else ""
    return found if GUID.fullmatch(found) else None


def _moment(column: Column, value: Any) -> str | None:
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        return None
    try:
        if column.behavior == "DateOnly":
            return date.fromisoformat(value).isoformat()
        moment = datetime.fromisoformat(value)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


_READERS: dict[str, _Read] = {
    "Integer": _whole,
    "BigInt": _whole,
    "Picklist": _whole,
    "State": _whole,
    "Status": _whole,
    "Boolean": _boolean,
    "Decimal": _decimal,
    "Money": _decimal,
    "Double": _double,
    "Uniqueidentifier": _guid,
    "DateTime": _moment,
}
