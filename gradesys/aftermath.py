"""Some records recomputed, whoever asked for it: parks, releases, and marks on dependants."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress

from gradesys.changes import Change, Fate, Outcome
from gradesys.engine import Context, Report, raise_failed, recompute
from gradesys.errors import GradesysError, MissingMetadata, MissingPrivilege, PermanentError
from gradesys.records import Key, KeyKind, Scope, Value
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
        keys = [Key(KeyKind.TARGET, scope.table, record) for record in scope.ids or ()]
        set_aside(context, keys, models[0].model.id, str(error))
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


def settle(
    context: Context, table: str, results: Iterable[Result], written: Collection[str] = ()
) -> None:
    """Park each model that could not score a record; release the others, and whole records where
    nothing had to be written: ``written`` are the ids that something was written to."""
    free: list[tuple[Key, str]] = []
    for result in results:
        key = Key(KeyKind.TARGET, table, result.id)
        for model, error in result.errors.items():
            _park(context, key, model, str(error))
        free += ((key, model) for model in result.cards if model not in result.errors)
        if result.change is None and result.id not in written:
            free.append((key, ""))
    context.marks.release(free)


def settle_writes(context: Context, outcomes: Iterable[Outcome]) -> None:
    """Park records that refuse their change; any other waits for nothing, unless it failed only
    for now."""
    free: list[tuple[Key, str]] = []
    for outcome in outcomes:
        key = Key(KeyKind.TARGET, outcome.change.table, outcome.change.id)
        if outcome.fate is Fate.REFUSED:
            set_aside(context, [key], "", outcome.reason)
        elif outcome.fate is not Fate.FAILED:
            free.append((key, ""))
    context.marks.release(free)


def set_aside(context: Context, keys: Collection[Key], part: str, reason: str) -> None:
    """Park keys whose records were not scored, or would not be written as a whole; their status
    says so from the first time on, where they have one and can be written at all.

    Raises TemporaryError where a status cannot be written for now; nothing is parked then.
    """
    known = {parked.key for parked in context.marks.parked(keys) if parked.part == part}
    _write_status(context, [(key, part) for key in keys if key not in known], PARKED)
    for key in keys:
        _park(context, key, part, reason)


def _park(context: Context, key: Key, part: str, reason: str) -> None:
    context.marks.park(key, part, reason)
    context.metrics.count("parks")


def forget(context: Context, models: Sequence[CompiledModel], keys: Collection[Key]) -> None:
    """Records that are gone, or in no population any more, have nothing left to wait for."""
    if keys:
        parked = context.marks.parked(keys)
        _write_status(context, [(item.key, item.part) for item in parked], CURRENT)
    parts = ["", *(model.model.id for model in models)]
    context.marks.release([(key, part) for key in keys for part in parts])


def _write_status(context: Context, parts: Iterable[tuple[Key, str]], word: str) -> None:
    """Tell in records what became of them; one that is gone or refuses stays as it is."""
    changes = [
        Change(key.table, key.id, values)
        for key, part in parts
        if (values := _status_values(context, key, part, word))
    ]
    if changes:
        with suppress(PermanentError):
            raise_failed(context.store.write(changes))


def _status_values(context: Context, key: Key, part: str, word: str) -> dict[str, Value]:
    models = context.rulebook.by_table(key.table) if key.kind is KeyKind.TARGET else ()
    told = (status_told(m.outputs, word) for m in models if part in ("", m.model.id))
    return {column: value for each in told for column, value in each.items()}


def follow_up(
    context: Context, table: str, reports: Sequence[Report], again: Collection[str]
) -> None:
    """Park and release what was recomputed, then mark the dependants: of records that were written,
    and of those tried ``again``, whose first attempt may have died between its write and its marks.
    """
    written: dict[str, set[str]] = defaultdict(set)
    for report in reports:
        settle(context, table, report.results, report.outcomes)
        settle_writes(context, report.outcomes.values())
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
