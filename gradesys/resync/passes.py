"""The models of a pass, as this process has them, and the plan of the next one."""

from __future__ import annotations

from msgspec.structs import replace

from gradesys.catchup.demands import last_demand
from gradesys.engine import Context
from gradesys.errors import MissingMetadata, MissingPrivilege, TemporaryError
from gradesys.resync.plan import Division, divide
from gradesys.resync.run import DONE, Run
from gradesys.rules.compile import CompiledModel

OTHER_RULES_S = 30.0


def models_of(context: Context, run: Run) -> tuple[CompiledModel, ...]:
    """The models of the pass under way. Raises TemporaryError where this process has other rules
    of them than the run."""
    found = {model.model.id: model for model in context.rulebook.models}
    if not has_its_rules(context, run):
        text = "the rules changed since the run began"
        raise TemporaryError(text, retry_after=OTHER_RULES_S)
    return tuple(found[name] for name in run.now)


def has_its_rules(context: Context, run: Run) -> bool:
    """Whether this process scores by the rules that the run was started for."""
    known = {model.model.id: model.version for model in context.rulebook.models}
    return all(known.get(name) == run.versions[name] for name in run.left)


def next_pass(context: Context, run: Run) -> Run:
    """The run with its next pass planned, or at its end."""
    ahead = replace(run, now=(), spans=(), step=run.step + 1, at=context.marks.clock())
    if not run.todo:
        return replace(ahead, state=DONE, ended=ahead.at)
    return first_pass(context, ahead)


def first_pass(context: Context, run: Run) -> Run:
    """The run with the first of the passes ahead planned."""
    now, *todo = run.todo
    ahead = replace(run, now=now, todo=tuple(todo))
    models = models_of(context, ahead)
    demands = {name: last_demand(context.ledger, name) for name in now}
    try:
        division = divide(context, models, run.as_of)
    except (MissingPrivilege, MissingMetadata):
        division = Division()  # whoever reads it will say what is missing
    table = models[0].model.table
    ahead = replace(ahead, table=table, demands={**run.demands, **demands})
    return replace(ahead, spans=division.spans, expected=division.rows)
