"""Lookups of several tables: `CreateCustomerRelationships`, `CreatePolymorphicLookupAttribute`."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import msgspec

from emulator.customization.bodies import LookupBody, Shape, kind_of, read
from emulator.customization.column_requests import DUPLICATE, refuse_taken
from emulator.customization.relationships import RelationshipBody, new_relationship
from emulator.customization.solutions import RELATIONSHIP, add_component, add_to_named_solution
from emulator.definitions import Column, Definitions, Relationship
from emulator.errors import ApiError, Unsupported, invalid_argument
from emulator.webapi.calls import Answer, Call, Handler

CUSTOMERS = {"account", "contact"}


class LookupsBody(Shape):
    """One lookup column, and a relationship for each table it may point to."""

    one_to_many_relationships: list[dict[str, Any]]
    lookup: dict[str, Any]
    solution_unique_name: str | None = None


def _create(kind: str, call: Call) -> Answer:
    name = call.path
    body = read(call.json(), LookupsBody, name)
    org = call.org
    with org.transaction():
        column, items = _definitions(kind, body, org.definitions)
        child = org.definitions.tables[items[0].child]
        refuse_taken(child, column)
        columns = child.columns | {column.name: column}
        org.define_table(msgspec.structs.replace(child, columns=columns))
        for item in items:
            if item.name in org.definitions.relationships:
                raise ApiError(400, DUPLICATE, f"A relationship named {item.name} already exists.")
            org.define_relationship(item)
            add_to_named_solution(call, item.id, RELATIONSHIP)
            if body.solution_unique_name:
                add_component(org, body.solution_unique_name, item.id, RELATIONSHIP)
    context = f"{call.root}$metadata#Microsoft.Dynamics.CRM.{name}Response"
    ids = {"RelationshipIds": [item.id for item in items], "AttributeId": column.id}
    return Answer(200, {"@odata.context": context, **ids})


def _definitions(
    kind: str, body: LookupsBody, definitions: Definitions
) -> tuple[Column, list[Relationship]]:
    if kind_of(body.lookup, "AttributeMetadata") not in ("Lookup", ""):
        raise Unsupported(f"lookups of the type {body.lookup.get('@odata.type')}")
    pairs = [
        _relationship(members, body.lookup, definitions)
        for members in body.one_to_many_relationships
    ]
    items = [item for item, _ in pairs]
    targets = tuple(item.parent for item in items)
    if len({item.child for item in items}) != 1 or len(set(targets)) < len(targets):
        raise invalid_argument("The relationships must lead from one table to different ones.")
    if kind == "Customer" and set(targets) != CUSTOMERS:
        raise invalid_argument("A customer is an account or a contact.")
    return msgspec.structs.replace(pairs[0][1], kind=kind, targets=targets), items


def _relationship(
    members: dict[str, Any], lookup: Mapping[str, Any], definitions: Definitions
) -> tuple[Relationship, Column]:
    """The relationship and its column; the way to the row is called after both its ends."""
    plain = {name: value for name, value in members.items() if name != "@odata.type"}
    body = read({**plain, "Lookup": lookup}, RelationshipBody, "OneToManyRelationshipMetadata")
    column = read(lookup, LookupBody, "LookupAttributeMetadata")
    if body.referencing_entity_navigation_property_name is None:
        own = f"{column.schema_name}_{body.referenced_entity}"
        body.referencing_entity_navigation_property_name = own
    return new_relationship(body, column, definitions)


POLYMORPHIC: Mapping[str, Handler] = {
    "CreateCustomerRelationships": partial(_create, "Customer"),
    "CreatePolymorphicLookupAttribute": partial(_create, "Lookup"),
}
"""Unbound actions, by name."""
