"""Some records recomputed, whoever asked for it: parks, releases, and marks on dependants."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

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


def follow_up(
    context: Context, table: str, reports: Sequence[Report], again: Collection[str]
) -> None:
    """Park and release what was recomputed, then mark the dependants: of records that were written,
    and of those tried ``again``, whose first attempt may have died between its write and its marks.
    """
    written: dict[str, set[str]] = defaultdict(set)
    for report in reports:
        for result in report.results:
            settle(context, table, result, report.outcomes.get(result.id))
        for change in report.written():
            written[change.id].update(change.values)
    for record in again:
        written[record].update(context.rulebook.output_columns[table])
    spread(context, table, written)


def spread(context: Context, table: str, written: Mapping[str, Collection[str]]) -> None:
    """Mark the records of other models that read what was written: columns by record."""
    keys: set[Key] = set()
    for record, columns in written.items():
        keys |= dependants(context.rulebook, table, record, columns)
    if keys:
        context.marks.mark(keys)


def propagate(context: Context, table: str, record: str, columns: Collection[str]) -> None:
    """Mark the records of other models that read what was just written to one."""
    spread(context, table, {record: columns})
