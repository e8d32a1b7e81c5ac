"""The quarter-hour tick: start a resync of the models whose local day, or rules, have moved on.

Its partitions are keys among the marks, so that every worker of every instance may take part.
"""

from __future__ import annotations

import logging

from gradesys.app import App
from gradesys.resync import prune, tick

LOG = logging.getLogger(__name__)


def resync(app: App) -> None:
    """Start what is overdue, and nothing else; not during a pause."""
    if app.paused():
        return
    context = app.context()
    run = tick(context)
    if run is not None:
        LOG.info("resync %s of %s begins", run.id, ", ".join(sorted(run.left)))
        app.ring()
    prune(context)
