"""A Dataverse row changed: mark what it may have made stale, without asking Dataverse about it."""

from __future__ import annotations

from functions.answers import answers, require_key, require_organization
from functions.trigger import Incoming, Reply
from gradesys.app import App
from gradesys.dataverse.events import parse_event
from gradesys.live.early import is_early, keep
from gradesys.live.handling import receive
from gradesys.rules.telling import counted


@answers
def webhook(app: App, incoming: Incoming) -> Reply:
    """Accept an event: 202 once its marks are durable."""
    require_key(app, incoming)
    event = parse_event(incoming.body, incoming.headers)
    require_organization(app, event)
    context = app.at_hand()
    if context is None or is_early(context.rulebook, event.table):
        keys = keep(app.marks, event)
        app.metrics.count("early")
        app.ring()
    else:
        keys = receive(context, event, app.ring)
        for name in counted(context.rulebook, event):
            app.metrics.count(name)
    return Reply(202, {"marked": len(keys)})
