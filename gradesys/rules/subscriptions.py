"""Which Dataverse steps the rules need: exactly the columns they read (rules.md section 7)."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from gradesys.rules.dependencies import CONCRETE_ACTIVITIES, Watch, activities
from gradesys.rules.memberships import LINKS, LIST, MESSAGES
from gradesys.rules.routes import Move
from gradesys.rules.rulebook import Rulebook

LINKING = ("Associate", "Disassociate")
MERGING = frozenset({"account", "contact", "lead", "incident"})
"""Tables whose rows can be merged."""
_BY_LOOKUP = frozenset({Move.UP, Move.CLIMB})


class Step(Struct, frozen=True):
    """One webhook step; an empty ``table`` is all tables.

    ``filtering``: columns whose change fires an Update; ``image``: lookups that its pre-image must
    hold, for who was the parent before. Both sorted. ``optional``: to be left out where the
    organisation offers no such message.
    """

    table: str
    message: str
    filtering: tuple[str, ...] = ()
    image: tuple[str, ...] = ()
    optional: bool = False


def steps(rulebook: Rulebook) -> tuple[Step, ...]:
    """The steps of every table that some model scores or reads, by table name.

    Output columns are left out, or a write of ours would wake us. Of a scored table of which
    nothing is read only new rows matter; of another table of which nothing is read, nothing. Links
    between many come and go by messages that belong to no table.
    """
    scored = {model.model.table for model in rulebook.models}
    intersects = {one.intersect for table in rulebook.schema.values() for one in table.many}
    linked = rulebook.watches.keys() & intersects
    own = (
        step
        for table in sorted((rulebook.watches.keys() | scored) - linked)
        for step in _steps(rulebook, table, table in scored)
    )
    members = (Step(LIST, message, optional=True) for message in MESSAGES if LINKS in linked)
    return (*(Step("", message) for message in LINKING if linked), *members, *own)


def lookups_up(watched: Iterable[Watch]) -> tuple[str, ...]:
    """The columns by which a row leads to whom its change matters, sorted."""
    firsts = (watch.route.steps[0] for watch in watched if watch.route.steps)
    return tuple(sorted({step.column for step in firsts if step.move in _BY_LOOKUP}))


def _steps(rulebook: Rulebook, table: str, scored: bool) -> tuple[Step, ...]:
    watched = rulebook.watches.get(table, frozenset())
    outputs = rulebook.output_columns.get(table, frozenset())
    columns = tuple(sorted({watch.column for watch in watched} - outputs))
    merge = (Step(table, "Merge", optional=True),) if table in MERGING else ()
    if not columns:
        return (Step(table, "Create"), *merge) if scored else ()
    parents, optional = lookups_up(watched), _is_rare(rulebook, table)
    return (
        Step(table, "Create", optional=optional),
        Step(table, "Update", columns, parents, optional),
        Step(table, "Delete", (), parents, optional),
        *merge,
    )


def _is_rare(rulebook: Rulebook, table: str) -> bool:
    """Whether it is an activity of which nobody promises that it can be listened to."""
    return table in set(activities(rulebook.schema)) - set(CONCRETE_ACTIVITIES)
