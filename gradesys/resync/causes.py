"""Why a row changed: the part of the report that tells how exact the live path is.

Whatever has a reason is told by it; what has none is drift, the measured error of the live path.
For a model that moves with time every night has a newer day, which would explain everything: so of
those rows a sample is scored again as of the run before, and what is then not as it was stored is
drift as well.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from gradesys.engine import Context, stale
from gradesys.records import Scope
from gradesys.resync.run import Run
from gradesys.resync.tally import Tally
from gradesys.rules.compile import CompiledModel
from gradesys.rules.evaluation import Result
from gradesys.rules.order import needs, output_columns

SAMPLE = 100
"""So many rows of a partition are scored again as of the run before."""
CAUSES: Mapping[str, str] = {
    "status": "parked, or scored again after it was",
    "first": "never scored before",
    "rules": "the rules changed",
    "event": "an event is under way",
    "chain": "another model's result changed",
    "ranks": "cut points were measured anew",
    "day": "the day moved",
    "drift": "unexplained drift",
}
"""In the order in which they are tried."""


def last_finished(context: Context, model: CompiledModel) -> Mapping[str, Any]:
    """What is remembered of a model's last finished resync; empty: there was none."""
    return context.ledger.get(f"finished/{model.model.id}").value


class _Known(Struct, frozen=True):
    """A model, its last finished resync, and whether what it reads changed in this run."""

    model: CompiledModel
    columns: frozenset[str]
    before: Mapping[str, Any]
    follows: bool

    @property
    def at(self) -> datetime | None:
        """As of when it was last resynced."""
        text = self.before.get("at")
        return None if text is None else datetime.fromisoformat(text)


class Judge:
    """Tells why rows changed, chunk by chunk."""

    def __init__(self, context: Context, run: Run, models: Sequence[CompiledModel]) -> None:
        self._context, self._run = context, run
        needed = needs(context.rulebook.models, context.rulebook.schema)
        self._known = [
            _Known(
                model,
                frozenset(output_columns(model.model)),
                last_finished(context, model),
                bool(needed[model.model.id] & set(run.touched)),
            )
            for model in models
        ]

    def explain(self, changed: Sequence[Result], under_way: Collection[str], sampled: int) -> Tally:
        """Count causes. ``under_way``: ids with an event; ``sampled``: rows sampled before. Ask
        before anything is written: the sample is compared with what is stored."""
        causes: Counter[str] = Counter()
        moved: defaultdict[str, list[str]] = defaultdict(list)
        for result in changed:
            known = self._changed(result)
            cause = self._cause(known, result, under_way)
            causes[cause] += 1
            if cause == "day":
                moved[known.model.model.id].append(result.id)
        room, found = SAMPLE - sampled, Tally(causes=dict(causes))
        for known in self._known:
            ids = moved[known.model.model.id][: max(0, room)]
            if ids and known.at is not None:
                drifted = self._drifted(known.model, ids, known.at)
                room -= len(ids)
                found = Tally(
                    sampled=found.sampled + len(ids),
                    drifted=found.drifted + drifted,
                    causes=found.causes,
                )
        return found

    def _changed(self, result: Result) -> _Known:
        """The first model whose outputs change."""
        values = frozenset(result.change.values if result.change else ())
        return next(known for known in self._known if known.columns & values)

    def _cause(self, known: _Known, result: Result, under_way: Collection[str]) -> str:
        score = known.model.model.output.score
        status = {known.model.model.output.status for known in self._known}
        values = result.change.values if result.change else {}
        tests = {
            "status": values.keys() <= status,
            "first": score is not None and result.row.get(score) is None,
            "rules": known.before.get("version") != known.model.version,
            "event": result.id in under_way,
            "chain": known.follows,
            "ranks": known.model.ranked,
            "day": self._moved(known),
        }
        return next((cause for cause, holds in tests.items() if holds), "drift")

    def _moved(self, known: _Known) -> bool:
        """Whether time alone may have changed it since its last resync."""
        model, at = known.model, known.at
        if at is None or not model.time_dependent:
            return False
        days = [moment.astimezone(model.calendar.zone).date() for moment in (at, self._run.as_of)]
        return days[0] != days[1] or (model.volatile and at != self._run.as_of)

    def _drifted(self, model: CompiledModel, ids: Sequence[str], at: datetime) -> int:
        """How many of these are not stored as the run before must have left them."""
        scope = Scope(model.model.table, tuple(ids))
        results = stale((model,), self._context.store, scope, at)
        return sum(result.change is not None for result in results)
