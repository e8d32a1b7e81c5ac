"""What the bundled list of standard tables and lookups tells of a rule file without metadata.

Most slips are in names that every organisation has; an author should see them before signing in.
Names with an underscore are an organisation's own and are left to its metadata.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gradesys.rules.compile import CompiledModel
from gradesys.rules.dependencies import readings
from gradesys.rules.model import AggregateIndicator
from gradesys.rules.nearest import distance, nearest
from gradesys.rules.paths import Leg
from gradesys.rules.problems import Findings, Path
from gradesys.rules.standard import ACTIVITIES, lookups, standard_tables

LONG = 6
"""Table names shorter than this may be two letters from another real one."""


def check_standard(compiled: CompiledModel, found: Findings) -> None:
    """Note misspelt standard tables and lookups, and lookups that lead elsewhere."""
    model = compiled.model
    _check_table(model.table, ("table",), found)
    for name, node in model.indicators.items():
        aggregate = compiled.indicators[name].source.aggregate
        if aggregate is None or not isinstance(node, AggregateIndicator):
            continue
        home = ("indicators", name)
        _check_table(node.of, (*home, "of"), found)
        for where, leg in _legs(node, aggregate.reach.paths):
            _check_leg(leg, (*home, *where), found)
            if where:
                _check_table(leg.there.table, (*home, *where, leg.kind), found)
        if (descent := aggregate.reach.descent) is not None:
            path = (*home, "hierarchy", "lookup")
            _check_lookup(model.table, descent.lookup, model.table, path, found)
    for reading in readings(compiled):
        for table, head in _heads(reading.table, reading.column):
            _check_name(table, head, reading.path, found)


def _legs(
    node: AggregateIndicator, paths: tuple[tuple[Leg, ...], ...]
) -> Iterator[tuple[Path, Leg]]:
    """Every hop, and where it is written."""
    for index, legs in enumerate(paths):
        for step, leg in enumerate(legs):
            if node.lookup is not None:
                yield (), leg
            elif node.path is not None:
                yield ("path", step), leg
            else:
                yield ("paths", index, step), leg


def _check_leg(leg: Leg, path: Path, found: Findings) -> None:
    if leg.kind == "child":
        _check_lookup(leg.there.table, leg.lookup, leg.here.table, (*path, "lookup"), found)
    elif leg.kind == "parent":
        _check_lookup(leg.here.table, leg.lookup, leg.there.table, (*path, "lookup"), found)


def _check_table(name: str, path: Path, found: Findings) -> None:
    known = standard_tables() | ACTIVITIES
    if "_" in name or name in known:
        return
    slips = 1 if len(name) < LONG else 2
    near = {each for each in known if distance(name, each) <= slips}
    if near:
        found.note(path, f"unknown table '{name}'{nearest(name, near)}")


def _check_lookup(holder: str, lookup: str, target: str, path: Path, found: Findings) -> None:
    _check_name(holder, lookup, path, found)
    targets = lookups(holder).get(lookup, (target,))
    if target not in targets:
        told = f"'{lookup}' of {holder} points to {', '.join(targets)}, never to {target}"
        found.note(path, told)


def _check_name(holder: str, lookup: str, path: Path, found: Findings) -> None:
    known: Mapping[str, object] = lookups(holder)
    if "_" in lookup or lookup in known:
        return
    if hint := nearest(lookup, known):
        found.note(path, f"table '{holder}' has no column '{lookup}'{hint}")


def _heads(table: str, dotted: str) -> Iterator[tuple[str, str]]:
    """The lookups that a dotted column follows, as far as the list knows where they lead."""
    head, _, rest = dotted.partition(".")
    if rest:
        yield table, head
        for target in lookups(table).get(head, ()):
            yield from _heads(target, rest)
