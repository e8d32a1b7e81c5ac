"""The quarter-hour tick: resync the models whose local day, or whose rules, have moved on."""

from __future__ import annotations

import logging

from gradesys.app import App
from gradesys.resync import Tally, Wish, overdue
from gradesys.resync import resync as run_resync

LOG = logging.getLogger(__name__)


def resync(app: App) -> None:
    """Resync what is overdue, and nothing else; not during a pause."""
    if app.paused():
        return
    context = app.context()
    models = overdue(context)
    if models:
        tally = run_resync(context, Wish(models=models), _log)
        LOG.info("resync of %s: %d read, %d written", models, tally.read, tally.written)


def _log(tally: Tally) -> None:
    LOG.debug("resync %s: %d read, %d written", tally.table, tally.read, tally.written)
