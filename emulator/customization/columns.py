"""Column definitions from request bodies, kind by kind."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

import msgspec

from emulator.customization import bodies
from emulator.customization.choices import boolean_choice, existing_option, local_choice
from emulator.customization.labels import labels_of, merged, require_label
from emulator.customization.names import logical_name, new_id
from emulator.definitions import Column, Definitions
from emulator.errors import Unsupported, invalid_argument

MAX_STRING, MAX_MEMO = 4000, 1_048_576
MAX_FILE_KB = 10_485_760
INTEGERS, NUMBERS = (-(2**31), 2**31 - 1), (-1e11, 1e11)
AMOUNTS = (-922_337_203_685_477, 922_337_203_685_477)
MAX_DECIMAL_PLACES, MAX_DOUBLE_PLACES, MAX_MONEY_PLACES = 10, 5, 4
Details = dict[str, Any]


def new_column(kind: str, body: bodies.ColumnBody) -> Column:
    """The definition a body asks for; 400 for values out of range, 501 for what is not known.

    `require_label` and the rule for names are the caller's: a change may leave the base language
    out, and also reaches columns of the platform.
    """
    if body.is_audit_enabled is not None and body.is_audit_enabled.value:
        raise Unsupported("auditing of columns")
    return Column(
        name=body.schema_name.lower(),
        schema_name=body.schema_name,
        kind=kind,
        id=new_id(),
        labels=labels_of(body.display_name),
        description=labels_of(body.description),
        required=_required(body.required_level),
        primary_name=body.is_primary_name,
        custom=True,
        secured=body.is_secured,
        **DETAILS[kind](body),
    )


MEMBERS: Mapping[str, str] = {
    "RequiredLevel": "required",
    "IsSecured": "secured",
    "MaxLength": "max_length",
    "MaxSizeInKB": "maximum",
    "MinValue": "minimum",
    "MaxValue": "maximum",
    "Precision": "precision",
    "PrecisionSource": "precision_source",
    "Format": "format",
    "FormatName": "format",
    "DateTimeBehavior": "behavior",
    "DefaultValue": "default",
    "DefaultFormValue": "default",
}
"""Member of a definition -> field of a column, for what `PUT` may change."""
CHANGEABLE = frozenset(MEMBERS) | {
    "@odata.type",
    "DisplayName",
    "Description",
    "IsAuditEnabled",
    "ImeMode",
}


def changed_column(
    stored: Column, members: Mapping[str, Any], body: bodies.ColumnBody, merge: bool
) -> Column:
    """The stored column with the sent members changed; names, types and options stay."""
    sent = new_column(stored.kind, body)
    changes = {
        field: getattr(sent, field) for member, field in MEMBERS.items() if member in members
    }
    if "DisplayName" in members:
        changes["labels"] = merged(stored.labels, sent.labels, merge)
        require_label(changes["labels"], stored.schema_name)
    if "Description" in members:
        changes["description"] = merged(stored.description, sent.description, merge)
    return msgspec.structs.replace(stored, **changes)


def labelled_column(members: Mapping[str, Any], definitions: Definitions) -> Column:
    """A new column as requests send it: labelled in the base language, its choice resolved."""
    column = bind_choice(new_column(*bodies.read_column(members)), definitions)
    logical_name(column.schema_name)
    require_label(column.labels, column.schema_name)
    if column.kind == "Picklist" and column.choice is None and column.global_choice is None:
        raise invalid_argument(f"The choice {column.schema_name} has no OptionSet.")
    return column


def bind_choice(column: Column, definitions: Definitions) -> Column:
    """The column with the address of a global choice replaced by the choice's name."""
    if column.global_choice is None:
        return column
    for choice in definitions.choices.values():
        if f"({choice.id})" in column.global_choice or f"'{choice.name}'" in column.global_choice:
            return msgspec.structs.replace(column, global_choice=choice.name)
    raise invalid_argument(f"There is no global choice {column.global_choice}.")


def _required(level: bodies.Setting | None) -> str:
    if level is None:
        return "None"
    _one_of(level.value, ("None", "Recommended", "ApplicationRequired"), "RequiredLevel")
    return str(level.value)


def _between(value: int, low: int, high: int, what: str) -> int:
    if not low <= value <= high:
        raise invalid_argument(f"{what} must be between {low} and {high}, but is {value}.")
    return value


def _string(body: bodies.StringBody) -> Details:
    length = _between(body.max_length, 1, MAX_STRING, "MaxLength")
    return {"max_length": length, "format": _format(body, "Text")}


def _memo(body: bodies.MemoBody) -> Details:
    length = _between(body.max_length, 1, MAX_MEMO, "MaxLength")
    return {"max_length": length, "format": _format(body, "TextArea")}


def _format(body: bodies.StringBody | bodies.MemoBody, default: str) -> str:
    return str(body.format_name.value) if body.format_name else body.format or default


def _integer(body: bodies.IntegerBody) -> Details:
    if body.format not in (None, "None"):
        raise Unsupported(f"the integer format {body.format}")
    return _range(body.min_value, body.max_value, INTEGERS) | {"format": "None"}


def _decimal(body: bodies.DecimalBody) -> Details:
    places = _between(body.precision, 0, MAX_DECIMAL_PLACES, "Precision")
    return _range(body.min_value, body.max_value, NUMBERS) | {"precision": places}


def _double(body: bodies.DoubleBody) -> Details:
    places = _between(body.precision, 0, MAX_DOUBLE_PLACES, "Precision")
    return _range(body.min_value, body.max_value, NUMBERS) | {"precision": places}


def _money(body: bodies.MoneyBody) -> Details:
    places = _between(body.precision, 0, MAX_MONEY_PLACES, "Precision")
    source = _between(body.precision_source, 0, 2, "PrecisionSource")
    details = {"precision": places, "precision_source": source}
    return _range(body.min_value, body.max_value, AMOUNTS) | details


def _range(low: float, high: float, limits: tuple[float, float]) -> Details:
    if not limits[0] <= low <= high <= limits[1]:
        raise invalid_argument(f"MinValue {low} and MaxValue {high} are not valid.")
    return {"minimum": low, "maximum": high}


def _boolean(body: bodies.BooleanBody) -> Details:
    name = body.schema_name.lower()
    return {"choice": boolean_choice(name, body.option_set), "default": int(body.default_value)}


def _date_time(body: bodies.DateTimeBody) -> Details:
    _one_of(body.format, ("DateOnly", "DateAndTime"), "Format")
    behavior = body.date_time_behavior.value if body.date_time_behavior else "UserLocal"
    _one_of(behavior, ("UserLocal", "TimeZoneIndependent", "DateOnly"), "DateTimeBehavior")
    if behavior == "DateOnly" != body.format:
        raise invalid_argument("The behavior DateOnly needs the format DateOnly.")
    return {"format": body.format, "behavior": behavior}


def _picklist(body: bodies.PicklistBody) -> Details:
    # -1 is how the platform writes "no default".
    default = None if body.default_form_value == -1 else body.default_form_value
    if body.global_option_set is not None:
        return {"global_choice": body.global_option_set, "default": default}
    if body.option_set is None:
        return {"default": default}
    choice = local_choice(body.schema_name.lower(), body.option_set)
    if default is not None:
        existing_option(choice, default)
    return {"choice": choice, "default": default}


def _one_of(value: Any, allowed: Collection[str], what: str) -> None:
    if value not in allowed:
        raise invalid_argument(f"{what} {value} is not valid.")


def _file(body: bodies.FileBody) -> Details:
    size = _between(body.max_size, 1, MAX_FILE_KB, "MaxSizeInKB")
    return {"maximum": size, "creatable": False, "updatable": False}


def _lookup(body: bodies.LookupBody) -> Details:
    return {"targets": tuple(body.targets or ())}


DETAILS: Mapping[str, Callable[[Any], Details]] = {
    "String": _string,
    "Memo": _memo,
    "Integer": _integer,
    "Decimal": _decimal,
    "Double": _double,
    "Money": _money,
    "Boolean": _boolean,
    "DateTime": _date_time,
    "Picklist": _picklist,
    "File": _file,
    "Lookup": _lookup,
}
