"""What events tell, and what they keep to themselves: where too little, the resync is the net."""

from __future__ import annotations

from collections.abc import Iterator

from gradesys.records import Event
from gradesys.rules.linkevents import link_events
from gradesys.rules.memberships import LINKS, MESSAGES, untold
from gradesys.rules.rulebook import Rulebook
from gradesys.rules.subscriptions import lookups_up


def counted(rulebook: Rulebook, event: Event) -> Iterator[str]:
    """The names under which an event is counted."""
    links = link_events(rulebook.schema, event) or ()
    tables = {LINKS if event.message in MESSAGES else event.table, *(link.table for link in links)}
    yield "unknown_table" if tables.isdisjoint(rulebook.watches) else "events"
    if event.truncated:
        yield "truncated"
    if lacks_image(rulebook, event):
        yield "events_without_preimage"
    if untold(event):
        yield "members_not_told"


def lacks_image(rulebook: Rulebook, event: Event) -> bool:
    """Whether some rule needs the parents that a deleted or moved row had, and no image has them.

    An Update that tells what it changed, and changed no lookup to a parent, needs none.
    """
    if event.before is not None or event.message not in ("Update", "Delete"):
        return False
    parents = set(lookups_up(rulebook.watches.get(event.table, frozenset())))
    told = event.changed if event.message == "Update" else None
    return bool(parents if told is None else parents & told)
