"""Some records recomputed, whoever asked for it: parks, releases, and marks on dependants."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress

from gradesys.engine import Context, Report, raise_failed, recompute
from gradesys.errors import GradesysError, MissingMetadata, MissingPrivilege, PermanentError
from gradesys.records import Change, Fate, Key, KeyKind, Outcome, Scope, Value
from gradesys.rules.affected import dependants
from gradesys.rules.compile import CompiledModel
from gradesys.rules.evaluation import Result
from gradesys.rules.outputs import CURRENT, PARKED, status_told
from gradesys.statistics import stored_cuts


def recompute_each(context: Context, models: Sequence[CompiledModel], scope: Scope) -> list[Report]:
    """All models together; when one may not read its tables, each alone, and that one is parked."""
    try:
        report = recompute(
            models, context.store, scope, context.now(), lambda: stored_cuts(context.ledger, models)
        )
    except (MissingPrivilege, MissingMetadata) as error:
        if len(models) > 1:
            return [
                report for model in models for report in recompute_each(context, (model,), scope)
            ]
        for record in scope.ids or ():
            key = Key(KeyKind.TARGET, scope.table, record)
            set_aside(context, key, models[0].model.id, str(error))
        return []
    unseen = set(scope.ids or ()) - {result.id for result in report.results}
    forget(context, models, [Key(KeyKind.TARGET, scope.table, record) for record in unseen])
    return [report]


def require_last_word(context: Context, keys: Collection[Key]) -> None:
    """After a write: where newer rules have become active meanwhile, mark the keys for whoever has
    these, however late this was, and raise TemporaryError."""
    try:
        context.require_in_force()
    except GradesysError:
        context.marks.mark(keys)
        raise


def settle(context: Context, table: str, result: Result, outcome: Outcome | None) -> None:
    """Park each model that could not score the record, and a refused write; release the rest.
    ``outcome`` None: nothing was written, or not yet."""
    key = Key(KeyKind.TARGET, table, result.id)
    for model, error in result.errors.items():
        _park(context, key, model, str(error))
    scored = [model for model in result.cards if model not in result.errors]
    context.marks.release(key, scored)
    if outcome is not None:
        settle_write(context, outcome)
    elif result.change is None:
        context.marks.release(key, [""])


def settle_write(context: Context, outcome: Outcome) -> None:
    """Park a record that refuses its change; any other waits for nothing, unless it failed only
    for now."""
    key = Key(KeyKind.TARGET, outcome.change.table, outcome.change.id)
    if outcome.fate is Fate.REFUSED:
        set_aside(context, key, "", outcome.reason)
    elif outcome.fate is not Fate.FAILED:
        context.marks.release(key, [""])


def set_aside(context: Context, key: Key, part: str, reason: str) -> None:
    """Park a key whose record was not scored, or would not be written as a whole; its status says
    so from the first time on, where it has one and can be written at all.

    Raises TemporaryError where the status cannot be written for now; nothing is parked then.
    """
    known = {parked.part for parked in context.marks.parked([key])}
    if part not in known:
        _write_status(context, key, part, PARKED)
    _park(context, key, part, reason)


def _park(context: Context, key: Key, part: str, reason: str) -> None:
    context.marks.park(key, part, reason)
    context.metrics.count("parks")


def forget(context: Context, models: Sequence[CompiledModel], keys: Collection[Key]) -> None:
    """Records that are gone, or in no population any more, have nothing left to wait for."""
    for parked in context.marks.parked(keys) if keys else ():
        _write_status(context, parked.key, parked.part, CURRENT)
    for key in keys:
        context.marks.release(key, ["", *(model.model.id for model in models)])


def _write_status(context: Context, key: Key, part: str, word: str) -> None:
    """Tell in the record what became of it; one that is gone or refuses stays as it is."""
    models = context.rulebook.by_table(key.table) if key.kind is KeyKind.TARGET else ()
    values: dict[str, Value] = {}
    for model in models:
        if part in ("", model.model.id):
            values |= status_told(model.outputs, word)
    if not values:
        return
    with suppress(PermanentError):
        written = context.store.write([Change(key.table, key.id, values)])
        raise_failed(written)


def propagate(context: Context, table: str, record: str, columns: Collection[str]) -> None:
    """Mark the records of other models that read what was just written."""
    keys = dependants(context.rulebook, table, record, frozenset(columns)) if columns else None
    if keys:
        context.marks.mark(keys)
