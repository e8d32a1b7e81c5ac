"""What must be read to walk paths: the tables on the way, each with its way back to the record.

Reads of one table ask for the same columns, so that a row is the same whichever read brought it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from gradesys.records import Below, Link, Narrowing, Read
from gradesys.rules.aggregates import CompiledAggregate
from gradesys.rules.clock import Moment
from gradesys.rules.narrowing import EVERYTHING, every, some
from gradesys.rules.paths import End, Leg, Reach


class Need(Struct, frozen=True):
    """Rows of one table at one place of a path, and where they stand from the scored record."""

    end: End
    columns: frozenset[str]
    key: str
    way: tuple[Link, ...] = ()
    where: Narrowing = EVERYTHING

    def behind(self, near: str, far: str) -> Need:
        """The place from which one link, our ``near`` to this place's ``far``, leads here."""
        if not self.way and far == self.key:
            return replace(self, key=near)
        return replace(self, way=(Link(near, self.end.table, far), *self.way))


def way_reads(walks: Iterable[tuple[CompiledAggregate, Moment]]) -> dict[Read, End]:
    """One read for each distinct table and way, in first-use order, narrowed by all its filters."""
    groups: dict[tuple[Need, str, Below | None], list[Narrowing]] = defaultdict(list)
    columns: dict[str, frozenset[str]] = {}
    for aggregate, moment in walks:
        reach = aggregate.reach
        for need in _needs(aggregate, moment):
            table = need.end.table
            columns[table] = columns.get(table, frozenset()) | need.columns
            place = replace(need, columns=frozenset(), where=EVERYTHING)
            groups[place, reach.target.table, _below(reach)].append(need.where)
    return {
        Read(
            table=place.end.table,
            columns=_ordered(columns[place.end.table], place),
            key=place.key,
            target=target,
            where=some(wheres),
            way=place.way,
            below=below,
        ): place.end
        for (place, target, below), wheres in groups.items()
    }


def _ordered(columns: frozenset[str], place: Need) -> tuple[str, ...]:
    own = {place.end.id_column} if place.way else {place.end.id_column, place.key}
    return tuple(sorted(columns | own))


def _below(reach: Reach) -> Below | None:
    descent = reach.descent
    return None if descent is None else Below(descent.lookup, descent.depth)


def _needs(aggregate: CompiledAggregate, moment: Moment) -> Iterator[Need]:
    reach = aggregate.reach
    start = Need(reach.target, frozenset(), reach.target.id_column)
    if reach.descent is not None:
        ways_out = (path[0].lookup for path in reach.paths if path[0].kind == "parent")
        yield replace(start, columns=frozenset({reach.descent.lookup, *ways_out}))
    for path in reach.paths:
        place = start
        for leg, further in zip(path, (*path[1:], None), strict=True):
            *links, there = _beyond(place, leg, moment)
            yield from links
            yield _asked(there, further, aggregate, moment)
            place = there


def _beyond(place: Need, leg: Leg, moment: Moment) -> Iterator[Need]:
    """What one hop needs: the links of N:N, then the rows that it arrives at."""
    if leg.kind == "child":
        there = place.behind(leg.lookup, leg.here.id_column)
    elif leg.kind == "parent":
        there = place.behind(leg.there.id_column, leg.lookup)
    else:
        links = place.behind(leg.near, leg.here.id_column)
        links = replace(links, end=leg.links, columns=frozenset({leg.near, leg.far}))
        yield replace(links, where=EVERYTHING)
        there = links.behind(leg.there.id_column, leg.far)
    own = frozenset({leg.lookup}) if leg.kind == "child" else frozenset()
    filtered, where = (
        (frozenset(), EVERYTHING)
        if leg.keep is None
        else (leg.keep.columns, leg.keep.narrow(moment, True))
    )
    yield replace(there, end=leg.there, columns=filtered | own, where=where)


def _asked(there: Need, further: Leg | None, aggregate: CompiledAggregate, moment: Moment) -> Need:
    """What the next hop, or the operation at the end, asks of the rows as well."""
    if further is None:
        where = every([there.where, aggregate.narrow(moment)])
        return replace(there, columns=there.columns | aggregate.columns, where=where)
    outward = {further.lookup} if further.kind == "parent" else set()
    return replace(there, columns=there.columns | outward)
