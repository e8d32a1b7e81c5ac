"""Once a minute: forget what needs no memory any more, and try again what rested."""

from __future__ import annotations

from gradesys.app import App
from gradesys.breaker import close_rested


def sweep(app: App) -> None:
    """Tidy the marks, and close breakers that were open long enough."""
    close_rested(app.ledger, app.marks)
    app.marks.sweep()
