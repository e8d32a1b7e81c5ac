"""One partition as the ledger holds it, and the hold that a worker has on it.

Every step is a compare-and-swap. Whoever takes a partition after somebody else ends the other's
hold, so that a message that came twice, or a worker believed dead, stops at its next step.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field
from msgspec.structs import asdict, replace

from gradesys.engine import Context
from gradesys.errors import GradesysError
from gradesys.marks.protocols import Ledger
from gradesys.resync.run import Run, read_run
from gradesys.resync.tally import Tally, read_tally, told_tally

PREFIX = "part/"
BEAT_S = 2.0
"""How often a worker that only reads says that it lives."""


class Lost(GradesysError):
    """Somebody else has the partition now, or its run is over: nothing is left to do here."""


class Part(Struct, frozen=True):
    """``cursor``: the last id that is dealt with, in the order of ids; ``unspread``: ids that were
    perhaps written, and whose dependants were perhaps not marked; ``measured``: cut points are in
    force already; ``fetched``: scored rows that this attempt has read; ``at``: when it last said
    something, by the marks' clock."""

    attempt: int = 0
    cursor: str = ""
    unspread: tuple[str, ...] = ()
    measured: bool = False
    done: bool = False
    fetched: int = 0
    at: float = 0.0
    tally: Tally = field(default_factory=Tally)


class Hold:
    """A worker's hold on a partition. Every method raises Lost when it has ended."""

    def __init__(self, context: Context, run: Run, number: int) -> None:
        """Take the partition over, from whoever had it."""
        self.number = number
        self._context, self._run = context, run
        self._name = name_of(run, number)
        entry = context.ledger.get(self._name)
        self._version = entry.version
        self.part = read_part(entry.value)
        if not self.part.done:
            self.save(attempt=self.part.attempt + 1, fetched=0)

    def save(self, **changes: Any) -> None:
        """Change the partition, and say that its worker lives."""
        part = replace(self.part, **changes, at=self._context.marks.clock())
        told = asdict(part) | {"tally": told_tally(part.tally)}
        if not self._context.ledger.put_if(self._name, told, self._version):
            raise Lost("the partition was taken over")
        self.part, self._version = part, self._version + 1

    def beat(self, fetched: int) -> bool:
        """Say that the worker lives, unless it just did; True when it said so."""
        due = self._context.marks.clock() - self.part.at >= BEAT_S
        if due:
            self.save(fetched=fetched)
        return due

    def ours(self) -> bool:
        """Whether this hold still counts."""
        try:
            self.save()
            self.check()
        except Lost:
            return False
        return True

    def check(self) -> None:
        """Make sure that the run still wants this."""
        run, _ = read_run(self._context.ledger, self._run.id)
        if run is None or not run.running or run.step != self._run.step:
            raise Lost("the run is over, or another took over")


def name_of(run: Run, number: int) -> str:
    """Where a partition of the pass under way is kept."""
    return f"{PREFIX}{run.id}/{run.step:03}/{number:04}"


def parts_of(ledger: Ledger, run: Run) -> dict[int, Part]:
    """The partitions of the pass under way that somebody has begun, by number."""
    found = ledger.list(f"{PREFIX}{run.id}/{run.step:03}/")
    return {int(name.rpartition("/")[2]): read_part(value) for name, value in found.items()}


def all_parts(ledger: Ledger, run: str) -> dict[tuple[int, int], Part]:
    """The partitions of all passes of a run, by pass and number."""
    found = ledger.list(f"{PREFIX}{run}/")
    places = {tuple(map(int, name.split("/")[-2:])): value for name, value in found.items()}
    return {(step, number): read_part(value) for (step, number), value in places.items()}


def read_part(value: Mapping[str, Any]) -> Part:
    """A partition from JSON; an empty value is one that nobody has begun."""
    if not value:
        return Part()
    unspread = tuple(value.get("unspread", ()))
    return Part(**{**value, "unspread": unspread, "tally": read_tally(value["tally"])})
