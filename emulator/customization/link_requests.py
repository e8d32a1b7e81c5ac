"""Creating and deleting many-to-many relationships; each brings the table of its links."""

from typing import Any

from emulator.customization.bodies import Shape, read
from emulator.customization.names import logical_name, new_id
from emulator.customization.solutions import (
    RELATIONSHIP,
    add_to_named_solution,
    forget_component,
)
from emulator.definitions import Definitions, ManyToMany
from emulator.errors import ApiError
from emulator.webapi.calls import Answer, Call, created

DUPLICATE = "0x80047013"
CANNOT_DELETE = "0x8004f032"


class LinkBody(Shape):
    """`POST RelationshipDefinitions` of a ManyToManyRelationshipMetadata."""

    schema_name: str
    entity1_logical_name: str
    entity2_logical_name: str
    intersect_entity_name: str
    entity1_associated_menu_configuration: dict[str, Any] | None = None
    entity2_associated_menu_configuration: dict[str, Any] | None = None
    entity1_navigation_property_name: str | None = None
    entity2_navigation_property_name: str | None = None


def create_link(call: Call, members: dict[str, Any]) -> Answer:
    """204 with the address of the new relationship."""
    body = read(members, LinkBody, "ManyToManyRelationshipMetadata")
    with call.org.transaction():
        link = _new_link(body, call.org.definitions)
        call.org.define_link(link)
        add_to_named_solution(call, link.id, RELATIONSHIP)
    return created(f"{call.root}RelationshipDefinitions({link.id})")


def delete_link(call: Call, link: ManyToMany) -> None:
    """Removes a relationship that was created here; 400 for one of the platform's."""
    if not link.custom:
        message = f"The relationship {link.name} cannot be deleted."
        raise ApiError(400, CANNOT_DELETE, message)
    call.org.remove_link(link.name)
    forget_component(call.org, link.id)


def _new_link(body: LinkBody, definitions: Definitions) -> ManyToMany:
    for table in (body.entity1_logical_name, body.entity2_logical_name):
        if table not in definitions.tables:
            raise ApiError(404, "0x80041102", f"The entity {table} was not found.")
    logical_name(body.schema_name)
    link = ManyToMany(
        name=body.schema_name,
        id=new_id(),
        first=body.entity1_logical_name,
        second=body.entity2_logical_name,
        intersect=logical_name(body.intersect_entity_name),
        to_second=body.entity1_navigation_property_name or "",
        to_first=body.entity2_navigation_property_name or "",
        custom=True,
    )
    _refuse_taken(link, definitions)
    return link


def _refuse_taken(link: ManyToMany, definitions: Definitions) -> None:
    names = {**definitions.many_to_many, **definitions.relationships}
    if link.name in names or link.intersect in definitions.tables:
        raise ApiError(400, DUPLICATE, f"A relationship named {link.name} already exists.")
    for end in link.ends:
        place = (end.table, end.navigation)
        if place in definitions.ends or place in definitions.children:
            message = f"The navigation property {end.navigation} already exists."
            raise ApiError(400, DUPLICATE, message)
