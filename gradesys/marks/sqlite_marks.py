"""Marks in a sqlite file: the default, for tests, the demo and a service on one machine.

A row is a key; ``gen`` grows with every mark, and a run that began at an older ``gen`` leaves the
key dirty when it ends. Claims are leases that the owner prolongs, so a killed process's keys come
back by themselves.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Collection, Iterable
from itertools import compress

from gradesys.marks import sqlite_cells as cells
from gradesys.marks.protocols import (
    INTERVAL_S,
    LEASE_S,
    MEMORY_S,
    Message,
    Parked,
    Stats,
    text_of,
    unheard,
)
from gradesys.marks.sqlite import Database
from gradesys.records import Key


class SqliteMarks:
    """The Marks protocol on a Database."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock
        self._owner = uuid.uuid4().hex
        self._held: dict[str, str] = {}

    def clock(self) -> float:
        """Seconds, as stored with marks."""
        return self._clock()

    def mark(self, keys: Collection[Key], seen: Callable[[], None] = unheard) -> None:
        """Upsert the keys in one durable transaction."""
        now = self._clock()
        with self._database.transaction(seen=seen) as connection:
            connection.executemany(
                cells.MARK,
                [{**cells.named(key), "now": now, "interval": INTERVAL_S} for key in keys],
            )

    def claim(self, limit: int, keys: Collection[Key] | None = None) -> list[Message]:
        """Lease due keys to this process."""
        if not self.due(1):
            return []
        names = {f"key{place}": text_of(key) for place, key in enumerate(keys or ())}
        among = "" if keys is None else f"AND key IN ({','.join(f':{name}' for name in names)})"
        now = self._clock()
        values = {
            **names,
            "owner": self._owner,
            "token": uuid.uuid4().hex,
            "now": now,
            "until": now + LEASE_S,
            "most": limit,
        }
        with self._database.transaction(lasting=False) as connection:
            rows = connection.execute(cells.CLAIM.format(among=among), values).fetchall()
        self._held.update((row["token"], row["key"]) for row in rows)
        return [cells.message_of(row) for row in rows]

    def due(self, most: int) -> int:
        """Count by the index of dirty keys, no further than asked for."""
        free = "SELECT 1 FROM marks WHERE dirty = 1 AND due <= ? AND lease <= ? LIMIT ?"
        now = self._clock()
        rows = self._database.read(f"SELECT count(*) FROM ({free})", (now, now, most))
        return int(rows[0][0])

    def begin(self, *messages: Message) -> list[Message]:
        """Note which marks these runs answer; while they read, the disk gets it, and the claim with
        it: who comes after a power cut knows that this was tried."""
        now = self._clock()
        with self._database.transaction(lasting=False) as connection:
            values = ((now, text_of(message.key), message.token) for message in messages)
            begun = [connection.execute(cells.BEGIN, each).rowcount == 1 for each in values]
        self._database.hurry()
        return list(compress(messages, begun))

    def secure(self) -> None:
        """Wait for the disk, where it has not got everything yet."""
        self._database.secure()

    def done(self, *messages: Message) -> None:
        """End the runs; a key stays dirty when it was marked meanwhile. If a power cut undoes it,
        they are only run once more."""
        values = [(INTERVAL_S, text_of(message.key), message.token) for message in messages]
        with self._database.transaction(lasting=False) as connection:
            connection.executemany(cells.DONE, values)
        self.abandon(messages)

    def retry(self, message: Message, delay_s: float, failed: bool = True) -> bool:
        """Give the claim back, due later."""
        due = self._clock() + delay_s
        with self._database.transaction() as connection:
            values = (due, not failed, text_of(message.key), message.token)
            mine = connection.execute(cells.RETRY, values).rowcount == 1
        self.abandon([message])
        return mine

    def abandon(self, messages: Iterable[Message]) -> None:
        """Forget that the claims are ours."""
        for message in messages:
            self._held.pop(message.token, None)

    def park(self, key: Key, part: str, reason: str) -> None:
        """Remember why a key (or one model of it) cannot be scored."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO parked VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*cells.cells(key), part, reason, self._clock()),
            )

    def release(self, parts: Collection[tuple[Key, str]]) -> None:
        """Forget parked parts that were scored again."""
        if not self._database.read("SELECT 1 FROM parked LIMIT 1"):
            return
        values = [(text_of(key), part) for key, part in parts]
        with self._database.transaction() as connection:
            connection.executemany("DELETE FROM parked WHERE key = ? AND part = ?", values)

    def parked(self, keys: Collection[Key] | None = None) -> list[Parked]:
        """Everything set aside, oldest first."""
        names = None if keys is None else json.dumps([text_of(key) for key in keys])
        rows = self._database.read(cells.ASIDE, (names, names))
        return [cells.parked_of(row) for row in rows]

    def waiting(self, keys: Collection[Key]) -> set[Key]:
        """Look up which keys are dirty."""
        return self._among(keys, "dirty = ?", 1)

    def marked_since(self, keys: Collection[Key], since: float) -> set[Key]:
        """Look up the last mark of each key."""
        return self._among(keys, "last_marked >= ?", since)

    def _among(self, keys: Collection[Key], condition: str, value: float) -> set[Key]:
        query = f"SELECT 1 FROM marks WHERE key = ? AND {condition}"
        return {key for key in keys if self._database.read(query, (text_of(key), value))}

    def keep_alive(self) -> None:
        """Prolong every claim of this process."""
        until = self._clock() + LEASE_S
        held = [(until, key, token) for token, key in list(self._held.items())]
        if held:
            with self._database.transaction() as connection:
                connection.executemany(
                    "UPDATE marks SET lease = ? WHERE key = ? AND token = ?", held
                )

    def sweep(self) -> None:
        """Drop clean keys that no running resync can ask about."""
        with self._database.transaction() as connection:
            connection.execute(
                "DELETE FROM marks WHERE dirty = 0 AND last_marked < ?",
                (self._clock() - MEMORY_S,),
            )

    def stats(self) -> Stats:
        """Count waiting and parked keys."""
        query = "SELECT count(*), min(first_marked) FROM marks WHERE dirty = 1"
        (dirty, oldest), *_ = self._database.read(query)
        parked = self._database.read("SELECT count(DISTINCT key) FROM parked")[0][0]
        age = 0.0 if oldest is None else max(0.0, round(self._clock() - oldest, 3))
        return Stats(dirty, age, parked)
