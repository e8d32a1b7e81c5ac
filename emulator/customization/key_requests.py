"""Creating, deleting and reactivating alternate keys below `EntityDefinitions(...)/Keys`.

The index is built at once: a key is Active in the answer to its creation, or Failed when rows
that are there already break it.
"""

import msgspec

from emulator.customization.addresses import find_table
from emulator.customization.bodies import Shape, read
from emulator.customization.keys import find_key
from emulator.customization.labels import BASE_LANGUAGE, LabelBody, required_labels
from emulator.customization.names import logical_name, new_id
from emulator.customization.solutions import KEY, add_to_named_solution, forget_component
from emulator.definitions import Key, Table
from emulator.errors import ApiError, invalid_argument
from emulator.organization import Organization
from emulator.rows.keys import breaks_key
from emulator.webapi.calls import Answer, Call, created

ALLOWED = frozenset({"Decimal", "Integer", "String", "DateTime", "Lookup", "Picklist"})
MAX_COLUMNS, MAX_KEYS = 16, 10
EXISTS = "0x80060890"


class KeyBody(Shape):
    """`POST EntityDefinitions(...)/Keys` of an EntityKeyMetadata."""

    schema_name: str
    key_attributes: list[str]
    display_name: LabelBody | None = None
    logical_name: str | None = None
    entity_logical_name: str | None = None


class ReactivateBody(Shape):
    """The action `ReactivateEntityKey`."""

    entity_logical_name: str
    entity_key_logical_name: str


def create_key(call: Call, table_key: str) -> Answer:
    """204 with the new key's address; 400 for columns that cannot be in a key."""
    body = read(call.json(), KeyBody, "EntityKeyMetadata")
    with call.org.transaction():
        table = find_table(call.org.definitions, table_key)
        key = _new_key(call.org, table, body)
        _define(call.org, table, (*table.keys, key))
        add_to_named_solution(call, key.id, KEY)
    address = f"EntityDefinitions(LogicalName='{table.name}')/Keys({key.id})"
    return created(call.root + address)


def delete_key(call: Call, table_key: str, key: str) -> Answer:
    """204 when the key and its index are gone."""
    with call.org.transaction():
        table = find_table(call.org.definitions, table_key)
        found = find_key(table, key)
        _define(call.org, table, tuple(kept for kept in table.keys if kept is not found))
        forget_component(call.org, found.id)
    return Answer(204)


def reactivate_key(call: Call) -> Answer:
    """Try once more to build the index of a key that failed."""
    body = read(call.json(), ReactivateBody, "ReactivateEntityKey")
    with call.org.transaction():
        table = find_table(call.org.definitions, f"LogicalName='{body.entity_logical_name}'")
        found = find_key(table, f"LogicalName='{body.entity_key_logical_name}'")
        again = msgspec.structs.replace(found, active=not _is_broken(call.org, table, found))
        _define(call.org, table, tuple(again if key is found else key for key in table.keys))
    return Answer(204)


def _new_key(org: Organization, table: Table, body: KeyBody) -> Key:
    name, columns = logical_name(body.schema_name), tuple(body.key_attributes)
    if name in {key.name for key in table.keys}:
        raise ApiError(400, EXISTS, f"An entity key named {name} already exists.")
    if len(table.keys) >= MAX_KEYS or not 0 < len(columns) <= MAX_COLUMNS:
        limits = f"at most {MAX_KEYS} keys of 1 to {MAX_COLUMNS} columns"
        raise invalid_argument(f"A table has {limits}.")
    for column in columns:
        if column not in table.columns or table.columns[column].kind not in ALLOWED:
            raise invalid_argument(f"The attribute {column} cannot be part of an entity key.")
    labels = {BASE_LANGUAGE: body.schema_name}
    if body.display_name is not None:
        labels = required_labels(body.display_name, body.schema_name)
    key = Key(name, body.schema_name, new_id(), columns, labels)
    return msgspec.structs.replace(key, active=not _is_broken(org, table, key))


def _is_broken(org: Organization, table: Table, key: Key) -> bool:
    with org.reading() as connection:
        return breaks_key(connection, table.name, key.columns)


def _define(org: Organization, table: Table, keys: tuple[Key, ...]) -> None:
    org.define_table(msgspec.structs.replace(table, keys=keys))
