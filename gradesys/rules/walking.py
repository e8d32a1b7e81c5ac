"""From one scored row along the compiled paths to the rows that count (rules.md 3.2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct

from gradesys.records import Ref, Row
from gradesys.rules.clock import Moment
from gradesys.rules.paths import Descent, Leg, Reach
from gradesys.rules.pool import Pool, referred

Rows = Mapping[str, Row]
"""Rows of one table by id."""


class Ground(Struct, frozen=True):
    """What is walked on: the rows that came, and the clock of hop filters."""

    pool: Pool
    moment: Moment


def reached(reach: Reach, id: str, row: Row, ground: Ground) -> Rows:
    """The rows that lead back to the scored row, each once. Raises RecordError where a filter does
    not fit a row, or nothing tells where a lookup points."""
    start: Rows = {id: row}
    if reach.descent is not None:
        start = _descended(reach, reach.descent, start, ground.pool)
    found: dict[str, Row] = {}
    for path in reach.paths:
        here = start
        for leg in path:
            here = _kept(leg, HOPS[leg.kind](leg, here, ground.pool), ground.moment)
        found.update(here)
    return found


def _kept(leg: Leg, rows: Rows, moment: Moment) -> Rows:
    keep = leg.keep
    return rows if keep is None else {id: row for id, row in rows.items() if keep.test(row, moment)}


def _descended(reach: Reach, descent: Descent, start: Rows, pool: Pool) -> Rows:
    """Level by level; a circle never brings a row back, the scored one least of all."""
    table, level = reach.target.table, list(start)
    seen, depth = dict.fromkeys(level), descent.depth
    while level and depth != 0:
        refs = (Ref(table, id) for id in level)
        below = (id for ref in refs for id in pool.pointing_at(table, descent.lookup, ref))
        level = [id for id in dict.fromkeys(below) if id not in seen]
        seen |= dict.fromkeys(level)
        depth = None if depth is None else depth - 1
    kept = [id for id in seen if descent.include_self or id not in start]
    return {**(start if descent.include_self else {}), **pool.rows(table, kept)}


def _children(leg: Leg, here: Rows, pool: Pool) -> Rows:
    table = leg.there.table
    refs = (Ref(leg.here.table, id) for id in here)
    return pool.rows(table, (id for ref in refs for id in pool.pointing_at(table, leg.lookup, ref)))


def _parents(leg: Leg, here: Rows, pool: Pool) -> Rows:
    refs = (referred(row, leg.lookup) for row in here.values())
    table = leg.there.table
    return pool.rows(table, (ref.id for ref in refs if ref is not None and ref.table == table))


def _across(leg: Leg, here: Rows, pool: Pool) -> Rows:
    links = leg.links.table
    far = (other for id in here for other in pool.across(links, leg.near, leg.far, id))
    return pool.rows(leg.there.table, far)


HOPS: Mapping[str, Callable[[Leg, Rows, Pool], Rows]] = {
    "child": _children,
    "parent": _parents,
    "many": _across,
}
