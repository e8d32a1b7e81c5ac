"""Members of marketing lists come and go by messages of their own, which name no table of theirs.

A member may be of any table that can be on a list, so one is assumed in each: a superset. Where
the members themselves are not told (a whole list was copied), they are looked up.
"""

from __future__ import annotations

from collections.abc import Iterator

from gradesys.records import Event, Key, ManyToMany, Ref, Schema
from gradesys.rules.routes import Move, Step, arrive
from gradesys.rules.rulebook import Rulebook

LIST, LINKS = "list", "listmember"
MEMBERS = "MemberIds"
MESSAGES = {
    "AddMember": "Create",
    "AddListMembers": "Create",
    "CopyMembers": "Create",
    "RemoveMember": "Delete",
}
"""What happens to the rows of LINKS. Microsoft documents the parameters, not what is posted."""


def member_events(schema: Schema, event: Event) -> list[Event]:
    """One event for each link that may have come or gone, by table that its member may be of."""
    found = _list(event)
    relations = {one for table in schema.values() for one in table.many if one.intersect == LINKS}
    return [
        _linked(event, {near: found, far: Ref(table, member)})
        for relation in sorted(relations, key=lambda one: one.name)
        for near, table, far in _ends(relation)
        for member in event.parameters.get(MEMBERS, ())
        if found is not None
    ]


def untold(event: Event) -> bool:
    """Whether members came or went, and nobody said which."""
    return event.message in MESSAGES and not (event.parameters.get(MEMBERS) and _list(event))


def whole_list(rulebook: Rulebook, event: Event) -> Iterator[Key]:
    """A list of which members came or went that are not told, and all who are on it now. Those that
    left are for the resync."""
    found = _list(event)
    if not untold(event) or found is None:
        return
    for watch in rulebook.watches.get(LINKS, frozenset()):
        first, *further = watch.route.steps or (None,)
        if first is None or first.move is not Move.UP:
            continue
        if first.table == LIST:
            yield arrive(found, tuple(further))
        elif MESSAGES[event.message] == "Create":
            across = Step(Move.ACROSS, first.table, "listid", links=LINKS, far=first.column)
            yield arrive(found, (across, *further))


def _list(event: Event) -> Ref | None:
    id = str(event.parameters.get("ListId") or (event.id if event.table == LIST else ""))
    return Ref(LIST, id) if id else None


def _ends(relation: ManyToMany) -> Iterator[tuple[str, str, str]]:
    """The column of the list, the table of the members, and their column."""
    first, second = relation.ends
    for (near, column), (table, far) in ((first, second), (second, first)):
        if near == LIST:
            yield column, table, far


def _linked(event: Event, ends: dict[str, Ref | None]) -> Event:
    message = MESSAGES[event.message]
    before, after = (None, ends) if message == "Create" else (ends, None)
    return Event(message, LINKS, "", event.organization, before, after)
