"""A run as the ledger holds it: which models, how far, and what became of it.

Whoever changes a run compares and swaps, so that of several who finish its last partition one plans
what comes next, and a run that another took over is left alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct, field

from gradesys.marks.protocols import Ledger
from gradesys.records import Key, KeyKind
from gradesys.resync.tally import Tally, read_tally, told_tally
from gradesys.span import Span

PREFIX = "run/"
RUNNING, DONE, SUPERSEDED, ABANDONED = "running", "done", "superseded", "abandoned"


class Run(Struct, frozen=True):
    """``now``: the models of the pass under way, all of ``table``, cut into ``spans``; ``todo``:
    those of the passes after it; ``step``: which pass this is, from 0. ``tally``: of finished
    passes, whose models are in ``finished``; ``touched``: those of them that wrote something.
    ``demands``: by model, what it knew of demands.py when its pass began. ``rows``: ids of gs_run
    rows that tell of this run. Times are seconds of the marks' clock."""

    id: str
    cause: str
    as_of: datetime
    started: float
    versions: Mapping[str, str]
    state: str = RUNNING
    table: str = ""
    now: tuple[str, ...] = ()
    todo: tuple[tuple[str, ...], ...] = ()
    step: int = 0
    spans: tuple[Span, ...] = ()
    expected: int | None = None
    partial: bool = False
    rows: tuple[str, ...] = ()
    tally: Tally = field(default_factory=Tally)
    finished: tuple[str, ...] = ()
    touched: tuple[str, ...] = ()
    stopped: Mapping[str, str] = field(default_factory=dict)
    demands: Mapping[str, int] = field(default_factory=dict)
    successor: str = ""
    at: float = 0.0
    ended: float | None = None

    @property
    def running(self) -> bool:
        """Whether there is work left."""
        return self.state == RUNNING

    @property
    def left(self) -> frozenset[str]:
        """The models that are not finished yet."""
        return frozenset(self.now).union(*self.todo)

    def key(self, number: int) -> Key:
        """The mark of one partition of the pass under way."""
        return Key(KeyKind.PARTITION, self.table, self.id, f"{self.step}/{number}")

    @property
    def keys(self) -> tuple[Key, ...]:
        """The marks of all partitions of the pass under way."""
        return tuple(self.key(number) for number in range(len(self.spans)))


def place_of(key: Key) -> tuple[int, int]:
    """The pass and the number of a partition's key."""
    step, _, number = key.via.partition("/")
    return int(step), int(number)


def read_run(ledger: Ledger, id: str) -> tuple[Run | None, int]:
    """A run and the version to swap it with; None: there is no such run."""
    entry = ledger.get(PREFIX + id)
    return (_run(entry.value) if entry.version else None), entry.version


def put_run(ledger: Ledger, run: Run, version: int) -> bool:
    """Store a run if nobody has changed it meanwhile."""
    return ledger.put_if(PREFIX + run.id, _told(run), version)


def runs(ledger: Ledger) -> list[Run]:
    """Every run that is remembered, the oldest first."""
    found = [_run(value) for value in ledger.list(PREFIX).values() if "versions" in value]
    return sorted(found, key=lambda run: run.started)


def _told(run: Run) -> dict[str, Any]:
    plain = {name: getattr(run, name) for name in _PLAIN}
    return plain | {
        "as_of": run.as_of.isoformat(),
        "versions": dict(run.versions),
        "stopped": dict(run.stopped),
        "demands": dict(run.demands),
        "todo": [list(models) for models in run.todo],
        "spans": [[_instant(span.start), _instant(span.end)] for span in run.spans],
        "tally": told_tally(run.tally),
        **{name: list(getattr(run, name)) for name in _LISTS},
    }


def _run(value: Mapping[str, Any]) -> Run:
    cells: dict[str, Any] = {
        name: value[name] for name in (*_PLAIN, "versions", "stopped", "demands")
    }
    cells |= {name: tuple(value[name]) for name in _LISTS}
    cells["as_of"] = datetime.fromisoformat(value["as_of"])
    cells["todo"] = tuple(tuple(models) for models in value["todo"])
    cells["spans"] = tuple(Span(*map(_moment, ends)) for ends in value["spans"])
    return Run(**cells, tally=read_tally(value["tally"]))


_PLAIN = (
    *("id", "cause", "started", "state", "table", "step", "expected", "partial"),
    *("successor", "at", "ended"),
)
_LISTS = ("now", "rows", "finished", "touched")


def _instant(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
