"""How many records one change may touch: an author should know before a busy table is watched."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache

from gradesys.errors import Problem
from gradesys.records import Schema
from gradesys.rules.compile import CompiledModel
from gradesys.rules.dependencies import readings, watched
from gradesys.rules.parse import Source, placed
from gradesys.rules.routes import Move, Step
from gradesys.rules.rulebook import Rulebook

INLINE = 500
"""Records that live work takes at once; more are queued in pages."""

Count = Callable[[str], int]
"""How many rows a table has, as far as the organisation counts."""


def odd_fanout(book: Rulebook, sources: Sequence[Source], count: Count) -> tuple[Problem, ...]:
    """A warning for every input of which one changed row touches more than INLINE records, on
    average."""
    documents = {source.model.id: source.document for source in sources}
    counted = cache(count)
    return tuple(
        problem
        for model in book.models
        for problem in placed(_wide(model, book.schema, counted), documents[model.model.id])
    )


def _wide(model: CompiledModel, schema: Schema, count: Count) -> Iterator[Problem]:
    seen: set[tuple[object, str]] = set()
    for reading in readings(model):
        for watch in watched(reading, schema):
            touched = _touched(watch.table, watch.route.steps, count)
            if touched > INLINE and (reading.path, watch.table) not in seen:
                seen.add((reading.path, watch.table))
                told = f"one change of a row of {watch.table} touches about {touched:,} records"
                yield Problem(reading.path, told)


def _touched(table: str, steps: Sequence[Step], count: Count) -> int:
    """Rows reached from one row, on average over the rows there are."""
    reached, here = 1.0, table
    for step in steps:
        if step.move in (Move.DOWN, Move.ACROSS):
            reached *= max(1.0, count(step.table) / max(1, count(here)))
        here = step.table
    return round(reached)
