"""Once a minute: forget what needs no memory any more, and find partitions that got lost."""

from __future__ import annotations

from gradesys.app import App
from gradesys.resync import heal


def sweep(app: App) -> None:
    """Tidy the marks, and mark the partitions of running resyncs that nobody waits for."""
    app.marks.sweep()
    if heal(app.context()):
        app.ring()
