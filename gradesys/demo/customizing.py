"""Metadata bodies as an administrator of the demo's org posts them: columns, tables, lookups.

What the rules write is deploy's; this is for what people fill in and for tables that an org has
only when another product is installed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gradesys.deploy.texts import ENGLISH, PERSIAN, Languages, Text, label, translations

LANGUAGES = Languages(ENGLISH, (ENGLISH, PERSIAN))
CRM = "Microsoft.Dynamics.CRM."
NAME_LENGTH = 100

Body = dict[str, Any]


def words(title: Text) -> Body:
    """A label in both languages."""
    return label(translations(title, LANGUAGES))


def column(kind: str, name: str, title: Text) -> Body:
    """A column of a kind of KINDS; its schema name is the given one."""
    type_name, own = KINDS[kind]
    return {
        "@odata.type": f"{CRM}{type_name}AttributeMetadata",
        "SchemaName": name,
        "DisplayName": words(title),
        **own,
    }


def table(name: str, title: Text, columns: list[Body]) -> Body:
    """A table owned by the organisation; one of its columns must be the primary name."""
    return {
        "@odata.type": f"{CRM}EntityMetadata",
        "SchemaName": name,
        "DisplayName": words(title),
        "DisplayCollectionName": words(title),
        "OwnershipType": "OrganizationOwned",
        "HasActivities": False,
        "HasNotes": False,
        "IsActivity": False,
        "Attributes": columns,
    }


def lookup(child: str, name: str, parent: str, title: Text) -> Body:
    """The relationship behind a lookup; the child's rows go with their parent."""
    return {
        "@odata.type": f"{CRM}OneToManyRelationshipMetadata",
        "SchemaName": f"{child}_{name}_{parent}",
        "ReferencedEntity": parent,
        "ReferencedAttribute": f"{parent}id",
        "ReferencingEntity": child,
        "CascadeConfiguration": {"Delete": "Cascade"},
        "Lookup": column("lookup", name, title),
    }


def _option(value: int, title: Text) -> Body:
    return {"Value": value, "Label": words(title)}


KINDS: Mapping[str, tuple[str, Body]] = {
    "text": ("String", {"MaxLength": NAME_LENGTH}),
    "number": ("Double", {"Precision": 2}),
    "day": ("DateTime", {"Format": "DateOnly", "DateTimeBehavior": {"Value": "DateOnly"}}),
    "instant": ("DateTime", {"Format": "DateAndTime", "DateTimeBehavior": {"Value": "UserLocal"}}),
    "lookup": ("Lookup", {}),
    "yes_no": (
        "Boolean",
        {
            "OptionSet": {
                "@odata.type": f"{CRM}BooleanOptionSetMetadata",
                "TrueOption": _option(1, Text("Yes", "بله")),
                "FalseOption": _option(0, Text("No", "خیر")),
            }
        },
    ),
}
