"""Webhook bodies as events: ids and table names only, whatever else a body may say.

Bodies come in several encodings, cut short, and from strangers (dataverse.md sections 1.4 to 1.7):
everything is optional until it is needed, and nothing is believed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from gradesys.dataverse.contract import (
    SIZE_LIMIT,
    MalformedEvent,
    OversizedEvent,
    attributes,
    ids,
    lookups,
    members,
    message_name,
    parse_body,
    plain,
    references,
    table_name,
    uuid_text,
)
from gradesys.records import Event, Ref

__all__ = ["SIZE_LIMIT", "MalformedEvent", "OversizedEvent", "parse_body", "parse_event"]

_SIZE_EXCEEDED = "x-ms-dynamics-msg-size-exceeded"
_NIL = str(UUID(int=0))
_TARGETS = ("Target", "EntityMoniker")
_STANDARD = frozenset({"Create", "Update", "Delete", "Associate", "Disassociate", "Assign"})
_LINKING = frozenset({"Associate", "Disassociate"})
_MEMBERSHIP = frozenset({"AddMember", "AddListMembers", "RemoveMember", "CopyMembers"})
_STANDARD |= {"SetState", "SetStateDynamicEntity", "Merge"}


def parse_event(body: bytes, headers: Mapping[str, str]) -> Event:
    """The event in ``body``. Lookups of ``before`` and ``after`` that are None were empty; a null
    member is listed there whatever its type, for a body does not tell. Raises ``MalformedEvent``.
    """
    names = {name.lower(): value for name, value in headers.items()}
    context = parse_body(body)
    message = message_name(context.get("MessageName") or names.get("x-ms-dynamics-request-name"))
    inputs = context.get("InputParameters")
    parameters = members(inputs)
    target = next((parameters[name] for name in _TARGETS if parameters.get(name)), None)
    row = _row(context, names, target)
    if message in _STANDARD and not (row.table and row.id):
        raise MalformedEvent(f"a {message} of no known row")
    written = attributes(target) if message in ("Create", "Update") else None
    return Event(
        message=message,
        table=row.table,
        id=row.id,
        organization=uuid_text(context.get("OrganizationId")) or "",
        before=_before(context),
        after=None if written is None else lookups(written),
        changed=frozenset(written) if written is not None and message == "Update" else None,
        parameters=_parameters(message, parameters),
        truncated=inputs is None or _SIZE_EXCEEDED in names,
    )


def _row(context: Mapping[str, Any], names: Mapping[str, str], target: Any) -> Ref:
    entity = target if isinstance(target, dict) else {}
    table = (
        table_name(context.get("PrimaryEntityName"))
        or table_name(entity.get("LogicalName"))
        or table_name(names.get("x-ms-dynamics-entity-name"))
    )
    id_ = uuid_text(context.get("PrimaryEntityId"))
    if id_ in (None, _NIL):
        id_ = uuid_text(entity.get("Id"))
    return Ref(table or "", id_ if id_ and id_ != _NIL else "")


def _before(context: Mapping[str, Any]) -> Mapping[str, Ref | None] | None:
    images = [attributes(image) for image in members(context.get("PreEntityImages")).values()]
    known = [image for image in images if image is not None]
    if not known:
        return None
    return {name: ref for image in known for name, ref in lookups(image).items()}


def _parameters(message: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    if message == "Merge":
        subordinate = uuid_text(parameters.get("SubordinateId"))
        return {"SubordinateId": subordinate} if subordinate else {}
    if message in _LINKING:
        relation = members(parameters.get("Relationship"))
        related = references(parameters.get("RelatedEntities"))
        return {"Relationship": str(relation.get("SchemaName", "")), "RelatedEntities": related}
    if message in _MEMBERSHIP:
        return _members_of_list(parameters)
    if message in _STANDARD:
        return {}
    texts = {name: plain(value) for name, value in parameters.items()}
    return {name: text for name, text in texts.items() if text is not None}


def _members_of_list(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The list that changed, and the members that came or went as far as they are told."""
    lists = (*ids(parameters.get("ListId")), *ids(parameters.get("TargetListId")))
    rows = (*ids(parameters.get("EntityId")), *ids(parameters.get("MemberIds")))
    return {"ListId": lists[0] if lists else "", "MemberIds": rows}
