"""Ways from a scored record to the rows of an aggregate (rules.md 3.2).

Compiled once; walked forwards to score, backwards to find whom a changed row matters to, and turned
into reads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from msgspec import Struct

from gradesys.errors import Problem, RuleError
from gradesys.records import Kind
from gradesys.rules.filters import Place, compile_predicate
from gradesys.rules.hopnodes import ChildHop, Hierarchy, ManyHop, ParentHop
from gradesys.rules.model import AggregateIndicator
from gradesys.rules.nearest import nearest
from gradesys.rules.predicates import Predicate
from gradesys.rules.problems import Findings, at
from gradesys.rules.shapes import table_at
from gradesys.rules.standard import id_column


class End(Struct, frozen=True):
    """A table at one end of a leg, and its primary key."""

    table: str
    id_column: str


class Leg(Struct, frozen=True):
    """One hop. ``kind`` child: ``lookup`` of ``there`` points to ``here``; parent: ``lookup`` of
    ``here`` points to ``there``; many: rows of ``links`` hold ids of ``here`` in ``near`` and of
    ``there`` in ``far``. ``keep`` is the hop's filter, if it has one."""

    kind: str
    here: End
    there: End
    keep: Predicate | None
    lookup: str = ""
    links: End = End("", "")
    near: str = ""
    far: str = ""


class Descent(Struct, frozen=True):
    """The scored row's descendants along ``lookup``, ``depth`` levels down (None: all)."""

    lookup: str
    depth: int | None
    include_self: bool


class Reach(Struct, frozen=True):
    """Every way to the rows; a row counts once, however many lead to it."""

    target: End
    paths: tuple[tuple[Leg, ...], ...]
    descent: Descent | None = None

    @property
    def direct(self) -> str | None:
        """The lookup, where the rows are simply those that point to the scored row."""
        (first, *others), *more = self.paths
        plain = first.kind == "child" and first.keep is None
        return first.lookup if plain and not (others or more or self.descent) else None

    @property
    def legs(self) -> tuple[Leg, ...]:
        """All hops of all paths."""
        return tuple(leg for path in self.paths for leg in path)

    @property
    def moves(self) -> bool:
        """Whether a hop's filter may change its mind at midnight."""
        return any(leg.keep is not None and leg.keep.moves for leg in self.legs)

    @property
    def columns(self) -> frozenset[str]:
        """Of the scored row: the lookups by which paths leave it."""
        if self.descent is not None:
            return frozenset()
        return frozenset(path[0].lookup for path in self.paths if path[0].kind == "parent")


def compile_reach(node: AggregateIndicator, place: Place) -> Reach:
    """``place``: the scored table. RuleError with every problem, paths relative to the node."""
    found = Findings()
    paths = [found.attempt(where, partial(_legs, hops, place)) for where, hops in _written(node)]
    for (where, _), legs in zip(_written(node), paths, strict=True):
        if legs and legs[-1].there.table != node.of:
            astray = f"the last hop ends at '{legs[-1].there.table}', not at '{node.of}'"
            found.note((*where, len(legs) - 1), astray)
    descent = found.attempt(("hierarchy",), lambda: _descent(node.hierarchy, place))
    if not paths:
        found.note((), "needs one of lookup, path, paths")
    found.settle()
    return Reach(_end(place), tuple(legs for legs in paths if legs), descent)


def _written(node: AggregateIndicator) -> list[tuple[tuple[str | int, ...], tuple[Any, ...]]]:
    """Each path as written, and where."""
    if node.lookup is not None:
        return [((), (ChildHop(child=node.of, lookup=node.lookup),))]
    if node.path is not None:
        return [(("path",), node.path)]
    return [(("paths", index), path) for index, path in enumerate(node.paths or ())]


def _legs(hops: tuple[Any, ...], start: Place) -> tuple[Leg, ...]:
    found, legs, place = Findings(), [], start
    alone = len(hops) == 1 and isinstance(hops[0], ChildHop) and hops[0].filter is None
    for index, hop in enumerate(hops):
        leg = found.attempt(() if alone else (index,), partial(LEGS[type(hop)], hop, place))
        found.settle()
        assert leg is not None
        legs.append(leg)
        place = Place(leg.there.table, start.schema, start.calendar)
    return tuple(legs)


def _child(hop: ChildHop, place: Place) -> Leg:
    there = _beyond(place, hop.child, "child")
    at(("lookup",), lambda: _check_lookup(there, hop.lookup, place.table))
    return Leg("child", _end(place), _end(there), _keep(hop, there), hop.lookup)


def _parent(hop: ParentHop, place: Place) -> Leg:
    there = _beyond(place, hop.parent, "parent")
    at(("lookup",), lambda: _check_lookup(place, hop.lookup, hop.parent))
    return Leg("parent", _end(place), _end(there), _keep(hop, there), hop.lookup)


def _many(hop: ManyHop, place: Place) -> Leg:
    there, links = _beyond(place, hop.many, "many"), _beyond(place, hop.intersect, "intersect")
    for key, column in (("near", hop.near), ("far", hop.far)):
        at((key,), partial(links.side, column))
    keep, ends = _keep(hop, there), (_end(place), _end(there))
    return Leg("many", *ends, keep, links=_end(links), near=hop.near, far=hop.far)


LEGS: Mapping[type, Callable[[Any, Place], Leg]] = {
    ChildHop: _child,
    ParentHop: _parent,
    ManyHop: _many,
}


def _beyond(place: Place, table: str, key: str) -> Place:
    """A table on the way; RuleError when metadata lacks it."""
    schema = place.schema
    if schema is not None:
        at((key,), lambda: table_at(schema, table))
    return Place(table, schema, place.calendar)


def _end(place: Place) -> End:
    return End(place.table, id_column(place.schema, place.table))


def _keep(hop: Any, there: Place) -> Predicate | None:
    if hop.filter is None:
        return None
    return at(("filter",), lambda: compile_predicate(hop.filter, there))


def _check_lookup(place: Place, name: str, target: str) -> None:
    """RuleError when metadata says that the column is no lookup, or never points to the target."""
    column = place.side(name).shape.column
    if column is None:
        return
    if column.kind is not Kind.LOOKUP:
        raise _error(f"a column of kind {column.kind} cannot be used here")
    if target not in column.targets:
        targets = ", ".join(column.targets)
        hint = nearest(target, column.targets)
        raise _error(f"'{name}' of {place.table} points to {targets}, never to {target}{hint}")


def _descent(node: Hierarchy | None, place: Place) -> Descent | None:
    if node is None:
        return None
    at(("lookup",), lambda: _check_lookup(place, node.lookup, place.table))
    depth = node.depth
    if depth is not None and (depth < 0 or depth != depth.to_integral_value()):
        raise RuleError((Problem(("depth",), "a whole number of levels is needed"),))
    return Descent(node.lookup, None if depth is None else int(depth), node.include_self)


def _error(message: str) -> RuleError:
    return RuleError((Problem((), message),))
