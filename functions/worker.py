"""Keys are waiting: handle one. The queue only rings; the marks are the truth."""

from __future__ import annotations

from gradesys.app import App


def worker(app: App) -> int:
    """Claim and handle one due key; 0 when none is due."""
    return app.work_once()
