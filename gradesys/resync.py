"""Recompute whole tables and write only what differs: the nightly repair, and «recompute all».

A table is read once, page by page, and folded; changed rows are written in chunks. After a chunk is
written, only keys that had an event since the read began are marked again, so that the event has
the last word (architecture section 5). Running it again after any failure finishes the work.
"""

from __future__ import annotations

import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice

from gradesys.aftermath import forget, propagate, require_last_word, settle, settle_write
from gradesys.demands import last_demand
from gradesys.engine import Context, survey
from gradesys.errors import MissingMetadata, MissingPrivilege
from gradesys.lane import in_background
from gradesys.lease import Lease, Timing, exclusive
from gradesys.records import Change, Fate, Key, KeyKind, Outcome
from gradesys.rules.compile import CompiledModel
from gradesys.rules.evaluation import Result
from gradesys.rules.order import passes
from gradesys.statistics import store_cuts

CHUNK = 500
MANY = 1_000
"""From this many changed records on, a first write asks for confirmation."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What to resync and how. Empty ``models``: all of them."""

    models: tuple[str, ...] = ()
    as_of: datetime | None = None
    dry_run: bool = False
    confirm: Callable[[int], bool] | None = None
    """Asked before more than MANY records are changed; None: never ask."""


@dataclass(slots=True)
class Tally:
    """The running count of a resync; ``read`` counts rows of scored tables."""

    read: int = 0
    written: int = 0
    failed: int = 0
    closed: int = 0
    gone: int = 0
    parked: int = 0
    changed: int = 0
    requests: int = 0
    seconds: float = 0.0
    table: str = ""
    declined: bool = False
    samples: list[Change] = field(default_factory=list)
    stopped: dict[str, str] = field(default_factory=dict)
    """Why a model could not be run at all, by its id."""


@dataclass(frozen=True, slots=True)
class Run:
    """A running resync: its context, wish, lease, tally and listener."""

    context: Context
    wish: Wish
    lease: Lease
    tally: Tally
    progress: Callable[[Tally], None]
    now: datetime
    id: str = field(default_factory=lambda: str(uuid.uuid4()))


def resync(context: Context, wish: Wish, progress: Callable[[Tally], None]) -> Tally:
    """Recompute the wished models, in dependency order; waits for a resync that is running."""
    if not wish.dry_run:
        context.require_in_force()
    tally = Tally()
    started, requests = time.monotonic(), context.store.requests
    timing = Timing(context.marks.clock, time.sleep)
    lock = exclusive(context.ledger, "resync/lock", timing, lambda: progress(tally))
    with in_background(), lock as lease:
        run = Run(context, wish, lease, tally, progress, wish.as_of or context.now())
        _note(run, "running")
        for models in _passes(context, wish):
            tally.table = models[0].model.table
            _resync_models(run, tally.table, models)
        tally.requests = context.store.requests - requests
        tally.seconds = round(time.monotonic() - started, 3)
        _note(run, "declined" if tally.declined else "done")
    return tally


def _passes(context: Context, wish: Wish) -> tuple[tuple[CompiledModel, ...], ...]:
    """The wished models, those that one reading of their table can serve together."""
    rulebook = context.rulebook
    wanted = [m for m in rulebook.models if not wish.models or m.model.id in wish.models]
    return passes(wanted, rulebook.schema)


def _resync_models(run: Run, table: str, models: Sequence[CompiledModel]) -> None:
    """All models of a pass together; when one may not read or write, each alone, and that one is
    left out."""
    try:
        _resync_table(run, table, models)
    except (MissingPrivilege, MissingMetadata) as error:
        if len(models) == 1:
            run.tally.stopped[models[0].model.id] = str(error)
        for model in models if len(models) > 1 else ():
            _resync_models(run, table, (model,))


def _resync_table(run: Run, table: str, models: Sequence[CompiledModel]) -> None:
    began, demands = run.context.marks.clock(), _demands(run.context, models)
    found = survey(models, run.context.store, table, run.now)
    changes = _changes(run, table, models, found.results)
    if run.wish.dry_run:
        run.tally.samples.extend(islice(changes, MANY))
        deque(changes, maxlen=0)
        return
    first = list(islice(changes, MANY + 1))
    if len(first) > MANY and run.wish.confirm and not run.wish.confirm(MANY):
        run.tally.declined = True
        return
    run.lease.check()
    store_cuts(run.context.ledger, models, found.cuts)
    _write_all(run, chain(first, changes), began)
    if found.cuts:
        _repeat(run, [Key(KeyKind.TARGET, table, id) for id in found.ids], began)
    _finish(run, models, demands)


def _changes(
    run: Run, table: str, models: Sequence[CompiledModel], results: Iterator[Result]
) -> Iterator[Change]:
    """Score the table; count, park and release on the way."""
    parked = (item.key for item in run.context.marks.parked())
    unseen = {key for key in parked if (key.kind, key.table) == (KeyKind.TARGET, table)}
    for result in results:
        unseen.discard(Key(KeyKind.TARGET, table, result.id))
        run.tally.read += 1
        run.tally.parked += len(result.errors)
        if not run.wish.dry_run:
            settle(run.context, table, result, None)
        if result.change:
            run.tally.changed += 1
            yield result.change
    if not run.wish.dry_run:
        forget(run.context, models, unseen)
    run.progress(run.tally)


def _write_all(run: Run, changes: Iterator[Change], began: float) -> None:
    """Write in chunks; what failed for now gets one more try at the end."""
    failed: list[Change] = []
    while chunk := list(islice(changes, CHUNK)):
        run.lease.check()
        failed += [o.change for o in _write(run, chunk, began) if o.fate is Fate.FAILED]
        _note(run, "running")
        run.progress(run.tally)
    if failed:
        outcomes = _write(run, failed, began)
        run.tally.failed += sum(outcome.fate is Fate.FAILED for outcome in outcomes)


def _repeat(run: Run, keys: Sequence[Key], began: float) -> None:
    """Mark again what an event scored while the cut points of before were still in force."""
    for start in range(0, len(keys), CHUNK):
        run.lease.check()
        disturbed = run.context.marks.marked_since(keys[start : start + CHUNK], began)
        if disturbed:
            run.context.marks.mark(disturbed)


def _write(run: Run, changes: Sequence[Change], began: float) -> tuple[Outcome, ...]:
    marks = run.context.marks
    outcomes = run.context.store.write(changes).outcomes
    for outcome in outcomes:
        FATES[outcome.fate](run, outcome)
        settle_write(run.context, outcome)
    keys = [Key(KeyKind.TARGET, change.table, change.id) for change in changes]
    disturbed = marks.marked_since(keys, began)
    if disturbed:
        marks.mark(disturbed)
    require_last_word(run.context, keys)
    return outcomes


def _count_written(run: Run, outcome: Outcome) -> None:
    run.tally.written += 1
    if run.wish.models:
        change = outcome.change
        propagate(run.context, change.table, change.id, set(change.values))


def _count_gone(run: Run, outcome: Outcome) -> None:
    run.tally.gone += 1


def _count_closed(run: Run, outcome: Outcome) -> None:
    run.tally.closed += 1


def _count_refused(run: Run, outcome: Outcome) -> None:
    run.tally.failed += 1


def _wait(run: Run, outcome: Outcome) -> None:
    """A failed row is counted only after its second try."""


FATES: dict[Fate, Callable[[Run, Outcome], None]] = {
    Fate.WRITTEN: _count_written,
    Fate.GONE: _count_gone,
    Fate.CLOSED: _count_closed,
    Fate.REFUSED: _count_refused,
    Fate.FAILED: _wait,
}


def _demands(context: Context, models: Sequence[CompiledModel]) -> dict[str, int]:
    return {m.model.id: last_demand(context.ledger, m.model.id) for m in models}


def _finish(run: Run, models: Sequence[CompiledModel], demands: Mapping[str, int]) -> None:
    """Remember which local day, and which demand, each model was finished for."""
    for model in models:
        name = f"finished/{model.model.id}"
        entry = run.context.ledger.get(name)
        day = run.now.astimezone(model.calendar.zone).date().isoformat()
        value = {
            "day": day,
            "run": run.id,
            "version": model.version,
            "at": run.now.isoformat(),
            "demand": demands[model.model.id],
        }
        run.context.ledger.put_if(name, value, entry.version)


def _note(run: Run, state: str) -> None:
    """Keep the run's row in the ledger up to date."""
    tally = run.tally
    name = f"run/{run.id}"
    value = {
        "kind": "resync",
        "state": state,
        "as_of": run.now.isoformat(),
        "table": tally.table,
        "read": tally.read,
        "changed": tally.changed,
        "written": tally.written,
        "failed": tally.failed,
    }
    run.context.ledger.put_if(name, value, run.context.ledger.get(name).version)


def overdue(context: Context) -> tuple[str, ...]:
    """The models whose local day, whose rules, or of which a demand, are newer than their last
    finished resync. Raises TemporaryError where newer rules than these are active: those count."""
    context.require_in_force()

    def finished(model: CompiledModel) -> bool:
        done = context.ledger.get(f"finished/{model.model.id}").value
        today = context.now().astimezone(model.calendar.zone).date().isoformat()
        answered = done.get("demand", 0) >= last_demand(context.ledger, model.model.id)
        return done.get("day", "") >= today and done.get("version") == model.version and answered

    return tuple(m.model.id for m in context.rulebook.models if not finished(m))
