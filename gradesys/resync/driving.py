"""A run that somebody waits for: started and worked on here, beside whoever else takes part.

It ends early by an error or Ctrl-C, and stays under way then: a service, or ``resume``, goes on.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from msgspec.structs import replace

from gradesys.budget.lane import in_background
from gradesys.engine import Context
from gradesys.errors import PermanentError
from gradesys.heartbeat import kept_alive
from gradesys.marks.protocols import Message
from gradesys.resync.partition import work_partition
from gradesys.resync.preview import MANY, preview, would_change_many
from gradesys.resync.run import SUPERSEDED, Run, read_run, runs
from gradesys.resync.standing import Standing, standing
from gradesys.resync.starting import Order, mark_open, start_run
from gradesys.resync.wish import Wish

POLL_S = 0.2
"""How often to look whether somebody else's partition is done."""
Progress = Callable[[Standing], None]
Rest = Callable[[float], None]
"""How to wait, in seconds; an argument so that tests need not."""


def resync(context: Context, wish: Wish, progress: Progress, rest: Rest = time.sleep) -> Standing:
    """Do a whole resync, unless it is declined or a dry run; how it ended.

    Raises what stops the work for now: the run is still there, and ``resume`` goes on with it.
    """
    with in_background():
        if wish.dry_run:
            return preview(context, wish)
        many = wish.confirm is not None and would_change_many(context, wish)
    if many and wish.confirm is not None and not wish.confirm(MANY):
        return Standing(declined=True)
    requests = context.store.requests
    run = start_run(context, Order("command", wish.models, wish.as_of))
    ended = _followed(context, run, progress, rest)
    return replace(ended, requests=context.store.requests - requests)


def resume(context: Context, progress: Progress, rest: Rest = time.sleep) -> Standing | None:
    """Go on with the run that began last and has not ended; None: there is none."""
    under_way = [run for run in runs(context.ledger) if run.running]
    if not under_way:
        return None
    requests = context.store.requests
    ended = _followed(context, under_way[-1], progress, rest)
    return replace(ended, requests=context.store.requests - requests)


def _followed(context: Context, run: Run, progress: Progress, rest: Rest) -> Standing:
    """Work until the run, or whichever took it over, has ended."""
    run = _latest(context, run.id)  # another may have taken it over before it began
    with kept_alive(context.marks):
        while run.running:
            mark_open(context, run)
            if not _work_once(context, run, progress):
                rest(POLL_S)
            run = _latest(context, run.id)
            progress(standing(context, run))
    return standing(context, run)


def _latest(context: Context, id: str) -> Run:
    run, _ = read_run(context.ledger, id)
    if run is None:
        raise PermanentError(f"there is no run {id} any more")
    return _latest(context, run.successor) if run.state == SUPERSEDED else run


def _work_once(context: Context, run: Run, progress: Progress) -> int:
    """Claim and work on one of the run's partitions; 0: nobody waits for us."""
    claimed = context.marks.claim(1, frozenset(run.keys))
    for message in claimed:
        _work(context, message, lambda: progress(standing(context, run)))
    return len(claimed)


def _work(context: Context, message: Message, watch: Callable[[], None]) -> None:
    marks = context.marks
    if not marks.begin(message):
        return
    try:
        work_partition(context, message.key, watch)
    except BaseException:
        marks.retry(message, 0.0)  # whoever goes on need not wait for the claim to end
        raise
    marks.done(message)
