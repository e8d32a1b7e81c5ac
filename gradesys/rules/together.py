"""What must hold between models: ids, output columns, and who reads whose results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gradesys.errors import Problem
from gradesys.rules.compile import CompiledModel
from gradesys.rules.model import RuleModel
from gradesys.rules.order import circles, needs

Finding = tuple[int, Problem]
"""The index of a model, and what is wrong with it."""


def check_together(
    verdicts: Sequence[tuple[RuleModel, CompiledModel | None]],
) -> tuple[Finding, ...]:
    """Duplicate ids, columns with two writers, and circles of models, as far as lookups of
    standard tables tell (metadata may show more). What does not compile reads nothing here."""
    models = [model for model, _ in verdicts]
    compiled = {each.model.id: each for _, each in verdicts if each is not None}
    return (*_shared_ids(models), *_shared_columns(models), *_circles(models, compiled))


def circular(circle: Sequence[str]) -> Problem:
    """The complaint about models that wait for one another."""
    way = " -> ".join((*circle, circle[0]))
    return Problem(("table",), f"models read one another's results in a circle: {way}")


def _shared_ids(models: Sequence[RuleModel]) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, model in enumerate(models):
        if model.id in seen:
            yield index, Problem(("id",), f"another model has the id '{model.id}' too")
        seen.add(model.id)


def _shared_columns(models: Sequence[RuleModel]) -> Iterator[Finding]:
    writers: dict[tuple[str, str], str] = {}
    for index, model in enumerate(models):
        for role, column in model.output.columns.items():
            writer = writers.setdefault((model.table, column), model.id)
            if writer != model.id:
                taken = f"'{column}' of {model.table} is written by model '{writer}' already"
                yield index, Problem(("output", role), f"{taken}; {_way_out(model.id)}")


def _way_out(id: str) -> str:
    return f"name another column under output of '{id}', or let only one of the two be active"


def _circles(
    models: Sequence[RuleModel], compiled: Mapping[str, CompiledModel]
) -> Iterator[Finding]:
    for circle in circles(needs(tuple(compiled.values()), None)):
        yield _index(models, circle[0]), circular(circle)


def _index(models: Sequence[RuleModel], id: str) -> int:
    return next(index for index, model in enumerate(models) if model.id == id)
