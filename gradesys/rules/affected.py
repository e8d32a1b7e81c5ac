"""From an event to the records whose scores it may have made stale (rules.md section 7).

Always a superset: what an event does not tell is looked up (a RESOLVE or EXPAND key), and a record
that turns out unchanged costs one read. Values are never taken from an event.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from gradesys.records import Event, Key, KeyKind, Ref, Row
from gradesys.rules.dependencies import Route, Watch
from gradesys.rules.rulebook import Rulebook

HOPS = ">"
"""Between the hops of an EXPAND key that leads further than to the rows pointing here. Each step
takes one off, so that lookups in a circle are not followed for ever."""


def affected(rulebook: Rulebook, event: Event) -> frozenset[Key]:
    """The keys to mark for a change of one row by somebody else."""
    routes = {watch.route for watch in _touched(rulebook, event)}
    if event.message == "Create" and rulebook.by_table(event.table):
        routes.add(Route(event.table))
    keys = {key for route in routes for key in _keys(route, event)}
    if (absorbed := event.parameters.get("SubordinateId")) and event.message == "Merge":
        other = replace(event, id=str(absorbed), before=None)
        keys.update(key for route in routes for key in _keys(route, other))
    return frozenset(keys)


def dependants(
    rulebook: Rulebook, table: str, id: str, columns_written: Iterable[str]
) -> frozenset[Key]:
    """The keys of records whose models read a result that was just written to this row."""
    written = frozenset(columns_written)
    watched = rulebook.watches.get(table, frozenset())
    routes = {watch.route for watch in watched if watch.column in written}
    return frozenset(
        key for route in routes for key in _keys(route, Event("Update", table, id, ""))
    )


def follow(rulebook: Rulebook, table: str, row: Row, via: str = "") -> frozenset[Key]:
    """The keys that a row leads to which was read for a RESOLVE key, or the EXPAND key of ``via``.

    ``row`` holds its id and the lookups of ``lookups_of``; a lookup it lacks is null. Without
    ``via`` every way on is followed.
    """
    id = str(row[rulebook.schema[table].id_column]).lower()
    _, _, further = via.partition(HOPS)
    if further:
        return frozenset({Key(KeyKind.EXPAND, table, id, further)})
    routes = rulebook.arrivals.get(via, frozenset()) if via else _arrivals(rulebook, table)
    return frozenset(key for route in routes for key in _onward(route, table, id, row))


def first_hop(via: str) -> tuple[str, str]:
    """The table and its lookup by which the rows of an EXPAND key are found."""
    table, _, lookup = via.partition(HOPS)[0].partition(".")
    return table, lookup


def lookups_of(rulebook: Rulebook, table: str) -> tuple[str, ...]:
    """The lookups by which rows of this table lead to scored records."""
    return tuple(sorted({route.up for route in _arrivals(rulebook, table) if route.up}))


def _touched(rulebook: Rulebook, event: Event) -> Iterator[Watch]:
    outputs = rulebook.output_columns.get(event.table, frozenset())
    known = event.changed if event.message == "Update" else None
    for watch in rulebook.watches.get(event.table, frozenset()):
        if watch.column not in outputs and (known is None or watch.column in known):
            yield watch


def _keys(route: Route, event: Event) -> Iterator[Key]:
    if route.down:
        yield Key(KeyKind.EXPAND, event.table, event.id, HOPS.join(route.down))
    elif route.up:
        yield from _parents(route, event)
    elif event.message != "Delete":
        yield Key(KeyKind.TARGET, event.table, event.id)


def _parents(route: Route, event: Event) -> Iterator[Key]:
    """The parent before and the parent after; a lookup not in ``after`` was not changed.

    A deleted row without an image has nobody left to ask: that is for the resync.
    """
    told = [refs for refs in (event.before, event.after) if refs is not None and route.up in refs]
    for refs in told:
        yield from _target(route, refs[route.up])
    if event.message != "Delete" and (not told or event.after is None):
        yield Key(KeyKind.RESOLVE, event.table, event.id)


def _target(route: Route, ref: object) -> Iterator[Key]:
    if isinstance(ref, Ref) and ref.table == route.target:
        yield Key(KeyKind.TARGET, ref.table, ref.id)


def _arrivals(rulebook: Rulebook, table: str) -> frozenset[Route]:
    """How rows of this table lead to scored records, however they were come by."""
    watched = rulebook.watches.get(table, frozenset())
    ways = {watch.route for watch in watched if watch.route.up and not watch.route.down}
    for via, routes in rulebook.arrivals.items():
        if first_hop(via)[0] == table:
            ways |= routes
    return frozenset(ways)


def _onward(route: Route, table: str, id: str, row: Row) -> Iterator[Key]:
    if route.up:
        yield from _target(route, row.get(route.up))
    else:
        yield Key(KeyKind.TARGET, table, id)
