"""Some records recomputed, whoever asked for it: parks, releases, and marks on dependants."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from gradesys.engine import Context, Report, recompute
from gradesys.errors import MissingMetadata, MissingPrivilege
from gradesys.records import Fate, Key, KeyKind, Outcome, Scope
from gradesys.rules.affected import dependants
from gradesys.rules.compile import CompiledModel
from gradesys.rules.evaluation import Result
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
            context.marks.park(key, models[0].model.id, str(error))
        return []
    unseen = set(scope.ids or ()) - {result.id for result in report.results}
    forget(context, models, [Key(KeyKind.TARGET, scope.table, record) for record in unseen])
    return [report]


def settle(context: Context, table: str, result: Result, outcome: Outcome | None) -> None:
    """Park each model that could not score the record, and a refused write; release the rest."""
    key = Key(KeyKind.TARGET, table, result.id)
    for model, error in result.errors.items():
        context.marks.park(key, model, str(error))
    scored = [model for model in result.cards if model not in result.errors]
    if outcome is not None and outcome.fate is Fate.REFUSED:
        context.marks.park(key, "", outcome.reason)
    else:
        scored.append("")
    context.marks.release(key, scored)


def forget(context: Context, models: Sequence[CompiledModel], keys: Collection[Key]) -> None:
    """Records that are gone, or in no population any more, have nothing left to wait for."""
    for key in keys:
        context.marks.release(key, ["", *(model.model.id for model in models)])


def propagate(context: Context, table: str, record: str, columns: Collection[str]) -> None:
    """Mark the records of other models that read what was just written."""
    keys = dependants(context.rulebook, table, record, frozenset(columns)) if columns else None
    if keys:
        context.marks.mark(keys)
