"""From an event to the records whose scores it may have made stale (rules.md section 7).

Always a superset: what an event does not tell is looked up (a RESOLVE or EXPAND key), and a record
that turns out unchanged costs one read. Values are never taken from an event.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec.structs import replace

from gradesys.records import Event, Key, KeyKind, Ref
from gradesys.rules.dependencies import Watch
from gradesys.rules.linkevents import link_events
from gradesys.rules.memberships import whole_list
from gradesys.rules.routes import Move, Route, Step, Steps, arrive
from gradesys.rules.rulebook import Rulebook


def affected(rulebook: Rulebook, event: Event) -> frozenset[Key]:
    """The keys to mark for a change of one row, or one link, by somebody else."""
    links = link_events(rulebook.schema, event)
    if links is not None:
        found = {key for link in links for key in affected(rulebook, link)}
        return frozenset(found.union(whole_list(rulebook, event)))
    routes = {watch.route for watch in _touched(rulebook, event)}
    if event.message == "Create" and rulebook.by_table(event.table):
        routes.add(Route(event.table))
    keys = {key for route in routes for key in _keys(route.steps, event)}
    if (absorbed := event.parameters.get("SubordinateId")) and event.message == "Merge":
        keys.update(_merged(rulebook, event, event.id))
        keys.update(_merged(rulebook, event, str(absorbed)))
    return frozenset(key for key in keys if key.id)  # a message may be about no single row


def _merged(rulebook: Rulebook, event: Event, id: str) -> Iterator[Key]:
    """What reads one of two merged rows, results included, or is reached through it: everything
    that pointed to one of them points to the other now, without an event of its own."""
    ways = {watch.route.steps for watch in rulebook.watches.get(event.table, frozenset())}
    watches = (watch for each in rulebook.watches.values() for watch in each)
    through = (watch.route.steps for watch in watches if watch.route.steps)
    ways |= {steps[1:] for steps in through if _arrives(steps[0], event.table)}
    row = replace(event, id=id, before=None)
    return (key for steps in ways for key in _keys(steps, row))


def _arrives(step: Step, table: str) -> bool:
    return step.move is Move.UP and step.table == table


def dependants(
    rulebook: Rulebook, table: str, id: str, columns_written: Iterable[str]
) -> frozenset[Key]:
    """The keys of records whose models read a result that was just written to this row."""
    columns = frozenset(columns_written)
    watched = rulebook.watches.get(table, frozenset())
    routes = {watch.route for watch in watched if watch.column in columns}
    event = Event("Update", table, id, "")
    return frozenset(key for route in routes for key in _keys(route.steps, event))


def _touched(rulebook: Rulebook, event: Event) -> Iterator[Watch]:
    outputs = rulebook.output_columns.get(event.table, frozenset())
    known = event.changed if event.message == "Update" else None
    for watch in rulebook.watches.get(event.table, frozenset()):
        if watch.column not in outputs and (known is None or watch.column in known):
            yield watch


def _keys(steps: Steps, event: Event) -> Iterator[Key]:
    if steps:
        yield from STARTS[steps[0].move](steps, event)
    elif event.message != "Delete":
        yield Key(KeyKind.TARGET, event.table, event.id)


def _away(steps: Steps, event: Event) -> Iterator[Key]:
    yield arrive(Ref(event.table, event.id), steps)


def _up(steps: Steps, event: Event) -> Iterator[Key]:
    """The parent before and the parent after; a lookup not in ``after`` was not changed.

    A deleted row without an image, or a link (it has no id here) of which an end is not told, has
    nobody left to ask: that is for the resync.
    """
    first, further = steps[0], steps[1:]
    told, parents = _parents(first, event)
    for parent in parents:
        yield arrive(parent, further)
    if event.message != "Delete" and not told and event.id:
        yield Key(KeyKind.RESOLVE, event.table, event.id)


def _climb(steps: Steps, event: Event) -> Iterator[Key]:
    """The row, and the ancestors that it had and has."""
    first, further = steps[0], steps[1:]
    told, parents = _parents(first, event)
    onward = replace(first, depth=first.depth - 1) if first.depth > 0 else first
    for parent in parents if first.depth else ():
        yield arrive(parent, (onward, *further))
    if event.message != "Delete":
        yield arrive(Ref(event.table, event.id), further if told else steps)


def _parents(step: Step, event: Event) -> tuple[bool, list[Ref]]:
    """Whether the event tells all parents along a lookup, and those it tells."""
    images = [refs for refs in (event.before, event.after) if refs is not None]
    told = [refs[step.column] for refs in images if step.column in refs]
    parents = [ref for ref in told if ref is not None and ref.table == step.table]
    return bool(told) and event.after is not None, parents


STARTS: Mapping[Move, Callable[[Steps, Event], Iterator[Key]]] = {
    Move.UP: _up,
    Move.DOWN: _away,
    Move.ACROSS: _away,
    Move.CLIMB: _climb,
}
