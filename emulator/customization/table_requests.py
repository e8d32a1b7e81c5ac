"""Creating, changing and deleting tables through `EntityDefinitions`."""

from collections.abc import Iterable
from typing import Any

import msgspec

from emulator.customization.addresses import find_table
from emulator.customization.bodies import Shape, kind_of, read
from emulator.customization.column_requests import CANNOT_DELETE, drop_column, merge_labels
from emulator.customization.labels import LabelBody, labels_of, merged, require_label
from emulator.customization.readback import changeable
from emulator.customization.solutions import TABLE, add_to_named_solution, forget_component
from emulator.customization.tables import TableBody, new_table, platform_relationships
from emulator.definitions import Table
from emulator.errors import ApiError, Unsupported, invalid_argument
from emulator.surface.tables import add_table_rows, remove_table_rows
from emulator.webapi.calls import Answer, Call, created
from emulator.webapi.described import entity
from emulator.webhooks.messages import add_filters, remove_filters

LABELS = {
    "DisplayName": "labels",
    "DisplayCollectionName": "collection_labels",
    "Description": "description",
}
FLAGS = {
    "HasActivities": "has_activities",
    "HasNotes": "has_notes",
    "ChangeTrackingEnabled": "change_tracking",
}


class TableChange(Shape):
    """What `PUT EntityDefinitions(...)` may change."""

    display_name: LabelBody | None = None
    display_collection_name: LabelBody | None = None
    description: LabelBody | None = None
    has_activities: bool = False
    has_notes: bool = False
    change_tracking_enabled: bool = False


class TablesBody(Shape):
    """The action `CreateEntities`."""

    entities: list[dict[str, object]]
    solution_unique_name: str | None = None


def create_table(call: Call) -> Answer:
    """`POST EntityDefinitions`: 204 with the new table's address."""
    with call.org.transaction():
        table = _create(call, call.json())
    return created(f"{call.root}EntityDefinitions({table.id})")


def create_tables(call: Call) -> Answer:
    """`POST CreateEntities`: several tables, all or none."""
    body = read(call.json(), TablesBody, "CreateEntities")
    with call.org.transaction():
        for members in body.entities:
            _create(call, members)
    return Answer(204)


def change_table(call: Call, key: str) -> Answer:
    """`PUT EntityDefinitions(...)`: labels and flags; columns have requests of their own."""
    sent = call.json()
    with call.org.transaction():
        stored = find_table(call.org.definitions, key)
        current = entity(call.org.definitions, stored)
        members = changeable(sent, current, LABELS.keys() | FLAGS.keys())
        body = read(members, TableChange, "EntityMetadata")
        call.org.define_table(_changed(stored, members, body, merge_labels(call)))
    return Answer(204)


def delete_table(call: Call, key: str) -> Answer:
    """`DELETE EntityDefinitions(...)`: the table, its rows and the lookups to it."""
    org = call.org
    with org.transaction():
        table = find_table(org.definitions, key)
        if not table.custom:
            raise ApiError(400, CANNOT_DELETE, f"The table {table.name} cannot be deleted.")
        _drop_lookups_to(call, table.name)
        org.remove_table(table.name)
        remove_filters(org, table.name)
        remove_table_rows(org, table)
        forget_component(org, table.id)
    return Answer(204)


def _create(call: Call, members: dict[str, object]) -> Table:
    org = call.org
    if kind_of(members, "EntityMetadata"):
        raise Unsupported(f"the definition type {members.get('@odata.type')}")
    table = new_table(read(members, TableBody, "EntityMetadata"), org.definitions)
    if table.name in org.definitions.tables or table.set_name in org.definitions.sets:
        message = f"An entity with the specified name {table.schema_name} already exists."
        raise ApiError(400, "0x80044363", message)
    relationships = list(platform_relationships(table, org.definitions))
    org.define_table(table)
    for relationship in relationships:
        org.define_relationship(relationship)
    add_filters(org, table.name)
    add_table_rows(org, table)
    add_to_named_solution(call, table.id, TABLE)
    return table


def _changed(stored: Table, sent: Iterable[str], body: TableChange, merge: bool) -> Table:
    changes: dict[str, Any] = {}
    texts = {
        "DisplayName": body.display_name,
        "DisplayCollectionName": body.display_collection_name,
        "Description": body.description,
    }
    flags = {
        "HasActivities": body.has_activities,
        "HasNotes": body.has_notes,
        "ChangeTrackingEnabled": body.change_tracking_enabled,
    }
    for member in sent:
        if member in LABELS:
            field = LABELS[member]
            changes[field] = merged(getattr(stored, field), labels_of(texts[member]), merge)
        elif member in FLAGS:
            changes[FLAGS[member]] = flags[member]
    if stored.change_tracking and changes.get("change_tracking") is False:
        raise invalid_argument("Change tracking cannot be switched off again.")
    changed = msgspec.structs.replace(stored, **changes)
    require_label(changed.labels, changed.schema_name)
    return changed


def _drop_lookups_to(call: Call, name: str) -> None:
    """Removes the lookups of other tables that point only to this one."""
    for item in list(call.org.definitions.referencing(name)):
        child = call.org.definitions.tables[item.child]
        column = child.columns.get(item.lookup)
        if column is not None and column.targets == (name,) and item.child != name:
            drop_column(call, child, column)
