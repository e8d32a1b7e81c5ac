"""What must hold between models: ids, output columns, and who reads whose results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gradesys.errors import Problem, RuleError
from gradesys.rules.compile import CompiledModel, compile_model
from gradesys.rules.model import RuleModel
from gradesys.rules.order import circles, needs

Finding = tuple[int, Problem]
"""The index of a model, and what is wrong with it."""


def check_together(models: Sequence[RuleModel]) -> tuple[Finding, ...]:
    """Duplicate ids, columns with two writers, and circles of models, as far as lookups of
    standard tables tell (metadata may show more)."""
    return (*_shared_ids(models), *_shared_columns(models), *_circles(models))


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
        for role, column in model.output.model_dump(exclude_none=True).items():
            writer = writers.setdefault((model.table, column), model.id)
            if writer != model.id:
                taken = f"'{column}' of {model.table} is written by model '{writer}' already"
                yield index, Problem(("output", role), f"{taken}; {_way_out(model.id)}")


def _way_out(id: str) -> str:
    return f"name another column under output of '{id}', or let only one of the two be active"


def _circles(models: Sequence[RuleModel]) -> Iterator[Finding]:
    compiled = _compiled(models)
    for circle in circles(needs(tuple(compiled.values()), None)):
        yield _index(models, circle[0]), circular(circle)


def _compiled(models: Sequence[RuleModel]) -> Mapping[str, CompiledModel]:
    """Those that compile; the others are complained about one by one."""
    found: dict[str, CompiledModel] = {}
    for model in models:
        try:
            found.setdefault(model.id, compile_model(model, None))
        except RuleError:
            continue
    return found


def _index(models: Sequence[RuleModel], id: str) -> int:
    return next(index for index, model in enumerate(models) if model.id == id)
