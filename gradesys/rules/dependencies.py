"""What a model reads, and the way back from a changed row to the records it matters to (section 7).

A pure function of the rules and of lookup targets: subscriptions, affected records and the order
of the models all follow from it, so they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from gradesys.records import ACTIVITY, Schema
from gradesys.rules.aggregates import CompiledAggregate
from gradesys.rules.compile import CompiledModel
from gradesys.rules.paths import Leg
from gradesys.rules.problems import Path
from gradesys.rules.routes import Move, Route, Step, back, climb
from gradesys.rules.standard import id_column, lookups

CONCRETE_ACTIVITIES = (
    "appointment",
    "email",
    "fax",
    "letter",
    "phonecall",
    "serviceappointment",
    "task",
)
"""The tables whose rows are also rows of ``activitypointer``, which raises no events itself, where
no metadata tells which these are."""


class Reading(Struct, frozen=True):
    """A column, dotted or not, that the part of a model at ``path`` reads from ``table``."""

    path: Path
    table: str
    column: str
    route: Route


class Watch(Struct, frozen=True):
    """A column that some score depends on, and the way from its row to the scored records."""

    table: str
    column: str
    route: Route


def readings(model: CompiledModel) -> Iterator[Reading]:
    """Everything the model reads; its own outputs only where they are an input."""
    table = model.model.table
    for path, columns in _of_target(model):
        for column in sorted(columns):
            yield Reading(path, table, column, Route(table))
    for name, indicator in model.indicators.items():
        if (aggregate := indicator.source.aggregate) is not None:
            yield from _of_aggregate(("indicators", name), aggregate)


def _of_aggregate(home: Path, aggregate: CompiledAggregate) -> Iterator[Reading]:
    """The columns of every table on the ways to the rows, and of the rows."""
    reach = aggregate.reach
    start = Route(reach.target.table)
    if reach.descent is not None:
        start = start.after(climb(reach.descent, reach.target))
        yield Reading(home, reach.target.table, reach.descent.lookup, start)
    for path in reach.paths:
        route = start
        for leg in path:
            yield from _of_leg(home, leg, route)
            route = route.after(back(leg))
        for column in sorted(aggregate.columns):
            yield Reading(home, aggregate.table, column, route)


def _of_leg(home: Path, leg: Leg, route: Route) -> Iterator[Reading]:
    """The columns that join two tables, and those that the hop's filter reads; ``route`` leads on
    from the nearer one."""
    further = route.after(back(leg))
    if leg.kind == "child":
        yield Reading(home, leg.there.table, leg.lookup, further)
    elif leg.kind == "parent":
        yield Reading(home, leg.here.table, leg.lookup, route)
    else:
        onward = route.after(Step(Move.UP, leg.here.table, leg.near))
        yield Reading(home, leg.links.table, leg.near, onward)
        yield Reading(home, leg.links.table, leg.far, onward)
        yield Reading(home, leg.there.table, leg.there.id_column, further)
    for column in sorted(leg.keep.columns if leg.keep else ()):
        yield Reading(home, leg.there.table, column, further)


def watches(model: CompiledModel, schema: Schema | None) -> frozenset[Watch]:
    """The readings followed through their lookups, table by table."""
    return frozenset(watch for reading in readings(model) for watch in watched(reading, schema))


def watched(reading: Reading, schema: Schema | None) -> Iterator[Watch]:
    """The columns that one reading touches: of a dotted one also each lookup on the way."""
    table, route = reading.table, reading.route
    head, _, rest = reading.column.partition(".")
    if head != id_column(schema, table):
        for concrete in _event_tables(table, schema):
            yield Watch(concrete, head, route)
    if rest:
        beyond = route.after(Step(Move.DOWN, table, head))
        for parent in targets_of(schema, table, head):
            if _has(schema, parent, rest.partition(".")[0]):
                onward = replace(reading, table=parent, column=rest, route=beyond)
                yield from watched(onward, schema)


def tables_of(reading: Reading, schema: Schema | None) -> Iterator[str]:
    """The tables whose metadata the reading needs, as far as lookups are known."""
    yield from (reading.table, *(activities(schema) if reading.table == ACTIVITY else ()))
    head, _, rest = reading.column.partition(".")
    for parent in targets_of(schema, reading.table, head) if rest else ():
        yield from tables_of(replace(reading, table=parent, column=rest), schema)


def targets_of(schema: Schema | None, table: str, lookup: str) -> tuple[str, ...]:
    """The tables that a lookup may point to: from metadata, else of the standard tables."""
    if schema is None or table not in schema:
        return lookups(table).get(lookup, ())
    column = schema[table].columns.get(lookup)
    return () if column is None else column.targets


def _of_target(model: CompiledModel) -> Iterator[tuple[Path, frozenset[str]]]:
    yield ("population",), model.population.columns
    if model.model.lock_column is not None:
        yield ("lock_column",), frozenset({model.model.lock_column})
    if model.manual is not None:
        yield ("manual",), frozenset(model.manual.columns)
    for name, indicator in model.indicators.items():
        key = () if indicator.source.aggregate else ("column",)
        yield ("indicators", name, *key), indicator.source.columns


def _has(schema: Schema | None, table: str, column: str) -> bool:
    return schema is None or (table in schema and column in schema[table].columns)


def activities(schema: Schema | None) -> tuple[str, ...]:
    """The tables whose rows are activities, custom ones too."""
    pointer = (schema or {}).get(ACTIVITY)
    return (pointer.activities if pointer else ()) or CONCRETE_ACTIVITIES


def _event_tables(table: str, schema: Schema | None) -> tuple[str, ...]:
    """The tables whose events tell of a row: activities raise them under their own name."""
    if table != ACTIVITY:
        return (table,)
    return tuple(name for name in activities(schema) if schema is None or name in schema)
