"""The body of a webhook: one RemoteExecutionContext, as a tree ready for JSON.

Shape, members and their order follow a documented capture; Update carries what was changed,
Delete a reference, Create everything that is set, a custom API its parameters.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from msgspec import Struct

from emulator.changes import Change
from emulator.seeds import SERVICE_USER_ID
from emulator.webhooks.encoding import (
    LOOKUPS,
    NO_ID,
    bare_reference,
    encode,
    entity_type,
    milliseconds,
    reference,
)
from emulator.webhooks.parameters import PARAMETERS
from emulator.webhooks.steps import Image, Step

POST_OPERATION, MAIN_OPERATION = 40, 30
CHOICES = frozenset({"Picklist", "State", "Status"})
Tree = dict[str, Any]


class Schema(Protocol):
    """What encoding needs to know about tables."""

    def kind(self, table: str, column: str) -> str:
        """The AttributeType of a column, `Money` for instance."""
        ...

    def primary_id(self, table: str) -> str:
        """The logical name of the key column."""
        ...

    def primary_name(self, table: str) -> str | None:
        """The logical name of the column that names a row."""
        ...

    def label(self, table: str, column: str, value: int) -> str | None:
        """A choice value's label in the base language."""
        ...

    def shown_name(self, table: str, id: str) -> str | None:
        """What a row is called now; None when it is gone."""
        ...


class Origin(Struct, frozen=True):
    """The organisation and the user that every context names."""

    organization_id: str
    organization_name: str
    business_unit_id: str
    user_id: str


class Job(Struct, frozen=True):
    """One step set off by one change: what the platform calls a system job."""

    id: str
    correlation_id: str
    created: datetime
    change: Change
    step: Step
    user_id: str = SERVICE_USER_ID


def build_context(job: Job, origin: Origin, schema: Schema) -> Tree:
    """The whole body, its parent context included."""
    change, step = job.change, job.step
    parameters = _input_parameters(change, schema)
    parent = _context(job, origin, MAIN_OPERATION) | {"InputParameters": parameters}
    return _context(job, origin, POST_OPERATION) | {
        "InputParameters": parameters,
        "OutputParameters": _output_parameters(change),
        "ParentContext": parent,
        "PostEntityImages": _post_images(change, step.images, schema),
        "PreEntityImages": _pre_images(change, step.images, schema),
    }


def _context(job: Job, origin: Origin, stage: int) -> Tree:
    change = job.change
    return {
        "BusinessUnitId": origin.business_unit_id,
        "CorrelationId": job.correlation_id,
        "Depth": 1,
        "InitiatingUserAzureActiveDirectoryObjectId": NO_ID,
        "InitiatingUserId": origin.user_id,
        "InputParameters": [],
        "IsExecutingOffline": False,
        "IsInTransaction": False,
        "IsOfflinePlayback": False,
        "IsolationMode": 1,
        "MessageName": change.message,
        "Mode": 1,
        "OperationCreatedOn": f"/Date({milliseconds(job.created)}+0000)/",
        "OperationId": job.id,
        "OrganizationId": origin.organization_id,
        "OrganizationName": origin.organization_name,
        "OutputParameters": [],
        "OwningExtension": bare_reference("sdkmessageprocessingstep", job.step.id),
        "ParentContext": None,
        "PostEntityImages": [],
        "PreEntityImages": [],
        "PrimaryEntityId": change.id or NO_ID,
        "PrimaryEntityName": change.table or "none",
        "RequestId": None,
        "SecondaryEntityName": "none",
        "SharedVariables": [pair("tag", tag) for tag in [change.optional.tag] if tag],
        "Stage": stage,
        "UserAzureActiveDirectoryObjectId": NO_ID,
        "UserId": origin.user_id,
    }


def _input_parameters(change: Change, schema: Schema) -> list[Tree]:
    if not change.table:
        return [pair(name, value) for name, value in change.parameters.items()]
    if change.message in PARAMETERS:
        content = _attributes(change.table, change.after or {}, change.changed, schema)
        named = PARAMETERS[change.message](change, _entity(change, content))
        return [pair(name, value) for name, value in named.items()]
    if change.after is None:
        return [pair("Target", reference(change.table, change.id))]
    target = {"__type": entity_type("Entity")}
    attributes = _attributes(change.table, change.after, _sent_columns(change, schema), schema)
    return [pair("Target", target | _entity(change, attributes))]


def _sent_columns(change: Change, schema: Schema) -> list[str]:
    after = change.after or {}
    named = [schema.primary_id(change.table), *change.changed]
    if change.message == "Create":
        named += [column for column, value in after.items() if value is not None]
    return [column for column in dict.fromkeys(named) if _is_sent(column)]


def _is_sent(column: str) -> bool:
    """A target has no version yet, and the table of a lookup is a part of its reference."""
    return column != "versionnumber" and not column.endswith("@type")


def _output_parameters(change: Change) -> list[Tree]:
    return [pair("id", change.id)] if change.message == "Create" else []


def _pre_images(change: Change, images: Iterable[Image], schema: Schema) -> list[Tree]:
    if change.before is None:
        return []
    return [
        _image(change, image.alias, change.before, image.columns, schema)
        for image in images
        if image.is_pre
    ]


def _post_images(change: Change, images: Iterable[Image], schema: Schema) -> list[Tree]:
    if change.after is None:
        return []
    primary = (schema.primary_name(change.table), schema.primary_id(change.table))
    named = tuple(column for column in primary if column)
    return [_image(change, "AsynchronousStepPrimaryName", change.after, named, schema)] + [
        _image(change, image.alias, change.after, image.columns, schema)
        for image in images
        if image.is_post
    ]


def _image(
    change: Change, alias: str, row: Mapping[str, Any], columns: tuple[str, ...], schema: Schema
) -> Tree:
    """A snapshot; unlike a target it leaves empty columns out, and its lookups have names."""
    wanted = columns or tuple(column for column in row if not column.endswith("@type"))
    filled = [column for column in wanted if row.get(column) is not None]
    labels = [
        pair(column, schema.label(change.table, column, row[column]))
        for column in filled
        if schema.kind(change.table, column) in CHOICES
    ]
    attributes = _attributes(change.table, row, filled, schema, named=True)
    return pair(alias, _entity(change, attributes) | {"FormattedValues": labels})


def _attributes(
    table: str, row: Mapping[str, Any], columns: Iterable[str], schema: Schema, named: bool = False
) -> list[Tree]:
    return [pair(column, _value(table, row, column, schema, named)) for column in columns]


def _value(table: str, row: Mapping[str, Any], column: str, schema: Schema, named: bool) -> Any:
    value, target = row.get(column), row.get(f"{column}@type")
    kind = schema.kind(table, column)
    is_named = named and value is not None and target and kind in LOOKUPS
    shown = schema.shown_name(str(target), str(value)) if is_named else None
    return encode(kind, value, target, shown)


def _entity(change: Change, attributes: list[Tree]) -> Tree:
    return {
        "Attributes": attributes,
        "EntityState": None,
        "FormattedValues": [],
        "Id": change.id,
        "KeyAttributes": [],
        "LogicalName": change.table,
        "RelatedEntities": [],
        "RowVersion": None,
    }


def pair(key: str, value: Any) -> Tree:
    """The contract's way to write one member of a map."""
    return {"key": key, "value": value}
