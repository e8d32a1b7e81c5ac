"""One-to-many relationships from request bodies; each brings its lookup column."""

from typing import Any

from emulator.customization.bodies import LookupBody, Shape
from emulator.customization.columns import new_column
from emulator.customization.labels import require_label
from emulator.customization.names import logical_name, new_id
from emulator.definitions import Column, Definitions, Relationship
from emulator.errors import ApiError, invalid_argument

DELETE_BEHAVIORS = ("Cascade", "RemoveLink", "Restrict")


class CascadeBody(Shape):
    """What happens to the children; only `Delete` has an effect here."""

    assign: str = "NoCascade"
    delete: str = "RemoveLink"
    merge: str = "NoCascade"
    reparent: str = "NoCascade"
    share: str = "NoCascade"
    unshare: str = "NoCascade"
    archive: str = "NoCascade"
    rollup_view: str = "NoCascade"


class RelationshipBody(Shape):
    """`POST RelationshipDefinitions` of a OneToManyRelationshipMetadata."""

    schema_name: str
    referenced_entity: str
    referencing_entity: str
    lookup: dict[str, Any]
    referenced_attribute: str | None = None
    referencing_attribute: str | None = None
    cascade_configuration: CascadeBody | None = None
    associated_menu_configuration: dict[str, Any] | None = None
    referencing_entity_navigation_property_name: str | None = None
    referenced_entity_navigation_property_name: str | None = None


def new_relationship(
    body: RelationshipBody, lookup: LookupBody, definitions: Definitions
) -> tuple[Relationship, Column]:
    """The relationship and its lookup column; 400 when a table does not exist."""
    for table in (body.referenced_entity, body.referencing_entity):
        if table not in definitions.tables:
            raise ApiError(404, "0x80041102", f"The entity {table} was not found.")
    logical_name(body.schema_name)
    lookup.targets = [body.referenced_entity]
    column = new_column("Lookup", lookup)
    require_label(column.labels, column.schema_name)
    cascade = body.cascade_configuration or CascadeBody()
    if cascade.delete not in DELETE_BEHAVIORS:
        raise invalid_argument(f"The delete behavior {cascade.delete} is not valid.")
    relationship = Relationship(
        name=body.schema_name,
        id=new_id(),
        parent=body.referenced_entity,
        child=body.referencing_entity,
        lookup=column.name,
        to_parent=body.referencing_entity_navigation_property_name or column.schema_name,
        to_children=body.referenced_entity_navigation_property_name or body.schema_name,
        on_delete=cascade.delete,
        cascade=_described(cascade),
        custom=True,
    )
    return relationship, column


def _described(cascade: CascadeBody) -> dict[str, str]:
    return {
        "Assign": cascade.assign,
        "Delete": cascade.delete,
        "Merge": cascade.merge,
        "Reparent": cascade.reparent,
        "Share": cascade.share,
        "Unshare": cascade.unshare,
    }
