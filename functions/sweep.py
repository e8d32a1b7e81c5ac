"""Once a minute: forget what needs no memory any more."""

from __future__ import annotations

from gradesys.app import App


def sweep(app: App) -> None:
    """Tidy the marks."""
    app.marks.sweep()
