"""A recompute was asked for: note the wish; a worker does it and reports in gs_run.

The button's Custom API asks by a webhook with our key; any other program by an access token of
Entra ID that carries our app role.
"""

from __future__ import annotations

import logging

from functions.answers import KEY_HEADER, answers, require_key, require_organization, require_small
from functions.trigger import Incoming, Reply
from gradesys.app import App
from gradesys.button import Press, read_press, read_request, receive_press
from gradesys.dataverse.events import parse_body, parse_event
from gradesys.runrow import TABLE

LOG = logging.getLogger(__name__)


@answers
def recompute(app: App, incoming: Incoming) -> Reply:
    """202 once its run key is durable."""
    if KEY_HEADER in incoming.headers:
        return _accept(app, _from_dataverse(app, incoming))
    press = _from_program(app, incoming)
    place = f"row {press.run} of the table {TABLE} in {app.settings.dataverse_url}"
    return _accept(app, press, progress=place)


def _accept(app: App, press: Press, **told: str) -> Reply:
    receive_press(app, press)
    app.ring()
    return Reply(202, {"run": press.run, **told})


def _from_dataverse(app: App, incoming: Incoming) -> Press:
    require_key(app, incoming)
    event = parse_event(incoming.body, incoming.headers)
    require_organization(app, event)
    return read_press(event)


def _from_program(app: App, incoming: Incoming) -> Press:
    require_small(incoming)
    caller = app.doorman.admit(incoming.headers.get("authorization", ""))
    press = read_request(parse_body(incoming.body))
    LOG.info("application %s asks for run %s", caller, press.run)
    return press
