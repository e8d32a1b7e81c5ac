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


class SqliteMarks:
    """The Marks protocol on a Database."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock
        self._owner = uuid.uuid4().hex

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
        if not self._due(self._clock()):
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
        return [
            Message(_key(row), row["attempt"], row["token"], row["first_marked"]) for row in rows
        ]

    def _due(self, now: float) -> bool:
        query = "SELECT 1 FROM marks WHERE dirty = 1 AND due <= ? AND lease <= ? LIMIT 1"
        return bool(self._database.read(query, (now, now)))

    def begin(self, message: Message) -> bool:
        """Note which marks this run answers."""
        return self._update(message, "begun = gen, last_run = ?", self._clock()) == 1

    def done(self, message: Message) -> None:
        """End the run; the key stays dirty when it was marked meanwhile."""
        with self._database.transaction() as connection:
            connection.execute(DONE, (INTERVAL_S, text_of(message.key), message.token))

    def retry(self, message: Message, delay_s: float) -> None:
        """Give the claim back, due later."""
        changes = "lease = 0, owner = NULL, token = NULL, begun = NULL, due = ?"
        self._update(message, changes, self._clock() + delay_s)

    def _update(self, message: Message, changes: str, value: float) -> int:
        with self._database.transaction() as connection:
            return connection.execute(
                f"UPDATE marks SET {changes} WHERE key = ? AND token = ?",
                (value, text_of(message.key), message.token),
            ).rowcount

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
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE marks SET lease = ? WHERE owner = ?",
                (self._clock() + LEASE_S, self._owner),
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
