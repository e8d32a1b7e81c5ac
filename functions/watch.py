"""Once a minute: ask whether Dataverse lets us in, and tell the alert hook what is new."""

from __future__ import annotations

import logging

from gradesys.app import App
from gradesys.errors import GradesysError
from gradesys.health.vitals import Health, examine, look, measure
from gradesys.health.words import Color
from gradesys.live.handling import log_text

LOG = logging.getLogger(__name__)
GRACE_S = 90.0
"""How long a service may take to read rules and metadata before anybody is told."""


def watch(app: App) -> None:
    """Look, then tell: red is told also where nothing can be remembered."""
    try:
        look(app)
    except GradesysError as error:
        LOG.warning("the connection was not looked at: %s", log_text(error))
    found = examine(app)
    measure(app, found)
    if app.hook is None or (app.age_s < GRACE_S and _is_starting(found)):
        return
    if app.hook.tell(found.reasons, app.now()):
        app.metrics.count("alerts")


def _is_starting(found: Health) -> bool:
    silent = (each.code == "dataverse" and each.color is Color.RED for each in found.reasons)
    return not found.accepting and any(silent)
