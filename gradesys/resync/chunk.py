"""A chunk of changed rows: explained, written, and only then put behind the cursor.

After the write, keys that had an event since the reading began are marked again, so that the event
has the last word; then the cursor moves. A kill before that repeats this one chunk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from msgspec import Struct
from msgspec.structs import replace

from gradesys.aftermath import propagate, require_last_word, settle_writes, spread
from gradesys.budget.meter import metered
from gradesys.changes import Change, Fate, Outcome
from gradesys.engine import Context
from gradesys.errors import GradesysError, TemporaryError
from gradesys.records import Key, KeyKind
from gradesys.resync.causes import Judge
from gradesys.resync.part import Hold
from gradesys.resync.run import Run
from gradesys.resync.share import AHEAD
from gradesys.resync.tally import Tally, total
from gradesys.rules.affected import dependants
from gradesys.rules.evaluation import Result

STRETCH = 40_000
"""The cursor moves after so many scored rows, even where none has changed."""
OUTAGE = 50
"""So many rows of a chunk, all of them failing, mean that Dataverse does not write at all."""


class Chunk(Struct, frozen=True):
    """Results in the order of ids: how many, the errors among them, and those that change a row."""

    last: str
    read: int
    errors: int
    changed: tuple[Result, ...]


def chunks(results: Iterator[Result], most: int) -> Iterator[Chunk]:
    """Cut results where ``most`` rows change, or enough were scored."""
    changed: list[Result] = []
    read = errors = 0
    last = ""
    for result in results:
        last, read, errors = result.id, read + 1, errors + len(result.errors)
        if result.change is not None:
            changed.append(result)
        if len(changed) == most or read == STRETCH:
            yield Chunk(last, read, errors, tuple(changed))
            changed, read, errors = [], 0, 0
    if read:
        yield Chunk(last, read, errors, tuple(changed))


class Writing(Struct, frozen=True):
    """A partition's writer. ``began``: when this attempt began to read, by the marks' clock;
    ``parked``: ids of records that were set aside then.

    Not the first attempt's: whatever is written now was read now, and what an earlier attempt wrote
    behind the cursor it looked after itself.
    """

    context: Context
    run: Run
    hold: Hold
    judge: Judge
    began: float
    parked: Collection[str]

    def write(self, chunk: Chunk) -> None:
        """Deal with a chunk. Raises Lost when somebody else has the partition, TemporaryError when
        Dataverse does not write."""
        self.hold.check()
        changes = [result.change for result in chunk.changed if result.change is not None]
        keys = [Key(KeyKind.TARGET, change.table, change.id) for change in changes]
        with metered() as spent:
            why = self._explained(chunk, keys)
            self._foresee(changes)
            with AHEAD.rows(len(keys)), self._last_word(keys):
                outcomes = self.context.store.write(changes).outcomes if changes else ()
                _raise_outage(outcomes)
                self._look_after(outcomes, keys)
                require_last_word(self.context, keys)
                counted = replace(_counted(chunk, outcomes), requests=spent.requests)
                self._advance(chunk.last, total(counted, why))

    def _explained(self, chunk: Chunk, keys: Sequence[Key]) -> Tally:
        if not keys:
            return Tally()
        marks = self.context.marks
        under_way = {key.id for key in marks.waiting(keys) | marks.marked_since(keys, self.began)}
        return self.judge.explain(chunk.changed, under_way, self.hold.part.tally.sampled)

    def _foresee(self, changes: Sequence[Change]) -> None:
        """Note what is about to be written where others read it: after a kill it is equal, and
        nothing else would tell that their marks are missing."""
        told = {c.id: dependants(self.context.rulebook, c.table, c.id, c.values) for c in changes}
        if self.run.partial and any(told.values()):
            self.hold.save(unspread=tuple(id for id, keys in told.items() if keys))

    def _look_after(self, outcomes: Sequence[Outcome], keys: Sequence[Key]) -> None:
        """Events have the last word; what failed for now is tried again by the live path."""
        marks = self.context.marks
        again = marks.marked_since(keys, self.began) if keys else set()
        tried = zip(keys, outcomes, strict=True)
        settle_writes(
            self.context, [o for key, o in tried if o.fate is Fate.REFUSED or key.id in self.parked]
        )
        for key, outcome in zip(keys, outcomes, strict=True):
            if outcome.fate is Fate.FAILED:
                again.add(key)
            elif outcome.fate is Fate.WRITTEN and self.run.partial:
                _propagate(self.context, outcome.change)
        if again:
            marks.mark(again)

    def _advance(self, last: str, counted: Tally) -> None:
        """Move the cursor."""
        tally = total(self.hold.part.tally, counted)
        self.hold.save(cursor=last, tally=tally, unspread=())
        self.hold.check()

    @contextmanager
    def _last_word(self, keys: Sequence[Key]) -> Iterator[None]:
        """Whoever lost the partition while it wrote leaves the last word about these rows, and
        about who reads them, to the live path: the passes that follow may be over already."""
        try:
            yield
        except GradesysError:
            if keys and not self.hold.ours():
                self.context.marks.mark(keys)
                outputs = self.context.rulebook.output_columns[self.run.table]
                spread(self.context, self.run.table, {key.id: outputs for key in keys})
            raise


def _propagate(context: Context, change: Change) -> None:
    propagate(context, change.table, change.id, set(change.values))


def _raise_outage(outcomes: Sequence[Outcome]) -> None:
    if len(outcomes) >= OUTAGE and all(each.fate is Fate.FAILED for each in outcomes):
        raise TemporaryError(f"none of {len(outcomes)} rows could be written for now")


def _counted(chunk: Chunk, outcomes: Sequence[Outcome]) -> Tally:
    fates = Counter(outcome.fate for outcome in outcomes)
    return Tally(
        read=chunk.read,
        changed=len(chunk.changed),
        written=fates[Fate.WRITTEN],
        failed=fates[Fate.FAILED] + fates[Fate.REFUSED],
        closed=fates[Fate.CLOSED],
        gone=fates[Fate.GONE],
        parked=chunk.errors,
    )
