"""Once a minute: ask whether Dataverse lets us in, and tell the alert hook what is new."""

from __future__ import annotations

import logging

from gradesys.app import App
from gradesys.errors import GradesysError
from gradesys.live import log_text
from gradesys.vitals import examine, look

LOG = logging.getLogger(__name__)


def watch(app: App) -> None:
    """Look, then tell: red is told also where nothing can be remembered."""
    try:
        look(app)
    except GradesysError as error:
        LOG.warning("the connection was not looked at: %s", log_text(error))
    if app.hook is not None and app.hook.tell(examine(app).reasons, app.now()):
        app.metrics.count("alerts")
