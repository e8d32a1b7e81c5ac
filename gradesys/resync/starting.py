"""Start a run, and take over from those that it overlaps.

The new run is stored before the old ones end, and takes what they had not finished, so that a
process that dies in between leaves too much work under way and never too little.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct, field
from msgspec.structs import replace

from gradesys.budget.lane import in_background
from gradesys.engine import Context
from gradesys.marks.protocols import Notes
from gradesys.resync.part import parts_of
from gradesys.resync.passes import first_pass
from gradesys.resync.report import tell_started
from gradesys.resync.run import ABANDONED, SUPERSEDED, Run, put_run, read_run, runs
from gradesys.rules.compile import CompiledModel
from gradesys.rules.order import passes

TURN = "resync/turn"
"""Starts take turns: whoever swaps this one has seen every run that began before."""


class Order(Struct, frozen=True):
    """What a run is started for. Empty ``models``: all of them. ``row``: whether it tells how far
    it is in a gs_run row of its own id."""

    cause: str
    models: tuple[str, ...] = ()
    as_of: datetime | None = None
    row: bool = False
    id: str = field(default_factory=lambda: str(uuid.uuid4()))


def start_run(context: Context, order: Order) -> Run:
    """Store a run and mark its partitions. The same order twice is one run. Raises TemporaryError
    where newer rules than these are active: those count."""
    context.require_in_force()
    with in_background():
        run, _ = read_run(context.ledger, order.id)
        if run is None:
            run = _stored(context, order)
        mark_open(context, run)
        if run.running:
            tell_started(context, run)
        return run


def _stored(context: Context, order: Order) -> Run:
    ledger, version = context.ledger, 0
    while True:
        turn = ledger.get(TURN)
        older = [run for run in runs(ledger) if run.running and run.id != order.id]
        run, overtaken = _planned(context, order, older)
        stored = put_run(ledger, run, version)
        if stored and ledger.put_if(TURN, {"run": run.id}, turn.version):
            for old in overtaken:
                end_run(context, old.id, SUPERSEDED, run.id)
            return run
        known, version = read_run(ledger, order.id)
        if known is not None and not known.running:
            return known


def _planned(context: Context, order: Order, older: Sequence[Run]) -> tuple[Run, list[Run]]:
    """The new run with its first pass planned, and the runs that it takes over."""
    every = context.rulebook.models
    names = {model.model.id for model in every}
    wanted = set(order.models) or names
    overtaken = [run for run in older if run.left & wanted]
    wanted |= {name for run in overtaken for name in run.left} & names
    chosen = [model for model in every if model.model.id in wanted]
    rows = [order.id] if order.row else []
    now = context.marks.clock()
    run = Run(
        id=order.id,
        cause=order.cause,
        as_of=order.as_of or context.now(),
        started=now,
        at=now,
        versions={model.model.id: model.version for model in chosen},
        todo=_ids(passes(chosen, context.rulebook.schema)),
        partial=wanted != names,
        rows=tuple(dict.fromkeys([*rows, *(row for old in overtaken for row in old.rows)])),
    )
    return first_pass(context, run), overtaken


def _ids(found: Sequence[Sequence[CompiledModel]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(model.model.id for model in models) for models in found)


def begin_anew(context: Context, run: Run) -> None:
    """Take over from a run of other rules than those in force: what it had begun to write by its
    own has to be written again. Without any of its models there is nothing left of it."""
    known = {model.model.id for model in context.rulebook.models}
    names = tuple(sorted(run.left & known))
    if names:
        start_run(context, Order(run.cause, names, run.as_of))
    else:
        end_run(context, run.id, ABANDONED)


def end_run(context: Context, id: str, state: str, successor: str = "") -> Run | None:
    """End a running run in this state; None: there was nothing to end."""
    while True:
        run, version = read_run(context.ledger, id)
        if run is None or not run.running:
            return None
        ended = replace(run, state=state, successor=successor, ended=context.marks.clock())
        if put_run(context.ledger, ended, version):
            return ended


def mark_open(notes: Notes, run: Run) -> int:
    """Mark the partitions that are not waiting for a worker already; how many that were.

    Of a pass whose partitions are all done one is marked: its worker goes on to the next pass.
    """
    if not run.running:
        return 0
    parts = parts_of(notes.ledger, run)
    done = {number for number, part in parts.items() if part.done}
    open_ = [number for number in range(len(run.spans)) if number not in done] or [0]
    keys = {run.key(number) for number in open_}
    missing = keys - notes.marks.waiting(keys)
    if missing:
        notes.marks.mark(missing)
    return len(missing)
