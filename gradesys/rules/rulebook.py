"""All active models of an organisation, compiled against its metadata and in running order.

A model that the organisation cannot serve (a missing table, a column of another type) is left out
and reported; the others work.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from msgspec import Struct, field

from gradesys.errors import Problem
from gradesys.records import Schema
from gradesys.rules.compile import CompiledModel
from gradesys.rules.dependencies import Watch, readings, tables_of, watches
from gradesys.rules.model import RuleModel
from gradesys.rules.order import circles, needs, output_columns, run_order
from gradesys.rules.parse import Source, placed
from gradesys.rules.together import circular
from gradesys.rules.validate import check_model
from gradesys.rules.version import model_digest


class Rulebook(Struct, frozen=True, dict=True):
    """``models`` in running order: who reads another's output comes after it. ``output_columns``:
    by table, of all models, also of those left out. ``problems``: by the id of a model left out;
    ``warnings`` and ``digests``: by the id of any model."""

    models: tuple[CompiledModel, ...]
    schema: Schema
    output_columns: Mapping[str, frozenset[str]]
    problems: Mapping[str, tuple[Problem, ...]]
    warnings: Mapping[str, tuple[Problem, ...]]
    digests: Mapping[str, str] = field(default_factory=dict)

    def by_table(self, table: str) -> tuple[CompiledModel, ...]:
        """The models that score this table, in running order."""
        return tuple(model for model in self.models if model.model.table == table)

    @cached_property
    def watches(self) -> Mapping[str, frozenset[Watch]]:
        """By table, every column that some model reads, outputs of other models included."""
        found: dict[str, set[Watch]] = defaultdict(set)
        for model in self.models:
            for watch in watches(model, self.schema):
                found[watch.table].add(watch)
        return {table: frozenset(group) for table, group in found.items()}


def open_rulebook(sources: Sequence[Source], schema: Schema) -> Rulebook:
    """Check and compile every model against the organisation's metadata."""
    problems: dict[str, tuple[Problem, ...]] = {}
    warnings: dict[str, tuple[Problem, ...]] = {}
    compiled: dict[str, CompiledModel] = {}
    for source in sources:
        verdict = check_model(source.model, schema)
        warnings[source.model.id] = placed(verdict.warnings, source.document)
        if verdict.errors or verdict.compiled is None:
            problems[source.model.id] = placed(verdict.errors, source.document)
        else:
            compiled[source.model.id] = verdict.compiled
    needed = needs(tuple(compiled.values()), schema)
    for circle in circles(needed):
        problems.update((name, (circular(circle),)) for name in circle)
    return Rulebook(
        models=tuple(compiled[name] for name in run_order(needed)),
        schema=schema,
        output_columns=_outputs(source.model for source in sources),
        problems=problems,
        warnings={name: found for name, found in warnings.items() if found},
        digests=digests_of(sources),
    )


def digests_of(sources: Iterable[Source]) -> Mapping[str, str]:
    """What each model's file says, as a digest by its id."""
    return {source.model.id: model_digest(source.model) for source in sources}


def tables_named(models: Iterable[CompiledModel], schema: Schema | None = None) -> frozenset[str]:
    """The tables whose metadata the models (compiled without any) need, the targets of their
    dotted columns included.

    Without ``schema`` lookups of standard tables are known; where a model goes through a lookup of
    another table, ask again with the metadata that the first answer named.
    """
    named: set[str] = set()
    for model in models:
        named.add(model.model.table)
        for reading in readings(model):
            named.update(tables_of(reading, schema))
    return frozenset(named)


def _outputs(models: Iterable[RuleModel]) -> Mapping[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for model in models:
        found[model.table] = found.get(model.table, frozenset()).union(output_columns(model))
    return found
