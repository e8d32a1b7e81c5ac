"""What a run tells in its gs_run rows, for whoever watches from Dataverse."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from decimal import Decimal

from gradesys.engine import Context
from gradesys.errors import PermanentError
from gradesys.records import Value
from gradesys.resync.part import parts_of
from gradesys.resync.run import Run
from gradesys.resync.tally import Tally, total
from gradesys.runrow import STATES, counts, put_rows

LOG = logging.getLogger(__name__)
LONGEST = 4_000
"""Characters of a message in gs_run."""
PAUSE_S = 5.0
"""The least time between two reports of one worker: each is a request."""


def tell_started(context: Context, run: Run) -> None:
    """That a run has begun, in its own row; those of runs that it took over go on as they are."""
    if run.id not in run.rows:
        return
    values: dict[str, Value] = {
        "gs_name": f"{run.cause} {run.table}",
        "gs_table": run.table,
        "gs_state": STATES["running"],
        "gs_startedon": context.now(),
    }
    if run.expected is not None and not run.todo:
        values["gs_total"] = Decimal(run.expected)
    _tell(context, run, (run.id,), values)


class Reporter:
    """Tells how far a run is, now and then."""

    def __init__(self, context: Context, run: Run) -> None:
        self._context, self._run = context, run
        self._next = context.marks.clock() + PAUSE_S

    def tell(self) -> None:
        """Tell, unless that was done a moment ago."""
        now = self._context.marks.clock()
        if self._run.rows and now >= self._next:
            self._next = now + PAUSE_S
            parts = parts_of(self._context.ledger, self._run).values()
            tally = total(self._run.tally, *(part.tally for part in parts))
            tell_progress(self._context, self._run, tally)


def tell_progress(context: Context, run: Run, tally: Tally) -> None:
    """How far it is."""
    told = counts(tally.read, tally.written, tally.failed)
    _tell(context, run, run.rows, told | {"gs_state": STATES["running"]})


def tell_ended(context: Context, run: Run) -> None:
    """How it ended; models that could not be run make it a failure."""
    told = counts(run.tally.read, run.tally.written, run.tally.failed)
    told |= {"gs_finishedon": context.now(), "gs_state": STATES["done"]}
    if run.stopped:
        why = "; ".join(f"{model}: {reason}" for model, reason in run.stopped.items())
        told |= {"gs_state": STATES["failed"], "gs_message": why[:LONGEST]}
    _tell(context, run, run.rows, told)


def _tell(context: Context, run: Run, rows: Sequence[str], values: Mapping[str, Value]) -> None:
    """An organisation may lack the table, or refuse the row: no reason to stop scoring."""
    try:
        put_rows(context.store, rows, values)
    except PermanentError as error:
        LOG.warning("run %s cannot tell in gs_run: %s", run.id, type(error).__name__)
