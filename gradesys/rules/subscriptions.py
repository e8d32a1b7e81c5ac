"""Which Dataverse steps the rules need: exactly the columns they read (rules.md section 7)."""

from __future__ import annotations

from dataclasses import dataclass

from gradesys.rules.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Step:
    """One webhook step. ``filtering``: columns whose change fires an Update; ``image``: lookups
    that its pre-image must hold, for who was the parent before. Both sorted."""

    table: str
    message: str
    filtering: tuple[str, ...] = ()
    image: tuple[str, ...] = ()


def steps(rulebook: Rulebook) -> tuple[Step, ...]:
    """The steps of every table that some model scores or reads, by table name.

    Output columns are left out, or a write of ours would wake us. Of a scored table of which
    nothing is read only new rows matter; of another table of which nothing is read, nothing.
    """
    scored = {model.model.table for model in rulebook.models}
    return tuple(
        step
        for table in sorted(rulebook.watches.keys() | scored)
        for step in _steps(rulebook, table, table in scored)
    )


def _steps(rulebook: Rulebook, table: str, scored: bool) -> tuple[Step, ...]:
    watched = rulebook.watches.get(table, frozenset())
    outputs = rulebook.output_columns.get(table, frozenset())
    columns = tuple(sorted({watch.column for watch in watched} - outputs))
    if not columns:
        return (Step(table, "Create"),) if scored else ()
    direct = (watch.route for watch in watched if not watch.route.down)
    parents = tuple(sorted({route.up for route in direct if route.up}))
    return (
        Step(table, "Create"),
        Step(table, "Update", columns, parents),
        Step(table, "Delete", (), parents),
    )
