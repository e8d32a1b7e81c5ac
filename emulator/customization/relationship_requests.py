"""Creating and deleting relationships through `RelationshipDefinitions`."""

import msgspec

from emulator.customization.addresses import find_relationship
from emulator.customization.bodies import LookupBody, kind_of, read
from emulator.customization.column_requests import (
    CANNOT_DELETE,
    DUPLICATE,
    drop_column,
    refuse_taken,
)
from emulator.customization.keys import refuse_key_column
from emulator.customization.link_requests import create_link, delete_link
from emulator.customization.links import find_link
from emulator.customization.relationships import RelationshipBody, new_relationship
from emulator.customization.solutions import RELATIONSHIP, add_to_named_solution
from emulator.errors import ApiError, Unsupported
from emulator.webapi.calls import Answer, Call, created


def create_relationship(call: Call) -> Answer:
    """`POST RelationshipDefinitions`: a relationship with its lookup or its table of links."""
    members = call.json()
    kind = kind_of(members, "RelationshipMetadata")
    if kind == "ManyToMany":
        return create_link(call, members)
    if kind != "OneToMany":
        raise Unsupported(f"relationships of the type {members.get('@odata.type')}")
    body = read(members, RelationshipBody, "OneToManyRelationshipMetadata")
    if kind_of(body.lookup, "AttributeMetadata") not in ("Lookup", ""):
        raise Unsupported(f"lookups of the type {body.lookup.get('@odata.type')}")
    lookup = read(body.lookup, LookupBody, "LookupAttributeMetadata")
    org = call.org
    with org.transaction():
        item, column = new_relationship(body, lookup, org.definitions)
        if item.name in org.definitions.relationships:
            raise ApiError(400, DUPLICATE, f"A relationship named {item.name} already exists.")
        child = org.definitions.tables[item.child]
        refuse_taken(child, column)
        columns = child.columns | {column.name: column}
        org.define_table(msgspec.structs.replace(child, columns=columns))
        org.define_relationship(item)
        add_to_named_solution(call, item.id, RELATIONSHIP)
    return created(f"{call.root}RelationshipDefinitions({item.id})")


def delete_relationship(call: Call, key: str) -> Answer:
    """`DELETE RelationshipDefinitions(...)`: the relationship with its lookup or its table."""
    with call.org.transaction():
        link = find_link(call.org.definitions, key)
        if link is not None:
            delete_link(call, link)
            return Answer(204)
        item = find_relationship(call.org.definitions, key)
        child = call.org.definitions.tables[item.child]
        column = child.columns[item.lookup]
        if not item.custom or not column.custom:
            message = f"The relationship {item.name} cannot be deleted."
            raise ApiError(400, CANNOT_DELETE, message)
        refuse_key_column(child, column.name)
        drop_column(call, child, column)
    return Answer(204)
