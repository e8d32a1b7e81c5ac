"""Models that read one another's results: in which order to run them, and circles among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from gradesys.records import Schema
from gradesys.rules.compile import CompiledModel
from gradesys.rules.dependencies import watches
from gradesys.rules.model import RuleModel

Needs = Mapping[str, frozenset[str]]
"""Model id -> ids of the models that write a column it reads."""


def needs(models: Sequence[CompiledModel], schema: Schema | None) -> Needs:
    """Who reads whom, over paths of any kind."""
    writers = {
        (model.model.table, column): model.model.id
        for model in models
        for column in output_columns(model.model)
    }
    return {
        model.model.id: frozenset(
            writers[watch.table, watch.column]
            for watch in watches(model, schema)
            if (watch.table, watch.column) in writers
        )
        for model in models
    }


def output_columns(model: RuleModel) -> tuple[str, ...]:
    """The columns that a model writes."""
    return tuple(model.output.columns.values())


def run_order(needed: Needs) -> tuple[str, ...]:
    """Ids, each after those it needs; those of a circle are left out."""
    stuck = {name for circle in circles(needed) for name in circle}
    graph = {name: sorted(needed[name] - stuck) for name in sorted(needed) if name not in stuck}
    return tuple(TopologicalSorter(graph).static_order())


def passes(
    models: Sequence[CompiledModel], schema: Schema | None
) -> tuple[tuple[CompiledModel, ...], ...]:
    """Models in running order, parted so that those of one pass score one table and read nothing
    that the same pass writes: one reading of the table serves them all."""
    needed, found, places = needs(models, schema), list[list[CompiledModel]](), dict[str, int]()
    for model in models:
        name, table = model.model.id, model.model.table
        first = max((places[other] + 1 for other in needed[name] if other in places), default=0)
        open_ = (i for i in range(first, len(found)) if found[i][0].model.table == table)
        places[name] = next(open_, len(found))
        if places[name] == len(found):
            found.append([])
        found[places[name]].append(model)
    return tuple(tuple(group) for group in found)


def circles(needed: Needs) -> tuple[tuple[str, ...], ...]:
    """Circles of models, each as the ids in reading order, until none is left."""
    found: list[tuple[str, ...]] = []
    left = dict(needed)
    while True:
        try:
            TopologicalSorter(
                {name: others & left.keys() for name, others in left.items()}
            ).prepare()
        except CycleError as error:
            circle = tuple(reversed(error.args[1][1:]))
            found.append(circle)
            left = {name: others for name, others in left.items() if name not in circle}
        else:
            return tuple(found)
