"""RESOLVE and EXPAND keys: what must be read for them, and where the rows lead (section 7)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from gradesys.records import Key, KeyKind, Read, Ref, Row
from gradesys.rules.pool import identity
from gradesys.rules.routes import Move, Step, Steps, arrive, read_steps
from gradesys.rules.rulebook import Rulebook


class Errand(Struct, frozen=True):
    """``read`` answers a key: rows by the key's record. ``follow`` tells the keys that a row leads
    to; ``onward`` the next of the same errand, an ancestor, to be run at once but for circles."""

    read: Read
    follow: Callable[[Row], Iterator[Key]]
    onward: Callable[[Row], Iterator[Key]] = lambda row: iter(())


def errand(rulebook: Rulebook, key: Key) -> Errand:
    """What to do for a RESOLVE or EXPAND key."""
    if key.kind is KeyKind.RESOLVE:
        return _resolving(rulebook, key)
    first, *further = read_steps(key.via)
    return ERRANDS[first.move](rulebook, key, first, tuple(further))


def _resolving(rulebook: Rulebook, key: Key) -> Errand:
    """A row whose parents the event did not tell: every way up from it."""
    routes = {watch.route for watch in rulebook.watches.get(key.table, frozenset())}
    ways = [route.steps for route in routes if route.steps and route.steps[0].move is Move.UP]

    def follow(row: Row) -> Iterator[Key]:
        for first, *further in ways:
            yield from _upward(row, first, tuple(further))

    return Errand(_read(rulebook, key, {first.column for first, *_ in ways}), follow)


def _up(rulebook: Rulebook, key: Key, step: Step, further: Steps) -> Errand:
    read = _read(rulebook, key, {step.column})
    return Errand(read, lambda row: _upward(row, step, further))


def _down(rulebook: Rulebook, key: Key, step: Step, further: Steps) -> Errand:
    """The rows that point here; a lookup by which they lead on is read along."""
    id_column = rulebook.schema[step.table].id_column
    onward = further[0] if further and further[0].move is Move.UP else None
    columns = {id_column, step.column, *([onward.column] if onward else ())}
    read = Read(step.table, tuple(sorted(columns)), key=step.column, target=key.table)

    def follow(row: Row) -> Iterator[Key]:
        if onward is not None:
            yield from _upward(row, onward, further[1:])
        else:
            yield arrive(Ref(step.table, str(row[id_column]).lower()), further)

    return Errand(read, follow)


def _across(rulebook: Rulebook, key: Key, step: Step, further: Steps) -> Errand:
    columns = {rulebook.schema[step.links].id_column, step.column, step.far}
    read = Read(step.links, tuple(sorted(columns)), key=step.column, target=key.table)

    def follow(row: Row) -> Iterator[Key]:
        if row[step.far] is not None:
            yield arrive(Ref(step.table, identity(row[step.far])), further)

    return Errand(read, follow)


def _climb(rulebook: Rulebook, key: Key, step: Step, further: Steps) -> Errand:
    read = _read(rulebook, key, {step.column})
    above = replace(step, depth=step.depth - 1) if step.depth > 0 else step

    def follow(row: Row) -> Iterator[Key]:
        yield arrive(Ref(key.table, str(row[read.key]).lower()), further)

    def onward(row: Row) -> Iterator[Key]:
        return _upward(row, step, (above, *further)) if step.depth else iter(())

    return Errand(read, follow, onward)


ERRANDS: Mapping[Move, Callable[[Rulebook, Key, Step, Steps], Errand]] = {
    Move.UP: _up,
    Move.DOWN: _down,
    Move.ACROSS: _across,
    Move.CLIMB: _climb,
}


def _read(rulebook: Rulebook, key: Key, columns: set[str]) -> Read:
    """The key's own row."""
    id_column = rulebook.schema[key.table].id_column
    return Read(key.table, tuple(sorted({id_column, *columns})), key=id_column, target=key.table)


def _upward(row: Row, step: Step, further: Steps) -> Iterator[Key]:
    ref = row.get(step.column)
    if isinstance(ref, Ref) and ref.table == step.table:
        yield arrive(ref, further)
