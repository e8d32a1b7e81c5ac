"""How a run stands: what it counted, all partitions together, and how far it is."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import field

from gradesys.changes import Change
from gradesys.engine import Context
from gradesys.resync.part import Part, parts_of
from gradesys.resync.run import Run
from gradesys.resync.tally import NUMBERS, Tally, total

DEAD_S = 600.0
"""A run that has said nothing for so long is worked on by nobody."""


class Standing(Tally, frozen=True):
    """``parts`` of the pass under way and how many of them are ``done``; ``fetched``: scored rows
    of it that were read, of ``expected`` where that is known. ``samples``: of a dry run, some of
    the changes. ``stopped``: why a model could not be run at all, by its id."""

    run: str = ""
    state: str = ""
    table: str = ""
    parts: int = 0
    done: int = 0
    fetched: int = 0
    expected: int | None = None
    seconds: float = 0.0
    silent_s: float = 0.0
    declined: bool = False
    samples: tuple[Change, ...] = ()
    stopped: Mapping[str, str] = field(default_factory=dict)


def standing(context: Context, run: Run) -> Standing:
    """How a run stands now."""
    parts = parts_of(context.ledger, run)
    tally = total(run.tally, *(part.tally for part in parts.values()))
    now = context.marks.clock()
    return Standing(
        **{name: getattr(tally, name) for name in NUMBERS},
        causes=tally.causes,
        run=run.id,
        state=run.state,
        table=run.table,
        parts=len(run.spans),
        done=sum(part.done for part in parts.values()),
        fetched=sum(max(part.fetched, part.tally.read) for part in parts.values()),
        expected=run.expected,
        seconds=round((now if run.ended is None else run.ended) - run.started, 3),
        silent_s=round(now - last_word(run, parts), 3) if run.running else 0.0,
        stopped=run.stopped,
    )


def last_word(run: Run, parts: Mapping[int, Part]) -> float:
    """When a run, or a worker of it, last said something, by the marks' clock."""
    return max([run.at, *(part.at for part in parts.values())])


def is_alive(context: Context, run: Run) -> bool:
    """Whether a run is under way, and somebody works on it."""
    last = last_word(run, parts_of(context.ledger, run))
    return run.running and context.marks.clock() - last < DEAD_S
