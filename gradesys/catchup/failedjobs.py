"""Changes whose webhook post failed for good, as Dataverse's list of system jobs has them.

A bonus beside change tracking, for the tables that are not tracked; deletions are no better known
here than there. Up to where the list was read is stored only after its marks are durable.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from msgspec import Struct

from gradesys.engine import Context
from gradesys.records import Key
from gradesys.rules.affected import affected
from gradesys.rules.rowevents import unknown_change
from gradesys.rules.subscriptions import Step
from gradesys.tracking import FailedJob

PLACE = "failedjobs"
OVERLAP = timedelta(minutes=5)
"""So much later than its end a job may appear in the list."""
FIRST = timedelta(days=1)
"""How far the first look goes back: what is older the nightly resync has seen."""


class Jobs(Protocol):
    """The system jobs of one organisation; see ``dataverse.jobs``."""

    def failed(self, steps: Collection[str], since: datetime) -> Iterator[tuple[FailedJob, ...]]:
        """Jobs of these steps that failed at or after ``since``, oldest first, page by page."""


class Failures(Struct):
    """What was found. ``covered``: jobs that change tracking answers for; ``unknown``: jobs that do
    not tell whose scores they concern."""

    jobs: int = 0
    covered: int = 0
    marked: int = 0
    unknown: int = 0


class _Place(Struct):
    """Up to when the list is known, and the jobs that were seen within OVERLAP before."""

    upto: datetime
    seen: dict[str, datetime]

    def add(self, job: FailedJob) -> bool:
        """Whether it is a new one."""
        new = job.id not in self.seen
        self.upto = max(self.upto, job.completed)
        self.seen[job.id] = job.completed
        return new

    def forget(self) -> None:
        """Drop the jobs that cannot be listed again."""
        since = self.upto - OVERLAP
        self.seen = {id_: moment for id_, moment in self.seen.items() if moment >= since}


def mark_failed(
    context: Context, jobs: Jobs, steps: Mapping[str, Step], covered: Collection[str]
) -> Failures:
    """Mark what the failed posts of our steps, by their ids, may have made stale; those of the
    ``covered`` tables change tracking tells, and their parents with them."""
    found, entry = Failures(), context.ledger.get(PLACE)
    place = _read(entry.value, context.now())
    for page in jobs.failed(steps, place.upto - OVERLAP):
        new = [job for job in page if place.add(job)]
        others = [job for job in new if steps[job.step].table not in covered]
        told = [keys for job in others if (keys := _keys(context, job, steps[job.step]))]
        marked = frozenset[Key]().union(*told)
        if marked:
            context.marks.mark(marked)
        found.jobs += len(new)
        found.covered += len(new) - len(others)
        found.unknown += len(others) - len(told)
        found.marked += len(marked)
        place.forget()
    value = _written(place)
    if value != entry.value:
        context.ledger.put_if(PLACE, value, entry.version)
    return found


def _keys(context: Context, job: FailedJob, step: Step) -> frozenset[Key]:
    """Nothing for a deleted row's parents, and for links, of which only one end may be told."""
    row = job.regarding
    if row is None or step.table not in ("", row.table):
        return frozenset()
    return affected(context.rulebook, unknown_change(step.message, row.table, row.id))


def _read(value: Mapping[str, Any], now: datetime) -> _Place:
    if not value:
        return _Place(now - FIRST + OVERLAP, {})
    seen = {id_: datetime.fromisoformat(moment) for id_, moment in value["seen"].items()}
    return _Place(datetime.fromisoformat(value["upto"]), seen)


def _written(place: _Place) -> dict[str, Any]:
    seen = {id_: moment.isoformat() for id_, moment in place.seen.items()}
    return {"upto": place.upto.isoformat(), "seen": seen}
