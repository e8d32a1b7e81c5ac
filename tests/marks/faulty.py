"""Marks and Ledger in memory that go wrong when a test says so, in the ways that real ones do."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from msgspec.structs import replace

from gradesys.errors import StoreError
from gradesys.marks.mark import Mark, begun, claimed, delayed, done, marked, wakes
from gradesys.marks.protocols import (
    LEASE_S,
    MEMORY_S,
    Entry,
    Message,
    Parked,
    Stats,
    text_of,
    unheard,
)
from gradesys.records import Key

DELAY_S = 5.0


class Fault(Enum):
    """What goes wrong with one call."""

    NONE = "none"
    ERROR_BEFORE = "an error, and nothing happened"
    ERROR_AFTER = "an error, and yet it happened"
    DUPLICATE = "a claimed key is given to somebody else too"
    DELAY = "the doorbell is heard late"
    LOST = "the doorbell is never heard"


Plan = Callable[[str], Fault]
"""Asked with the name of each call."""


def calm(call: str) -> Fault:
    """Nothing goes wrong."""
    return Fault.NONE


@dataclass
class Memory:
    """What several processes share."""

    marks: dict[Key, Mark] = field(default_factory=dict)
    parked: dict[tuple[Key, str], tuple[float, str]] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)


@contextmanager
def troubled(plan: Plan, call: str) -> Iterator[Fault]:
    """Raise before or after the block, as planned; what else goes wrong is the block's to do."""
    fault = plan(call)
    if fault is Fault.ERROR_BEFORE:
        raise StoreError(f"{call}: {fault.value}")
    yield fault
    if fault is Fault.ERROR_AFTER:
        raise StoreError(f"{call}: {fault.value}")


class FaultyMarks:
    """The Marks protocol on a Memory. Keys are claimed when their doorbell was heard, or when who
    claims them names them."""

    def __init__(self, memory: Memory, clock: Callable[[], float], plan: Plan = calm) -> None:
        self._memory = memory
        self._clock = clock
        self._plan = plan
        self._held: set[str] = set()

    def clock(self) -> float:
        return self._clock()

    def mark(self, keys: Collection[Key], seen: Callable[[], None] = unheard) -> None:
        with troubled(self._plan, "mark") as fault:
            for key in keys:
                before = self._memory.marks.get(key, Mark(key))
                after = marked(before, self._clock())
                self._keep(self._rung(after, fault) if wakes(before, after) else after)
            seen()

    def _rung(self, mark: Mark, fault: Fault) -> Mark:
        late = {Fault.DELAY: DELAY_S, Fault.LOST: float("inf")}.get(fault, 0.0)
        return replace(mark, rung=mark.due if not late else self._clock() + late)

    def _keep(self, mark: Mark) -> None:
        self._memory.marks[mark.key] = mark

    def claim(self, limit: int, keys: Collection[Key] | None = None) -> list[Message]:
        with troubled(self._plan, "claim") as fault:
            now = self._clock()
            marks = list(self._memory.marks.values())
            heard = [m for m in marks if (m.rung <= now if keys is None else m.key in keys)]
            free = [mark for mark in heard if mark.free(now)]
            mine = [claimed(mark, uuid.uuid4().hex, now) for mark in free[:limit]]
            for mark in mine:
                self._held.add(mark.token)
                self._keep(replace(mark, lease=now) if fault is Fault.DUPLICATE else mark)
            return [Message(mark.key, mark.attempt, mark.token, mark.first_marked) for mark in mine]

    def due(self, most: int) -> int:
        with troubled(self._plan, "due"):
            now = self._clock()
            free = (m for m in self._memory.marks.values() if m.free(now) and m.rung <= now)
            return min(most, sum(1 for _ in free))

    def begin(self, *messages: Message) -> list[Message]:
        return [message for message in messages if self._begun(message)]

    def _begun(self, message: Message) -> bool:
        with troubled(self._plan, "begin"):
            mark = self._mine(message)
            if mark is not None:
                self._keep(begun(mark, self._clock()))
            return mark is not None

    def secure(self) -> None:
        with troubled(self._plan, "secure"):
            pass

    def done(self, *messages: Message) -> None:
        for message in messages:
            with troubled(self._plan, "done") as fault:
                mark = self._mine(message)
                if mark is not None:
                    self._keep(self._rung(done(mark), fault))

    def retry(self, message: Message, delay_s: float, failed: bool = True) -> bool:
        with troubled(self._plan, "retry") as fault:
            mark = self._mine(message)
            if mark is not None:
                self._keep(self._rung(delayed(mark, self._clock() + delay_s, failed), fault))
            return mark is not None

    def abandon(self, messages: Iterable[Message]) -> None:
        self._held.difference_update(message.token for message in messages)

    def _mine(self, message: Message) -> Mark | None:
        mark = self._memory.marks.get(message.key)
        return mark if mark is not None and mark.token == message.token else None

    def park(self, key: Key, part: str, reason: str) -> None:
        with troubled(self._plan, "park"):
            self._memory.parked[key, part] = (self._clock(), reason)

    def release(self, parts: Collection[tuple[Key, str]]) -> None:
        with troubled(self._plan, "release"):
            for each in parts:
                self._memory.parked.pop(each, None)

    def parked(self, keys: Collection[Key] | None = None) -> list[Parked]:
        with troubled(self._plan, "parked"):
            every = [Parked(k, p, r, s) for (k, p), (s, r) in self._memory.parked.items()]
            found = [parked for parked in every if keys is None or parked.key in keys]
            return sorted(found, key=lambda each: (each.since, text_of(each.key), each.part))

    def waiting(self, keys: Collection[Key]) -> set[Key]:
        with troubled(self._plan, "waiting"):
            return {key for key in keys if self._memory.marks.get(key, Mark(key)).dirty}

    def marked_since(self, keys: Collection[Key], since: float) -> set[Key]:
        with troubled(self._plan, "marked_since"):
            marks = self._memory.marks
            return {key for key in keys if key in marks and marks[key].last_marked >= since}

    def keep_alive(self) -> None:
        with troubled(self._plan, "keep_alive"):
            for mark in list(self._memory.marks.values()):
                if mark.token in self._held:
                    self._keep(replace(mark, lease=self._clock() + LEASE_S))

    def sweep(self) -> None:
        with troubled(self._plan, "sweep"):
            now = self._clock()
            for mark in list(self._memory.marks.values()):
                if mark.free(now):
                    self._keep(replace(mark, rung=now))
                elif not mark.dirty and mark.last_marked < now - MEMORY_S:
                    del self._memory.marks[mark.key]

    def stats(self) -> Stats:
        with troubled(self._plan, "stats"):
            dirty = [mark for mark in self._memory.marks.values() if mark.dirty]
            age = max((self._clock() - mark.first_marked for mark in dirty), default=0.0)
            return Stats(len(dirty), round(age, 3), len({key for key, _ in self._memory.parked}))


def _stored(value: Mapping[str, Any]) -> dict[str, Any]:
    """A value as a store gives it back: what JSON keeps of it, and nobody else's."""
    copied: dict[str, Any] = json.loads(json.dumps(value))
    return copied


class FaultyLedger:
    """The Ledger protocol on a Memory."""

    def __init__(self, memory: Memory, plan: Plan = calm) -> None:
        self._memory = memory
        self._plan = plan

    def get(self, name: str) -> Entry:
        with troubled(self._plan, "get"):
            entry = self._memory.entries.get(name, Entry({}, 0))
            return Entry(_stored(entry.value), entry.version)

    def put_if(self, name: str, value: Mapping[str, Any], version: int) -> bool:
        with troubled(self._plan, "put_if"):
            if self._memory.entries.get(name, Entry({}, 0)).version != version:
                return False
            self._memory.entries[name] = Entry(_stored(value), version + 1)
            return True

    def list(self, prefix: str) -> dict[str, Mapping[str, Any]]:
        with troubled(self._plan, "list"):
            names = sorted(name for name in self._memory.entries if name.startswith(prefix))
            return {name: _stored(self._memory.entries[name].value) for name in names}

    def drop(self, name: str) -> None:
        with troubled(self._plan, "drop"):
            self._memory.entries.pop(name, None)
