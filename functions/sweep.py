"""Once a minute: forget what needs no memory, try again what rested, find what got lost."""

from __future__ import annotations

from gradesys.app import App
from gradesys.breaker import close_rested
from gradesys.resync import heal


def sweep(app: App) -> None:
    """Tidy the marks, close breakers that were open long enough, and mark the partitions of running
    resyncs that nobody waits for."""
    close_rested(app.ledger, app.marks)
    app.marks.sweep()
    if heal(app):
        app.ring()
