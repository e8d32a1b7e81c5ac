"""What must be read to score a table: the scored rows once, and each distinct set of child rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gradesys.records import AllOf, AnyOf, Figure, Narrowing, Read
from gradesys.rules.clock import Moment
from gradesys.rules.compile import CompiledModel
from gradesys.rules.folding import Folding

EVERYTHING = AllOf(())


def target_read(models: Sequence[tuple[CompiledModel, Moment]]) -> Read:
    """The scored rows with the columns of all models; rows outside every population are left out,
    unless a model clears what it stored for them."""
    first = models[0][0]
    names = frozenset[str]().union(*(model.columns for model, _ in models)) - {first.id_column}
    return Read(
        table=first.model.table,
        columns=(first.id_column, *sorted(names)),
        key=first.id_column,
        target=first.model.table,
        where=_populations(models),
    )


def child_reads(foldings: Iterable[Folding]) -> dict[Read, list[Folding]]:
    """One read for each distinct (table, lookup, narrowing), columns united, in first-use order."""
    groups: dict[tuple[str, str, Narrowing], list[Folding]] = {}
    for folding in foldings:
        where = folding.aggregate.narrow(folding.moment)
        groups.setdefault((folding.aggregate.table, folding.lookup, where), []).append(folding)
    return {
        Read(table, _columns(group), lookup, group[0].target, where, figures=_figures(group)): group
        for (table, lookup, where), group in groups.items()
    }


def distinct(reads: Iterable[Read]) -> tuple[Read, ...]:
    """Each read once; figures suffice only where they do for everybody who reads."""
    found: dict[Read, Read] = {}
    for read in reads:
        known = found.setdefault(read, read)
        if known.figures is not None and read.figures is None:
            found[read] = read
    return tuple(found.values())


def _figures(group: Sequence[Folding]) -> tuple[Figure, ...] | None:
    """What may be told instead of rows; None as soon as one aggregate needs them."""
    found: set[Figure] = set()
    for folding in group:
        summing = folding.aggregate.summing
        if summing is None or not summing.server or not summing.exact(folding.moment):
            return None
        found.update(summing.figures)
    return tuple(sorted(found))


def _columns(group: Sequence[Folding]) -> tuple[str, ...]:
    names = (folding.aggregate.columns | {folding.lookup} for folding in group)
    return tuple(sorted(frozenset[str]().union(*names)))


def _populations(models: Sequence[tuple[CompiledModel, Moment]]) -> Narrowing:
    if any(model.model.leave == "clear" for model, _ in models):
        return EVERYTHING
    parts = tuple(dict.fromkeys(model.population.narrow(moment) for model, moment in models))
    if EVERYTHING in parts:
        return EVERYTHING
    return parts[0] if len(parts) == 1 else AnyOf(parts)
