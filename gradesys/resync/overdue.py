"""The quarter-hour tick: which models must be resynced because time or their rules moved on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from gradesys.catchup.demands import last_demand
from gradesys.engine import Context
from gradesys.resync.causes import last_finished
from gradesys.resync.run import Run, runs
from gradesys.resync.standing import is_alive
from gradesys.resync.starting import Order, start_run
from gradesys.rules.compile import CompiledModel
from gradesys.rules.order import needs

HOURLY = timedelta(hours=1)
"""How often models are resynced that move within the day (rules.md: ``hours_*``)."""


def tick(context: Context) -> Run | None:
    """Start a run of what is overdue, unless one that lives will do it; None: nothing to do."""
    late = set(overdue(context)) - set(_covered(context))
    if not late:
        return None
    return start_run(context, Order("tick", _with_dependants(context, late), row=True))


def overdue(context: Context) -> tuple[str, ...]:
    """The models whose local day, whose rules, or of which a demand, are newer than their last
    finished resync. Raises TemporaryError where newer rules than these are active: those count."""
    context.require_in_force()
    models = context.rulebook.models
    return tuple(model.model.id for model in models if not _is_finished(context, model))


def _is_finished(context: Context, model: CompiledModel) -> bool:
    done, now = last_finished(context, model), context.now()
    if done.get("version") != model.version or done.get("day", "") < _day(model, now):
        return False
    if done.get("demand", 0) < last_demand(context.ledger, model.model.id):
        return False
    return not model.volatile or now - datetime.fromisoformat(done["at"]) < HOURLY


def _covered(context: Context) -> Iterator[str]:
    """What a living run will finish, by today's rules and for today. A demand that comes while it
    runs waits for its end, lest it never ends."""
    known = {model.model.id: model for model in context.rulebook.models}
    for run in runs(context.ledger):
        if not is_alive(context, run):
            continue
        for name in run.left & known.keys():
            model = known[name]
            is_of_today = _day(model, run.as_of) >= _day(model, context.now())
            if run.versions[name] == model.version and is_of_today:
                yield name


def _day(model: CompiledModel, moment: datetime) -> str:
    return moment.astimezone(model.calendar.zone).date().isoformat()


def _with_dependants(context: Context, names: set[str]) -> tuple[str, ...]:
    """These models and all that read their results, over any number of steps: they come after them
    in the same run, which is cheaper than a mark a record."""
    book, wanted = context.rulebook, set(names)
    needed = needs(book.models, book.schema)
    for model in book.models:
        if needed[model.model.id] & wanted:
            wanted.add(model.model.id)
    return tuple(model.model.id for model in book.models if model.model.id in wanted)
