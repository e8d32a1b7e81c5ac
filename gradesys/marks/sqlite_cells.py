"""How marks lie in the sqlite file: the statements that change them, and rows as our words."""

from __future__ import annotations

import sqlite3

from gradesys.marks.protocols import Message, Parked, text_of
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
UPDATE marks SET lease = 0, owner = NULL, token = NULL, begun = NULL, due = ?,
  attempt = max(1, attempt - ?)
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


def cells(key: Key) -> tuple[str, str, str, str, str]:
    """The columns that say which key a row is about, in the order of the tables."""
    return text_of(key), key.kind, key.table, key.id, key.via


def named(key: Key) -> dict[str, str]:
    """The same by name."""
    return dict(zip(("key", "kind", "tbl", "id", "via"), cells(key), strict=True))


def key_of(row: sqlite3.Row) -> Key:
    """The key that a row is about."""
    return Key(KeyKind(row["kind"]), row["tbl"], row["id"], row["via"])


def message_of(row: sqlite3.Row) -> Message:
    """A row that was claimed."""
    return Message(key_of(row), row["attempt"], row["token"], row["first_marked"])


def parked_of(row: sqlite3.Row) -> Parked:
    """A row of what is parked."""
    return Parked(key_of(row), row["part"], row["reason"], row["since"])
