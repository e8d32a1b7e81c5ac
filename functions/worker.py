"""Keys are waiting: handle one. The queue only rings; the marks are the truth."""

from __future__ import annotations

from gradesys.app import App
from gradesys.heartbeat import kept_alive
from gradesys.marks.doorbell import read_ring


def worker(app: App, message: str) -> int:
    """Claim and handle the key that a message names, or any due one; 0 when it is not due."""
    if not message:
        return app.work_once()
    key = read_ring(message)
    with kept_alive(app.marks):
        return app.work_once(None if key is None else frozenset({key}))
