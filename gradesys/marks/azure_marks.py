"""Marks in an Azure table, with a storage queue as the doorbell.

A row is a key, and every change of it a compare-and-swap by ETag. Whoever makes a key due sends
one message that names it; the sweep rings again for marks whose message got lost. Clean keys move
from the marks to a log in the order of time, so that what is asked often stays small.
"""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections.abc import Callable, Collection, Iterable, Sequence

from azure.data.tables import TableEntity
from msgspec.structs import replace

from gradesys.marks import azure_cells as cells
from gradesys.marks.azure import TOGETHER, Storage, side_by_side
from gradesys.marks.azure_steps import change, change_claimed
from gradesys.marks.doorbell import write_ring
from gradesys.marks.mark import Mark, begun, claimed, delayed, done, marked, wakes
from gradesys.marks.protocols import LEASE_S, MEMORY_S, Message, Parked, Stats, text_of, unheard
from gradesys.records import Key

FEW = 4
"""So many keys are looked up one by one; more are picked from all that are dirty."""


class AzureMarks:
    """The Marks protocol on a Storage."""

    def __init__(self, storage: Storage, clock: Callable[[], float] = time.time) -> None:
        self._rows = storage.dirty
        self._doorbell = storage.events
        self._clock = clock
        self._held: set[Message] = set()
        self._claiming = threading.Lock()

    def clock(self) -> float:
        """Seconds, as stored with marks."""
        return self._clock()

    def mark(self, keys: Collection[Key], seen: Callable[[], None] = unheard) -> None:
        """Note each key and ring for those that were not waiting."""
        side_by_side(self._mark, set(keys))
        seen()

    def _mark(self, key: Key) -> None:
        now = self._clock()

        def step(mark: Mark) -> Mark:
            after = marked(mark, now)
            return replace(after, rung=max(now, after.due)) if wakes(mark, after) else after

        before, after = change(self._rows, key, step)
        if after is not None and wakes(before, after):
            self._ring(after)

    def claim(self, limit: int, keys: Collection[Key] | None = None) -> list[Message]:
        """Lease due keys to this process, the longest waiting first; where another process is
        taking them too, from anywhere on. The workers of one process take turns."""
        with self._claiming:
            most = min(limit, TOGETHER, max(1, cells.HOLD - len(self._held)))
            for place in (0.0, random.random(), random.random()):
                free = self._free(keys)
                start = int(place * max(0, len(free) - most + 1))
                messages = self._lease(free[start : start + most])
                if messages is not None:
                    self._held.update(messages)
                    return messages
        return []

    def _free(self, keys: Collection[Key] | None) -> list[TableEntity]:
        """The rows that may be claimed, the longest waiting first."""
        now = self._clock()
        rows = (row for row in self._candidates(now, keys) if cells.mark_of(row).free(now))
        return sorted(rows, key=lambda row: float(row["first_marked"]))

    def _lease(self, rows: Sequence[TableEntity]) -> list[Message] | None:
        """All of these, or None when somebody else has one of them."""
        token, now = uuid.uuid4().hex, self._clock()
        mine = [claimed(cells.mark_of(row), token, now) for row in rows]
        if not self._rows.swap_all(list(zip(rows, map(cells.row_of, mine), strict=True))):
            return None
        return [Message(m.key, m.attempt, m.token, m.first_marked) for m in mine]

    def _candidates(self, now: float, keys: Collection[Key] | None) -> list[TableEntity]:
        if keys is not None and len(keys) <= FEW:
            each = (self._rows.get(cells.MARKS, cells.digest(key)) for key in keys)
            return [row for row in each if row is not None]
        rows = self._rows.find(cells.FREE, now=now)
        return rows if keys is None else [row for row in rows if cells.key_of(row) in keys]

    def due(self, most: int) -> int:
        """Count no further than asked for."""
        return len(self._rows.find(cells.FREE, most, now=self._clock()))

    def begin(self, *messages: Message) -> list[Message]:
        """Clear the marks: these runs answer every mark so far."""
        mine = change_claimed(self._rows, messages, lambda mark: begun(mark, self._clock()))
        return [message for message in messages if message in mine]

    def secure(self) -> None:
        """A step is durable when it is answered."""

    def done(self, *messages: Message) -> None:
        """End the runs; a key that was marked meanwhile rings again."""
        self._give_back(messages, done)

    def retry(self, message: Message, delay_s: float, failed: bool = True) -> bool:
        """Give the claim back, due later."""
        due = self._clock() + delay_s
        return message in self._give_back([message], lambda mark: delayed(mark, due, failed))

    def abandon(self, messages: Iterable[Message]) -> None:
        """Forget that the claims are ours."""
        self._held.difference_update(messages)

    def _give_back(
        self, messages: Collection[Message], step: Callable[[Mark], Mark]
    ) -> dict[Message, Mark]:
        def free(mark: Mark) -> Mark:
            after = step(mark)
            return replace(after, rung=after.due)

        found = change_claimed(self._rows, messages, free)
        self.abandon(messages)
        side_by_side(self._ring, [mark for mark in found.values() if mark.dirty])
        return found

    def _ring(self, mark: Mark) -> None:
        """Whole seconds, rounded up: too early a message finds nothing to do."""
        wait = mark.due - self._clock()
        self._doorbell.ring(write_ring(mark.key), int(wait) + 1 if wait > 0 else 0)

    def park(self, key: Key, part: str, reason: str) -> None:
        """Remember why a key (or one model of it) cannot be scored."""
        name = f"{cells.digest(key)}.{cells.spelled(part)}"
        said = {"part": part, "reason": reason, "since": self._clock(), **cells.named(key)}
        self._rows.put({"PartitionKey": cells.PARKED, "RowKey": name, **said})

    def release(self, parts: Collection[tuple[Key, str]]) -> None:
        """Forget parked parts that were scored again."""
        names = set(parts)
        for row in self._aside({key for key, _ in names}):
            if (cells.key_of(row), row["part"]) in names:
                self._rows.drop(row)

    def parked(self, keys: Collection[Key] | None = None) -> list[Parked]:
        """Everything set aside, oldest first."""
        found = [cells.parked_of(row) for row in self._aside(keys)]
        return sorted(found, key=lambda each: (each.since, text_of(each.key), each.part))

    def _aside(self, keys: Collection[Key] | None) -> list[TableEntity]:
        if keys is not None and len(keys) <= FEW:
            spans = [(f"{cells.digest(key)}.", f"{cells.digest(key)}.~") for key in set(keys)]
            found = (self._rows.find(cells.ASIDE_FROM, start=s, end=e) for s, e in spans)
            return [row for rows in found for row in rows]
        rows = self._rows.find(cells.ASIDE)
        return [row for row in rows if keys is None or cells.key_of(row) in keys]

    def waiting(self, keys: Collection[Key]) -> set[Key]:
        """Look up which keys are dirty."""
        return {cells.key_of(row) for row in self._rows.find(cells.WAITING)} & set(keys)

    def marked_since(self, keys: Collection[Key], since: float) -> set[Key]:
        """Look among the marks, then in the log, to which a mark moves before it is dropped."""
        rows = self._rows.find(cells.MARKED, since=since)
        rows += self._rows.find(cells.SEEN_SINCE, start=cells.moment(since))
        return {cells.key_of(row) for row in rows if float(row["last_marked"]) >= since} & set(keys)

    def keep_alive(self) -> None:
        """Prolong every claim of this process, each from when its turn has come."""
        held = list(self._held)
        kept = change_claimed(self._rows, held, lambda m: replace(m, lease=self._clock() + LEASE_S))
        self.abandon(message for message in held if message not in kept)

    def sweep(self) -> None:
        """Ring for due keys whose message got lost; move clean keys to the log, and cut it."""
        now = self._clock()
        for row in self._rows.find(cells.ALL):
            mark = cells.mark_of(row)
            if mark.free(now) and mark.rung < now - cells.SILENCE_S:
                self._ring(mark)
                self._rows.swap(row, cells.row_of(replace(mark, rung=now)))
            elif not mark.dirty and max(mark.last_run, mark.last_marked) < now - cells.REST_S:
                name = f"{cells.moment(mark.last_marked)}.{cells.digest(mark.key)}"
                self._rows.put({**cells.row_of(mark), "PartitionKey": cells.SEEN, "RowKey": name})
                self._rows.drop(row)
        for row in self._rows.find(cells.SEEN_BEFORE, end=cells.moment(now - MEMORY_S)):
            self._rows.drop(row)

    def stats(self) -> Stats:
        """Count waiting and parked keys."""
        since = [float(row["first_marked"]) for row in self._rows.find(cells.WAITING)]
        parked = {cells.key_of(row) for row in self._rows.find(cells.ASIDE)}
        age = self._clock() - min(since) if since else 0.0
        return Stats(len(since), max(0.0, round(age, 3)), len(parked))
