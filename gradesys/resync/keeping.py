"""Looking after runs: partitions whose marks got lost, runs that hang, and runs of long ago."""

from __future__ import annotations

from gradesys.engine import Context
from gradesys.marks.protocols import Notes
from gradesys.resync import part
from gradesys.resync.run import ABANDONED, PREFIX, Run, runs
from gradesys.resync.starting import end_run, mark_open

KEPT_S = 90 * 86_400.0


def heal(notes: Notes) -> int:
    """Mark again the partitions of running runs that nobody waits for or works on: a process died
    between a step of a run and its marks. How many those were."""
    return sum(mark_open(notes, run) for run in runs(notes.ledger) if run.running)


def clear(context: Context) -> list[Run]:
    """End every run that is under way, and drop its marks; the runs that were ended.

    What a worker of one is just writing it finishes, and stops.
    """
    ended = [end_run(context, run.id, ABANDONED) for run in runs(context.ledger) if run.running]
    found = [run for run in ended if run is not None]
    for run in found:
        for message in context.marks.claim(len(run.keys), frozenset(run.keys)):
            if context.marks.begin(message):
                context.marks.done(message)
    return found


def prune(context: Context) -> int:
    """Forget runs that ended long ago, and their partitions; how many runs those were."""
    before = context.marks.clock() - KEPT_S
    old = [run for run in runs(context.ledger) if not run.running and run.started < before]
    for run in old:
        for name in context.ledger.list(f"{part.PREFIX}{run.id}/"):
            context.ledger.drop(name)
        context.ledger.drop(PREFIX + run.id)
    return len(old)
