"""What follows a scored record, whoever asked for it: parks, releases, and marks on dependants."""

from __future__ import annotations

from collections.abc import Collection

from gradesys.engine import Context
from gradesys.records import Fate, Key, KeyKind, Outcome
from gradesys.rules.affected import dependants
from gradesys.rules.evaluation import Result


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


def propagate(context: Context, table: str, record: str, columns: Collection[str]) -> None:
    """Mark the records of other models that read what was just written."""
    keys = dependants(context.rulebook, table, record, frozenset(columns)) if columns else None
    if keys:
        context.marks.mark(keys)
