"""Creating, changing and deleting columns through `EntityDefinitions(...)/Attributes`."""

from collections.abc import Mapping
from typing import Any

import msgspec

from emulator.customization.addresses import find_column, find_table
from emulator.customization.bodies import COLUMN_BODIES, read
from emulator.customization.columns import CHANGEABLE, changed_column, labelled_column
from emulator.customization.keys import refuse_key_column
from emulator.customization.readback import changeable
from emulator.customization.solutions import COLUMN, add_to_named_solution, forget_component
from emulator.customization.tables import platform_relationships, with_money
from emulator.definitions import Column, Table
from emulator.errors import ApiError, Unsupported, invalid_argument
from emulator.webapi.calls import Answer, Call, created
from emulator.webapi.described import attribute

CANNOT_DELETE = "0x8004f032"
DUPLICATE = "0x80047013"


def create_column(call: Call, table_key: str) -> Answer:
    """`POST .../Attributes`: 204 with the new column's address."""
    with call.org.transaction():
        table = find_table(call.org.definitions, table_key)
        column = labelled_column(call.json(), call.org.definitions)
        if column.kind == "Lookup":
            raise Unsupported("lookup columns outside of RelationshipDefinitions")
        add_column(call, table, column)
        add_to_named_solution(call, column.id, COLUMN)
    address = f"EntityDefinitions(LogicalName='{table.name}')/Attributes({column.id})"
    return created(call.root + address)


def add_column(call: Call, table: Table, column: Column) -> None:
    """Stores a new column with what the platform adds beside it; 400 when the name is taken."""
    org = call.org
    refuse_taken(table, column)
    columns = table.columns | {column.name: column}
    wider = with_money(msgspec.structs.replace(table, columns=columns), org.definitions)
    org.define_table(wider)
    for relationship in platform_relationships(wider, org.definitions):
        if relationship.name not in org.definitions.relationships and (
            relationship.lookup not in table.columns
        ):
            org.define_relationship(relationship)


def refuse_taken(table: Table, column: Column) -> None:
    """400 when the table has a column of this name."""
    if column.name in table.columns:
        message = f"An attribute with the specified name {column.schema_name} already exists."
        raise ApiError(400, DUPLICATE, message)


def change_column(call: Call, table_key: str, column_key: str) -> Answer:
    """`PUT .../Attributes(...)`: changes what is sent, never names or types."""
    sent = call.json()
    with call.org.transaction():
        table = find_table(call.org.definitions, table_key)
        stored = find_column(table, column_key)
        current = attribute(call.org.definitions, table, stored)
        members = changeable(sent, current, CHANGEABLE)
        changed = changed_column(stored, sent, _body(stored, members), merge_labels(call))
        columns = table.columns | {stored.name: changed}
        call.org.define_table(msgspec.structs.replace(table, columns=columns))
    return Answer(204)


def delete_column(call: Call, table_key: str, column_key: str) -> Answer:
    """`DELETE .../Attributes(...)`: the column, its values and, of a lookup, its relationships."""
    with call.org.transaction():
        table = find_table(call.org.definitions, table_key)
        column = find_column(table, column_key)
        if not column.custom or column.primary_name or column.primary_id:
            message = f"The attribute {column.name} of {table.name} cannot be deleted."
            raise ApiError(400, CANNOT_DELETE, message)
        refuse_key_column(table, column.name)
        drop_column(call, table, column)
    return Answer(204)


def drop_column(call: Call, table: Table, column: Column) -> None:
    """Removes a column and what only exists because of it."""
    org = call.org
    for item in list(org.definitions.relationships.values()):
        if (item.child, item.lookup) == (table.name, column.name):
            org.remove_relationship(item.name)
            forget_component(org, item.id)
    gone = {column.name, f"{column.name}_base"} if column.kind == "Money" else {column.name}
    columns = {name: kept for name, kept in table.columns.items() if name not in gone}
    org.define_table(msgspec.structs.replace(table, columns=columns))
    forget_component(org, column.id)


def merge_labels(call: Call) -> bool:
    """Whether the request keeps the languages it does not send."""
    return call.headers.get("mscrm.mergelabels", "false").lower() == "true"


def _body(stored: Column, members: Mapping[str, Any]) -> Any:
    if stored.kind not in COLUMN_BODIES:
        raise Unsupported(f"changes of columns of the kind {stored.kind}")
    name = f"{stored.kind}AttributeMetadata"
    if not str(members.get("@odata.type", name)).endswith(name):
        raise invalid_argument(f"The type of the attribute {stored.name} cannot be changed.")
    shape = COLUMN_BODIES[stored.kind]
    return read({**members, "SchemaName": stored.schema_name}, shape, name)
