"""The Recompute button was pressed: note the wish; a worker does it and reports in gs_run."""

from __future__ import annotations

from functions.answers import answers, require_key, require_organization
from functions.trigger import Incoming, Reply
from gradesys.app import App
from gradesys.button import read_press, receive_press
from gradesys.dataverse.events import parse_event


@answers
def recompute(app: App, incoming: Incoming) -> Reply:
    """Accept a gs_Recompute event: 202 once its run key is durable."""
    require_key(app, incoming)
    event = parse_event(incoming.body, incoming.headers)
    require_organization(app, event)
    press = read_press(event)
    receive_press(app, press)
    app.ring()
    return Reply(202, {"run": press.run})
