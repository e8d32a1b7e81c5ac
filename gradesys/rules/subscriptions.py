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
    """The steps of every table that some model reads, by table name.

    Output columns are left out, or a write of ours would wake us; a table of which nothing else
    is read needs no steps.
    """
    return tuple(
        step
        for table in sorted(rulebook.watches)
        if (columns := _columns(rulebook, table))
        for step in _steps(table, columns, _parents(rulebook, table))
    )


def _steps(table: str, columns: tuple[str, ...], parents: tuple[str, ...]) -> tuple[Step, ...]:
    return (
        Step(table, "Create"),
        Step(table, "Update", columns, parents),
        Step(table, "Delete", (), parents),
    )


def _columns(rulebook: Rulebook, table: str) -> tuple[str, ...]:
    outputs = rulebook.output_columns.get(table, frozenset())
    return tuple(sorted({watch.column for watch in rulebook.watches[table]} - outputs))


def _parents(rulebook: Rulebook, table: str) -> tuple[str, ...]:
    routes = (watch.route for watch in rulebook.watches[table])
    return tuple(sorted({route.up for route in routes if route.up and not route.down}))
