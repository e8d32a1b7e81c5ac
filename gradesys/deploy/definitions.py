"""Metadata as the Web API takes it: bodies of columns and tables (dataverse.md 5.2, 5.3).

KINDS is the table of what each kind of column has of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from gradesys.deploy.names import schema_name
from gradesys.deploy.options import Placed, place, remember
from gradesys.deploy.owntables import TableSpec
from gradesys.deploy.specs import ColumnSpec
from gradesys.deploy.texts import Languages, Text, label, translations
from gradesys.records import Kind

CRM = "Microsoft.Dynamics.CRM."
Body = dict[str, Any]
_OWN_PRECISION = 0


def column_definition(spec: ColumnSpec, languages: Languages) -> Body:
    """The body of ``POST …/Attributes``; options get the first numbers that are free."""
    placed = place(spec.options, (), {})
    type_name, own = KINDS[spec.column.kind]
    audit = {} if spec.audited else {"IsAuditEnabled": _setting(False, "canmodifyauditsettings")}
    return {
        "@odata.type": f"{CRM}{type_name}AttributeMetadata",
        "AttributeType": type_name,
        "AttributeTypeName": {"Value": f"{type_name}Type"},
        "SchemaName": schema_name(spec.name),
        "DisplayName": label(translations(spec.title, languages)),
        "Description": label(translations(describe(spec, placed, {}), languages)),
        "RequiredLevel": _setting("None", "canmodifyrequirementlevelsettings"),
        **audit,
        **own(spec),
        **_option_set(spec, placed, languages),
    }


def table_definition(spec: TableSpec, languages: Languages) -> Body:
    """The body of ``POST EntityDefinitions``, all columns included.

    Its schema name is spelled like the logical one: privileges are called by it.
    """
    primary = column_definition(spec.primary, languages) | {"IsPrimaryName": True}
    others = [column_definition(column, languages) for column in spec.columns]
    return {
        "@odata.type": f"{CRM}EntityMetadata",
        "SchemaName": spec.name,
        "DisplayName": label(translations(spec.title, languages)),
        "DisplayCollectionName": label(translations(spec.titles, languages)),
        "Description": label(translations(spec.description, languages)),
        "OwnershipType": "OrganizationOwned",
        "HasActivities": False,
        "HasNotes": False,
        "IsActivity": False,
        "Attributes": [primary, *others],
    }


def describe(spec: ColumnSpec, placed: Iterable[Placed], memory: Mapping[str, int]) -> Text:
    """The description of a column; that of a choice remembers which name has which number, so
    that titles may change in every language without losing it."""
    if not spec.options:
        return spec.description
    numbers = remember(placed, memory)
    return Text(f"{spec.description.en} {numbers}", f"{spec.description.fa} {numbers}")


def _option_set(spec: ColumnSpec, placed: Iterable[Placed], languages: Languages) -> Body:
    if spec.column.kind is not Kind.CHOICE:
        return {}
    options = [
        {
            "@odata.type": f"{CRM}OptionMetadata",
            "Value": item.value,
            "Label": label(translations(item.spec.title, languages)),
            **({"Color": item.spec.color} if item.spec.color else {}),
        }
        for item in placed
    ]
    return {
        "OptionSet": {
            "@odata.type": f"{CRM}OptionSetMetadata",
            "IsGlobal": False,
            "OptionSetType": "Picklist",
            "Options": options,
        }
    }


def _setting(value: object, managed: str) -> Body:
    return {"Value": value, "CanBeChanged": True, "ManagedPropertyLogicalName": managed}


def _range(spec: ColumnSpec) -> Body:
    return {"MinValue": spec.column.minimum, "MaxValue": spec.column.maximum}


def _integer(spec: ColumnSpec) -> Body:
    return {"Format": "None", **_range(spec)}


def _decimal(spec: ColumnSpec) -> Body:
    return {"Precision": spec.column.places, **_range(spec)}


def _money(spec: ColumnSpec) -> Body:
    return {"Precision": spec.column.places, "PrecisionSource": _OWN_PRECISION, **_range(spec)}


def _text(spec: ColumnSpec) -> Body:
    return {"MaxLength": spec.column.length, "FormatName": {"Value": "Text"}}


def _memo(spec: ColumnSpec) -> Body:
    return {"MaxLength": spec.column.length, "Format": "TextArea", "ImeMode": "Auto"}


def _date_time(form: str, behavior: str) -> Callable[[ColumnSpec], Body]:
    return lambda _: {"Format": form, "DateTimeBehavior": {"Value": behavior}}


def _nothing(spec: ColumnSpec) -> Body:
    return {}


KINDS: Mapping[Kind, tuple[str, Callable[[ColumnSpec], Body]]] = {
    Kind.INTEGER: ("Integer", _integer),
    Kind.DECIMAL: ("Decimal", _decimal),
    Kind.MONEY: ("Money", _money),
    Kind.TEXT: ("String", _text),
    Kind.MEMO: ("Memo", _memo),
    Kind.CHOICE: ("Picklist", _nothing),
    Kind.DATE: ("DateTime", _date_time("DateOnly", "DateOnly")),
    Kind.INSTANT: ("DateTime", _date_time("DateAndTime", "UserLocal")),
}
