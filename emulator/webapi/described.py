"""Definitions in the words of the Web API: EntityMetadata, AttributeMetadata and the rest.

``@hidden`` holds what only ``$expand`` shows, as functions; it never reaches a client.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from emulator.definitions import (
    Choice,
    Column,
    Definitions,
    Key,
    Labels,
    ManyToMany,
    Option,
    Relationship,
    Table,
)
from emulator.seeds import BASE_LANGUAGE
from emulator.surface.privileges import described as privileges
from emulator.webapi.details import DETAILS, managed

Item = dict[str, Any]
_CRM = "#Microsoft.Dynamics.CRM."
_TYPE_NAMES = {
    "Customer": "Lookup",
    "Owner": "Lookup",
    "PartyList": "Lookup",
    "Uniqueidentifier": "UniqueIdentifier",
}

# The enumeration of types is older than files.
_ENUMERATED = {"File": "Virtual"}


def type_name(column: Column) -> str:
    """E.g. ``PicklistAttributeMetadata``: what a cast in an address names."""
    if column.kind == "Virtual":
        return "AttributeMetadata"
    return f"{_TYPE_NAMES.get(column.kind, column.kind)}AttributeMetadata"


def label(labels: Labels) -> Item:
    """A Label with its user's label in the base language."""
    localized = [
        {
            "Label": text,
            "LanguageCode": language,
            "IsManaged": False,
            "MetadataId": None,
            "HasChanged": None,
        }
        for language, text in sorted(labels.items())
    ]
    user = next((item for item in localized if item["LanguageCode"] == BASE_LANGUAGE), None)
    return {"LocalizedLabels": localized, "UserLocalizedLabel": user}


def entity(definitions: Definitions, table: Table) -> Item:
    """EntityMetadata."""
    return {
        "LogicalName": table.name,
        "SchemaName": table.schema_name,
        "EntitySetName": table.set_name,
        "LogicalCollectionName": table.set_name,
        "CollectionSchemaName": table.set_name,
        "PrimaryIdAttribute": table.id_column,
        "PrimaryNameAttribute": table.name_column,
        "ObjectTypeCode": table.type_code,
        "OwnershipType": table.ownership,
        "ChangeTrackingEnabled": table.change_tracking,
        "CanChangeTrackingBeEnabled": managed(True, "canchangetrackingbeenabled"),
        "IsOptimisticConcurrencyEnabled": True,
        "IsActivity": table.is_activity,
        "HasActivities": table.has_activities,
        "HasNotes": table.has_notes,
        "IsCustomEntity": table.custom,
        "IsIntersect": table.is_intersect,
        "IsManaged": not table.custom,
        "IsPrivate": False,
        "IsCustomizable": managed(True, "iscustomizable"),
        "IsValidForAdvancedFind": True,
        "DisplayName": label(table.labels),
        "DisplayCollectionName": label(table.collection_labels),
        "Description": label(table.description),
        "Privileges": [] if table.is_intersect else privileges(table),
        "MetadataId": table.id,
        "HasChanged": None,
        "@hidden": {
            name: partial(members, definitions, table) for name, members in MEMBERS.items()
        },
    }


def attributes(definitions: Definitions, table: Table) -> list[Item]:
    return [attribute(definitions, table, column) for column in table.columns.values()]


def keys(definitions: Definitions, table: Table) -> list[Item]:
    """EntityKeyMetadata of every alternate key."""
    return [entity_key(table, key) for key in table.keys]


def entity_key(table: Table, key: Key) -> Item:
    """EntityKeyMetadata."""
    return {
        "@odata.type": f"{_CRM}EntityKeyMetadata",
        "LogicalName": key.name,
        "SchemaName": key.schema_name,
        "EntityLogicalName": table.name,
        "KeyAttributes": list(key.columns),
        "EntityKeyIndexStatus": "Active" if key.active else "Failed",
        "IsManaged": False,
        "DisplayName": label(key.labels),
        "MetadataId": key.id,
        "HasChanged": None,
    }


def many_to_one(definitions: Definitions, table: Table) -> list[Item]:
    items = definitions.relationships.values()
    return [relationship(definitions, item) for item in items if item.child == table.name]


def one_to_many(definitions: Definitions, table: Table) -> list[Item]:
    return [relationship(definitions, item) for item in definitions.referencing(table.name)]


def many_to_many(definitions: Definitions, table: Table) -> list[Item]:
    items = definitions.many_to_many.values()
    return [intersection(item) for item in items if table.name in (item.first, item.second)]


MEMBERS: Mapping[str, Callable[[Definitions, Table], list[Item]]] = {
    "Attributes": attributes,
    "Keys": keys,
    "ManyToOneRelationships": many_to_one,
    "OneToManyRelationships": one_to_many,
    "ManyToManyRelationships": many_to_many,
}
"""The collections of a table, by name."""


def attribute(definitions: Definitions, table: Table, column: Column) -> Item:
    """AttributeMetadata of the column's own type."""
    required = managed(column.required, "canmodifyrequirementlevelsettings")
    common: Item = {
        "@odata.type": f"{_CRM}{type_name(column)}",
        "LogicalName": column.name,
        "SchemaName": column.schema_name,
        "EntityLogicalName": table.name,
        "AttributeType": _ENUMERATED.get(column.kind, column.kind),
        "AttributeTypeName": {"Value": f"{column.kind}Type"},
        "AttributeOf": None,
        "IsPrimaryId": column.name == table.id_column,
        "IsPrimaryName": column.name == table.name_column,
        "IsValidForCreate": column.creatable,
        "IsValidForRead": column.readable,
        "IsValidForUpdate": column.updatable,
        "IsCustomAttribute": column.custom,
        "IsManaged": not column.custom,
        "IsLogical": False,
        "IsValidODataAttribute": True,
        "IsSecured": column.secured,
        "SourceType": 0,
        "RequiredLevel": required,
        "DisplayName": label(column.labels),
        "Description": label(column.description),
        "MetadataId": column.id,
        "HasChanged": None,
    }
    details = DETAILS.get(column.kind)
    choice = definitions.choice_of(column)
    return common | (details(column) if details else {}) | _choice_members(choice)


def _choice_members(choice: Choice | None) -> Item:
    if choice is None:
        return {}
    of_column = None if choice.is_global else option_set(choice)
    shared = option_set(choice) if choice.is_global else None
    return {
        "@hidden": {
            "OptionSet": lambda: of_column or shared,
            "GlobalOptionSet": lambda: shared,
        }
    }


def option_set(choice: Choice) -> Item:
    """OptionSetMetadata, or BooleanOptionSetMetadata with its two options."""
    common = {
        "Name": choice.name,
        "IsGlobal": choice.is_global,
        "IsCustomOptionSet": choice.is_global,
        "OptionSetType": choice.kind,
        "DisplayName": label(choice.labels),
        "Description": label(choice.description),
        "MetadataId": choice.id,
        "HasChanged": None,
    }
    options = [_option(choice.kind, option) for option in choice.options]
    if choice.kind == "Boolean":
        false, true = options
        kind = {"@odata.type": f"{_CRM}BooleanOptionSetMetadata"}
        return kind | common | {"TrueOption": true, "FalseOption": false}
    return {"@odata.type": f"{_CRM}OptionSetMetadata"} | common | {"Options": options}


def _option(kind: str, option: Option) -> Item:
    found: Item = {
        "Value": option.value,
        "Label": label(option.labels),
        "Description": label({}),
        "Color": option.color,
        "IsManaged": False,
        "MetadataId": None,
        "HasChanged": None,
    }
    if kind == "Status":
        return {"@odata.type": f"{_CRM}StatusOptionMetadata"} | found | {"State": option.state}
    if kind == "State":
        english = option.labels.get(BASE_LANGUAGE)
        own = {"DefaultStatus": option.default_status, "InvariantName": english}
        return {"@odata.type": f"{_CRM}StateOptionMetadata"} | found | own
    return found


def relationship(definitions: Definitions, item: Relationship) -> Item:
    """OneToManyRelationshipMetadata."""
    parent = definitions.tables[item.parent]
    unset = dict.fromkeys(("Assign", "Merge", "Reparent", "Share", "Unshare"), "NoCascade")
    return {
        "@odata.type": f"{_CRM}OneToManyRelationshipMetadata",
        "SchemaName": item.name,
        "RelationshipType": "OneToManyRelationship",
        "ReferencedEntity": item.parent,
        "ReferencedAttribute": parent.id_column,
        "ReferencingEntity": item.child,
        "ReferencingAttribute": item.lookup,
        "ReferencingEntityNavigationPropertyName": item.to_parent,
        "ReferencedEntityNavigationPropertyName": item.to_children,
        "IsCustomRelationship": item.custom,
        "IsManaged": not item.custom,
        "IsHierarchical": False,
        "IsValidForAdvancedFind": True,
        "CascadeConfiguration": unset | {"Delete": item.on_delete} | item.cascade,
        "MetadataId": item.id,
        "HasChanged": None,
    }


def intersection(item: ManyToMany) -> Item:
    """ManyToManyRelationshipMetadata."""
    first, second = item.ends
    return {
        "@odata.type": f"{_CRM}ManyToManyRelationshipMetadata",
        "SchemaName": item.name,
        "RelationshipType": "ManyToManyRelationship",
        "Entity1LogicalName": item.first,
        "Entity2LogicalName": item.second,
        "Entity1IntersectAttribute": first.near,
        "Entity2IntersectAttribute": second.near,
        "Entity1NavigationPropertyName": first.navigation,
        "Entity2NavigationPropertyName": second.navigation,
        "IntersectEntityName": item.intersect,
        "IsCustomRelationship": item.custom,
        "IsManaged": not item.custom,
        "MetadataId": item.id,
        "HasChanged": None,
    }
