"""The store of every run: it leaves a record alone while its breaker is open, and counts flips.

Nothing is written before it is durable that somebody tried.

What a process wrote last it remembers itself, so that an ordinary write costs one look into the
ledger and no entry there.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from gradesys.breaker import FLIPS, Fight, add_flip, fights, note_write, recent
from gradesys.changes import Change, Fate, Outcome, Written
from gradesys.engine import Store
from gradesys.marks.protocols import Ledger, Marks
from gradesys.metrics import Metrics
from gradesys.records import Page, Plan, Read, Value
from gradesys.rules.rulebook import Rulebook
from gradesys.span import Span

REMEMBERED = 20_000
"""Records whose last written values a process remembers."""
PASSING = frozenset({"scored_on", "explanation", "status"})
"""Roles that may differ although the result is the same; nobody is fought over these alone."""


class Memory:
    """What this process wrote last, of the records that it wrote lately."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: OrderedDict[tuple[str, str], str] = OrderedDict()

    def swap(self, record: tuple[str, str], digest: str) -> str | None:
        """Remember; what was remembered before."""
        with self._lock:
            before = self._last.pop(record, None)
            self._last[record] = digest
            if len(self._last) > REMEMBERED:
                self._last.popitem(last=False)
            return before


class Guarded:
    """A store that refuses changes of records whose breaker is open; a write is of one table."""

    def __init__(
        self,
        store: Store,
        ledger: Ledger,
        marks: Marks,
        book: Rulebook,
        metrics: Metrics,
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._marks = marks
        self._passing = passing_columns(book)
        self._metrics = metrics
        self._memory = Memory()

    @property
    def requests(self) -> int:
        """HTTP requests sent so far."""
        return self._store.requests

    def pages(self, plan: Plan) -> Iterator[Page]:
        """As the store answers."""
        return self._store.pages(plan)

    def sizes(self, read: Read, spans: Sequence[Span]) -> tuple[int | None, ...]:
        """As the store counts."""
        return self._store.sizes(read, spans)

    def ends(self, read: Read) -> tuple[datetime, datetime] | None:
        """As the store answers."""
        return self._store.ends(read)

    def put_row(self, table: str, id: str, values: Mapping[str, Value]) -> None:
        """As the store does."""
        self._store.put_row(table, id, values)

    def write(self, changes: Sequence[Change], verify: Plan | None = None) -> Written:
        """Write what may be written, and count what somebody had set back."""
        now = self._marks.clock()
        results = [change for change in changes if self._result(change)]
        table = results[0].table if results else ""
        fought = fights(self._ledger, table, {change.id for change in results})
        held = [c for c in results if c.id in fought and fought[c.id].until > now]
        self._marks.secure()
        written = self._store.write([c for c in changes if c not in held], verify)
        for outcome in written.outcomes:
            if outcome.fate is Fate.WRITTEN and self._result(outcome.change):
                self._note(outcome.change, fought.get(outcome.change.id), now)
        rest = iter(written.outcomes)
        outcomes = (_refused(c) if c in held else next(rest) for c in changes)
        return Written(tuple(outcomes), written.pages)

    def _note(self, change: Change, fight: Fight | None, now: float) -> None:
        digest = hashlib.sha256(repr(self._result(change)).encode()).hexdigest()
        before = self._memory.swap((change.table, change.id), digest)
        fought = fight is not None and bool(recent(fight, now))
        if digest == (fight.last if fight and fought else before):
            if add_flip(self._ledger, change.table, change.id, digest, now):
                self._metrics.count("breaker")
        elif fought:
            note_write(self._ledger, change.table, change.id, digest)

    def _result(self, change: Change) -> list[tuple[str, str]]:
        passing = self._passing.get(change.table, frozenset())
        return sorted((n, repr(v)) for n, v in change.values.items() if n not in passing)


def passing_columns(book: Rulebook) -> dict[str, frozenset[str]]:
    """By table, output columns that tell nothing about who fights whom."""
    found: dict[str, frozenset[str]] = {}
    for model in book.models:
        names = {output.column.name for output in model.outputs if output.role in PASSING}
        found[model.model.table] = found.get(model.model.table, frozenset()) | names
    return found


def _refused(change: Change) -> Outcome:
    columns = ", ".join(sorted(change.values))
    reason = (
        f"another writer keeps setting these columns back ({FLIPS} times in 10 minutes): {columns}."
        " Find the flow, plug-in or workflow that writes them and take them out of it, then run"
        " gradesys parked retry; without that it is tried again after an hour"
    )
    return Outcome(change, Fate.REFUSED, reason)
