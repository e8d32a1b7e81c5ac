"""Every quarter of an hour: find the changes that no event told of, and who stopped telling."""

from __future__ import annotations

import logging

from gradesys.app import App
from gradesys.catchup.rounds import go_round

LOG = logging.getLogger(__name__)


def catchup(app: App) -> None:
    """Mark what was missed; say what cannot be known."""
    found = go_round(app)
    LOG.info("catch-up: %d marked, %d failed posts", found.marked, found.failures.jobs)
    if found.lost:
        LOG.error("changes of %s were lost sight of: resync demanded", ", ".join(found.lost))
    if found.refused:
        LOG.warning("catch-up without %s: gradesys catchup says why", ", ".join(found.refused))
