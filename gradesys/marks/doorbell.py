"""What a queue message says: which key wants a worker. It only rings; the marks are the truth."""

from __future__ import annotations

import json

from gradesys.records import Key, KeyKind

FORMAT = 1
"""Messages without a format are read too: they differ in nothing else."""


def write_ring(key: Key) -> str:
    """The message that names a key."""
    cells = {"kind": key.kind, "table": key.table, "id": key.id, "via": key.via}
    return json.dumps({"format": FORMAT, **cells})


def read_ring(text: str) -> Key | None:
    """The key that a message names; None where it names none that we understand, and any due key
    may be worked on."""
    try:
        cells = json.loads(text)
        if cells.get("format", 0) > FORMAT:
            return None
        names = (cells["table"], cells["id"], cells.get("via", ""))
        named = all(isinstance(name, str) for name in names)
        return Key(KeyKind(cells["kind"]), *names) if named else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
