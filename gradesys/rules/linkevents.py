"""Links as what they are: a row of the intersect table came, or went.

Associate and Disassociate name a relationship and rows at its two ends; the rules read the
intersect table, so that links between many need no way of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from gradesys.records import Event, ManyToMany, Ref, Schema
from gradesys.rules.memberships import MESSAGES, member_events

RELATIONSHIP, RELATED = "Relationship", "RelatedEntities"
"""Parameters of the two messages: a schema name, and the references at the other end."""
_MESSAGES = {"Associate": "Create", "Disassociate": "Delete"}


def link_events(schema: Schema, event: Event) -> list[Event] | None:
    """One event for each link that came or went; None for any other message."""
    if event.message in MESSAGES:
        return member_events(schema, event)
    if event.message not in _MESSAGES:
        return None
    name = str(event.parameters.get(RELATIONSHIP, "")).lower()
    told = (ref for ref in event.parameters.get(RELATED, ()) if isinstance(ref, Ref))
    related: list[Ref | None] = list(told)
    relations = {one for table in schema.values() for one in table.many if one.name == name}
    target = Ref(event.table, event.id)
    return [
        _event(event, relation, ends)
        for relation in sorted(relations, key=lambda one: one.intersect)
        for other in related or [None]
        for ends in _placed(relation, target, other)
    ]


def _placed(relation: ManyToMany, *refs: Ref | None) -> Iterator[dict[str, Ref | None]]:
    """The link's columns as far as rows are told; in a relationship of one table with itself either
    row may be the first."""
    for pair in permutations(refs):
        ends = list(zip(relation.ends, pair, strict=True))
        if all(ref is None or table == ref.table for (table, _), ref in ends):
            yield {column: ref for (_, column), ref in ends if ref is not None}


def _event(event: Event, relation: ManyToMany, ends: dict[str, Ref | None]) -> Event:
    message = _MESSAGES[event.message]
    came = message == "Create"
    before, after = (None, ends) if came else (ends, None)
    return Event(message, relation.intersect, "", event.organization, before, after)
