"""What comes after the last partition of a pass: its end is noted, and the next pass begins.

Everything here may be done twice: of several workers who find the pass complete, the one that swaps
the run goes on, and one that dies before that leaves its key to the next.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from gradesys.aftermath import forget
from gradesys.engine import Context
from gradesys.records import Key, KeyKind, Plan, Scope
from gradesys.resync.part import parts_of
from gradesys.resync.passes import next_pass
from gradesys.resync.report import tell_ended
from gradesys.resync.run import DONE, Run, put_run, read_run
from gradesys.resync.starting import mark_open
from gradesys.resync.tally import Tally, total
from gradesys.rules.compile import CompiledModel
from gradesys.rules.evaluation import Evaluation


def hand_over(context: Context, run: Run, models: Sequence[CompiledModel]) -> None:
    """Go on to the next pass, if all partitions of this one are done."""
    now, version = read_run(context.ledger, run.id)
    if now is None or not now.running or now.step != run.step:
        return
    parts = parts_of(context.ledger, now)
    if sum(part.done for part in parts.values()) < len(now.spans):
        return
    tally = total(*(part.tally for part in parts.values()))
    _forget_gone(context, now, models)
    for model in models:
        _note_finished(context, now, model, tally)
    wrote = now.now if tally.written else ()
    ended = replace(
        now,
        tally=total(now.tally, tally),
        finished=(*now.finished, *now.now),
        touched=(*now.touched, *wrote),
    )
    _go_on(context, ended, version)


def leave_out(context: Context, run: Run, reason: str) -> None:
    """A pass may not read or write what it needs: its models go alone, and one alone is left out.

    What the pass had written stays written, and is not counted.
    """
    now, version = read_run(context.ledger, run.id)
    if now is None or not now.running or now.step != run.step:
        return
    if len(now.now) == 1:
        (model,) = now.now
        now = replace(now, stopped={**now.stopped, model: reason})
    else:
        now = replace(now, todo=(*((name,) for name in now.now), *now.todo))
    _go_on(context, now, version)


def _go_on(context: Context, run: Run, version: int) -> None:
    ahead = next_pass(context, run)
    if ahead.state == DONE:
        tell_ended(context, ahead)
    if put_run(context.ledger, ahead, version):
        mark_open(context, ahead)


def _note_finished(context: Context, run: Run, model: CompiledModel, tally: Tally) -> None:
    """Remember for which local day, rules and demand a model was finished, and how exact it was."""
    name = f"finished/{model.model.id}"
    day = run.as_of.astimezone(model.calendar.zone).date().isoformat()
    told = {
        "day": day,
        "run": run.id,
        "version": model.version,
        "demand": run.demands[model.model.id],
        "at": run.as_of.isoformat(),
        "read": tally.read,
        "drift": tally.drift,
    }
    context.ledger.put_if(name, told, context.ledger.get(name).version)


def _forget_gone(context: Context, run: Run, models: Sequence[CompiledModel]) -> None:
    """Parked records that are not there any more have nothing left to wait for."""
    parked = {item.key.id for item in context.marks.parked() if _is_of(item.key, run.table)}
    if not parked:
        return
    target = Evaluation(models, run.as_of).reads[0]
    pages = context.store.pages(Plan((target,), Scope(run.table, tuple(sorted(parked)))))
    there = {str(row[target.key]) for page in pages for row in page.rows}
    gone = [Key(KeyKind.TARGET, run.table, id) for id in sorted(parked - there)]
    forget(context, models, gone)


def _is_of(key: Key, table: str) -> bool:
    return (key.kind, key.table) == (KeyKind.TARGET, table)
