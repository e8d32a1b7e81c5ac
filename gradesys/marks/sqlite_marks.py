"""Marks in a sqlite file: the default, for tests, the demo and a service on one machine.

A row is a key; ``gen`` grows with every mark, and a run that began at an older ``gen`` leaves the
key dirty when it ends. Claims are leases that the owner prolongs, so a killed process's keys come
back by themselves.
"""

from __future__ import annotations

import json
import sqlite3
import time
import uuid
from collections.abc import Callable, Collection, Iterable
from itertools import compress

from gradesys.marks.protocols import INTERVAL_S, LEASE_S, MEMORY_S, Message, Parked, Stats, text_of
from gradesys.marks.sqlite import Database
from gradesys.records import Key, KeyKind

MARK = """
INSERT INTO marks VALUES
  (:key, :kind, :tbl, :id, :via, 1, NULL, 1, 0, :now, :now, :now, 0, 0, NULL, NULL)
ON CONFLICT (key) DO UPDATE SET gen = gen + 1, last_marked = :now,
  first_marked = CASE WHEN dirty = 1 THEN first_marked ELSE :now END,
  due = min(CASE WHEN dirty = 1 THEN due ELSE 9e99 END, max(:now, last_run + :interval)),
  attempt = CASE WHEN dirty = 1 THEN attempt ELSE 0 END, dirty = 1
"""
CLAIM = """
UPDATE marks SET owner = :owner, token = :token || ':' || key, lease = :until,
  attempt = attempt + 1
WHERE key IN (SELECT key FROM marks WHERE dirty = 1 AND due <= :now AND lease <= :now {among}
              ORDER BY due LIMIT :most)
RETURNING *
"""
BEGIN = "UPDATE marks SET begun = gen, last_run = ? WHERE key = ? AND token = ?"
RETRY = """
UPDATE marks SET lease = 0, owner = NULL, token = NULL, begun = NULL, due = ?
WHERE key = ? AND token = ?
"""
DONE = """
UPDATE marks SET lease = 0, owner = NULL, token = NULL, attempt = 0,
  dirty = gen > coalesce(begun, 0), first_marked = last_marked, due = last_run + ?, begun = NULL
WHERE key = ? AND token = ?
"""
ASIDE = """
SELECT * FROM parked WHERE ? IS NULL OR key IN (SELECT value FROM json_each(?))
ORDER BY since, key, part
"""


def _cells(key: Key) -> tuple[str, str, str, str, str]:
    return text_of(key), key.kind, key.table, key.id, key.via


def _named(key: Key) -> dict[str, str]:
    return dict(zip(("key", "kind", "tbl", "id", "via"), _cells(key), strict=True))


def _key(row: sqlite3.Row) -> Key:
    return Key(KeyKind(row["kind"]), row["tbl"], row["id"], row["via"])


def _message(row: sqlite3.Row) -> Message:
    return Message(_key(row), row["attempt"], row["token"], row["first_marked"])


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

    def mark(self, keys: Collection[Key]) -> None:
        """Upsert the keys in one durable transaction."""
        now = self._clock()
        with self._database.transaction() as connection:
            connection.executemany(
                MARK, [{**_named(key), "now": now, "interval": INTERVAL_S} for key in keys]
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
        with self._database.transaction() as connection:
            rows = connection.execute(CLAIM.format(among=among), values).fetchall()
        self._held.update((row["token"], row["key"]) for row in rows)
        return [_message(row) for row in rows]

    def due(self, most: int) -> int:
        """Count by the index of dirty keys, no further than asked for."""
        free = "SELECT 1 FROM marks WHERE dirty = 1 AND due <= ? AND lease <= ? LIMIT ?"
        now = self._clock()
        rows = self._database.read(f"SELECT count(*) FROM ({free})", (now, now, most))
        return int(rows[0][0])

    def begin(self, *messages: Message) -> list[Message]:
        """Note which marks these runs answer."""
        now = self._clock()
        with self._database.transaction() as connection:
            values = ((now, text_of(message.key), message.token) for message in messages)
            begun = [connection.execute(BEGIN, each).rowcount == 1 for each in values]
        return list(compress(messages, begun))

    def done(self, *messages: Message) -> None:
        """End the runs; a key stays dirty when it was marked meanwhile."""
        values = [(INTERVAL_S, text_of(message.key), message.token) for message in messages]
        with self._database.transaction() as connection:
            connection.executemany(DONE, values)
        self.abandon(messages)

    def retry(self, message: Message, delay_s: float) -> None:
        """Give the claim back, due later."""
        with self._database.transaction() as connection:
            due = self._clock() + delay_s
            connection.execute(RETRY, (due, text_of(message.key), message.token))
        self.abandon([message])

    def abandon(self, messages: Iterable[Message]) -> None:
        """Forget that the claims are ours."""
        for message in messages:
            self._held.pop(message.token, None)

    def park(self, key: Key, part: str, reason: str) -> None:
        """Remember why a key (or one model of it) cannot be scored."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO parked VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*_cells(key), part, reason, self._clock()),
            )

    def release(self, key: Key, parts: Iterable[str]) -> None:
        """Forget parked parts that were scored again."""
        names = list(parts)
        query = f"FROM parked WHERE key = ? AND part IN ({','.join('?' * len(names))})"
        values = (text_of(key), *names)
        if self._database.read(f"SELECT 1 {query}", values):
            with self._database.transaction() as connection:
                connection.execute(f"DELETE {query}", values)

    def parked(self, keys: Collection[Key] | None = None) -> list[Parked]:
        """Everything set aside, oldest first."""
        names = None if keys is None else json.dumps([text_of(key) for key in keys])
        rows = self._database.read(ASIDE, (names, names))
        return [Parked(_key(row), row["part"], row["reason"], row["since"]) for row in rows]

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
