"""The bodies of column definitions, one type per kind, with exactly the members implemented.

A member outside of them is refused with 501, a value of the wrong type with 400.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from emulator.customization.labels import LabelBody
from emulator.errors import ApiError, Unsupported, bad_payload

NAMESPACE = "Microsoft.Dynamics.CRM."
Body = TypeVar("Body", bound=msgspec.Struct)


class Shape(msgspec.Struct, kw_only=True, rename="pascal", forbid_unknown_fields=True):
    """What all bodies share: strict members in the Web API's spelling."""

    odata_type: str | None = msgspec.field(default=None, name="@odata.type")


class Setting(Shape):
    """A managed property or a named type: only its value means something here."""

    value: Any
    can_be_changed: bool | None = None
    managed_property_logical_name: str | None = None


class OptionBody(Shape):
    """One value of a choice."""

    value: int | None = None
    label: LabelBody | None = None
    description: LabelBody | None = None
    color: str | None = None


class OptionSetBody(Shape):
    """A local or a global option set."""

    options: list[OptionBody] = []
    name: str | None = None
    is_global: bool = False
    option_set_type: str = "Picklist"
    display_name: LabelBody | None = None
    description: LabelBody | None = None


class BooleanOptionSetBody(Shape):
    """The two options of a yes/no column."""

    true_option: OptionBody
    false_option: OptionBody
    option_set_type: str = "Boolean"
    is_global: bool = False
    display_name: LabelBody | None = None
    description: LabelBody | None = None


class ColumnBody(Shape):
    """Members of every kind of column."""

    schema_name: str
    display_name: LabelBody | None = None
    description: LabelBody | None = None
    required_level: Setting | None = None
    attribute_type: str | None = None
    attribute_type_name: Setting | None = None
    logical_name: str | None = None
    is_primary_name: bool = False
    is_audit_enabled: Setting | None = None
    is_secured: bool = False


class StringBody(ColumnBody):
    """`MaxLength` in characters, at most 4000."""

    max_length: int = 100
    format: str | None = None
    format_name: Setting | None = None
    ime_mode: str | None = None


class MemoBody(ColumnBody):
    """`MaxLength` in characters, at most 1 048 576."""

    max_length: int = 2000
    format: str | None = None
    format_name: Setting | None = None
    ime_mode: str | None = None


class IntegerBody(ColumnBody):
    """Whole numbers of 32 bits."""

    format: str | None = None
    min_value: int = -(2**31)
    max_value: int = 2**31 - 1


class DecimalBody(ColumnBody):
    """Exact numbers with up to 10 decimals."""

    min_value: float = -1e11
    max_value: float = 1e11
    precision: int = 2
    ime_mode: str | None = None


class DoubleBody(ColumnBody):
    """Floating numbers shown with up to 5 decimals."""

    min_value: float = -1e11
    max_value: float = 1e11
    precision: int = 2
    ime_mode: str | None = None


class MoneyBody(ColumnBody):
    """Amounts; `PrecisionSource` 0 own precision, 1 organisation, 2 currency."""

    min_value: float = -922337203685477.0
    max_value: float = 922337203685477.0
    precision: int = 2
    precision_source: int = 2
    ime_mode: str | None = None


class BooleanBody(ColumnBody):
    """Yes or no."""

    option_set: BooleanOptionSetBody | None = None
    default_value: bool = False


class DateTimeBody(ColumnBody):
    """`Format` DateOnly or DateAndTime."""

    format: str = "DateAndTime"
    date_time_behavior: Setting | None = None
    ime_mode: str | None = None


class PicklistBody(ColumnBody):
    """A choice, with options of its own or bound to a global one."""

    option_set: OptionSetBody | None = None
    global_option_set: str | None = msgspec.field(default=None, name="GlobalOptionSet@odata.bind")
    default_form_value: int | None = None


class FileBody(ColumnBody):
    """A file of at most `MaxSizeInKB`."""

    max_size: int = msgspec.field(default=32768, name="MaxSizeInKB")


class LookupBody(ColumnBody):
    """A lookup, only as a part of a relationship."""

    targets: list[str] | None = None
    format: str | None = None


COLUMN_BODIES: Mapping[str, type[ColumnBody]] = {
    "String": StringBody,
    "Memo": MemoBody,
    "Integer": IntegerBody,
    "Decimal": DecimalBody,
    "Double": DoubleBody,
    "Money": MoneyBody,
    "Boolean": BooleanBody,
    "DateTime": DateTimeBody,
    "Picklist": PicklistBody,
    "File": FileBody,
    "Lookup": LookupBody,
}


def read(members: Any, shape: type[Body], what: str) -> Body:
    """The body as its type; `what` names it in a refusal."""
    try:
        return msgspec.convert(members, shape)
    except msgspec.ValidationError as mistake:
        raise _refusal(str(mistake), what) from mistake


def read_column(members: Mapping[str, Any]) -> tuple[str, ColumnBody]:
    """The kind (`Decimal`, ...) and the body of a column definition."""
    kind = kind_of(members, "AttributeMetadata")
    if kind not in COLUMN_BODIES:
        raise Unsupported(f"columns of the type {kind or members.get('@odata.type')}")
    return kind, read(members, COLUMN_BODIES[kind], f"{kind}AttributeMetadata")


def kind_of(members: Mapping[str, Any], suffix: str) -> str:
    """`Microsoft.Dynamics.CRM.DecimalAttributeMetadata` -> `Decimal`, also of its Complex form."""
    name = str(members.get("@odata.type", "")).lstrip("#").removeprefix(NAMESPACE)
    return name.removesuffix(suffix).removeprefix("Complex")


def _refusal(mistake: str, what: str) -> ApiError:
    if "unknown field" in mistake:
        return Unsupported(f"a body member of {what}: {mistake}")
    return bad_payload(what, mistake)
