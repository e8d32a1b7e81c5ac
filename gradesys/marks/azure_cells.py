"""How marks lie in the table ``gsdirty``: names of partitions and rows, and their columns."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import quote

from azure.data.tables import TableEntity

from gradesys.marks.mark import Mark
from gradesys.marks.protocols import Parked, text_of
from gradesys.records import Key, KeyKind

MARKS, SEEN, PARKED = "marks", "seen", "parked"
"""Partitions: one row a key; a log of when keys that are clean now were marked; what is parked."""
ALL = f"PartitionKey eq '{MARKS}'"
WAITING = f"{ALL} and dirty eq true"
FREE = f"{WAITING} and due le @now and lease le @now"
CLAIMED = f"{ALL} and token eq @token"
MARKED = f"{ALL} and last_marked ge @since"
SEEN_SINCE = f"PartitionKey eq '{SEEN}' and RowKey ge @start"
SEEN_BEFORE = f"PartitionKey eq '{SEEN}' and RowKey lt @end"
ASIDE = f"PartitionKey eq '{PARKED}'"
ASIDE_FROM = f"{ASIDE} and RowKey ge @start and RowKey lt @end"
HOLD = 1_000
"""So many claims a process prolongs in time; with as many it takes single keys only."""
SILENCE_S = 120.0
"""A due key whose message is older than this has lost it."""
REST_S = 60.0
"""How long a clean key stays among the marks: longer than the least time between two runs."""
COUNTS = ("gen", "begun", "attempt")
TIMES = ("due", "first_marked", "last_marked", "last_run", "lease", "rung")


def digest(key: Key) -> str:
    """A key as a row key, whatever characters it has."""
    return hashlib.sha256(text_of(key).encode()).hexdigest()


def spelled(name: str) -> str:
    """A name as a row key, where slashes and the like are forbidden; prefixes stay prefixes."""
    return quote(name, safe="").replace("%", "=").replace("~", "=7E")


def moment(seconds: float) -> str:
    """A time as the beginning of a row key: they sort as times do."""
    return f"{int(seconds):012d}"


def named(key: Key) -> dict[str, str]:
    """The columns that say which key a row is about."""
    return {"kind": str(key.kind), "tbl": key.table, "id": key.id, "via": key.via}


def key_of(row: TableEntity) -> Key:
    """The key that a row is about."""
    return Key(KeyKind(row["kind"]), row["tbl"], row["id"], row["via"])


def parked_of(row: TableEntity) -> Parked:
    """A row of what is parked."""
    return Parked(key_of(row), row["part"], row["reason"], float(row["since"]))


def row_of(mark: Mark) -> dict[str, Any]:
    """A mark as a row."""
    names = {"PartitionKey": MARKS, "RowKey": digest(mark.key), **named(mark.key)}
    counts = {name: getattr(mark, name) for name in COUNTS}
    times = {name: float(getattr(mark, name)) for name in TIMES}
    return {**names, **counts, **times, "dirty": mark.dirty, "token": mark.token}


def mark_of(row: TableEntity) -> Mark:
    """A row as a mark; a column that an older version did not write has its first value."""
    counts: dict[str, Any] = {name: int(row.get(name, 0)) for name in COUNTS}
    times: dict[str, Any] = {name: float(row.get(name, 0.0)) for name in TIMES}
    dirty, token = bool(row.get("dirty", True)), str(row.get("token", ""))
    return Mark(key=key_of(row), dirty=dirty, token=token, **counts, **times)
