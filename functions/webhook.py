"""A Dataverse row changed: mark what it may have made stale, without asking Dataverse about it."""

from __future__ import annotations

from functions.answers import answers, require_key, require_organization
from functions.trigger import Incoming, Reply
from gradesys.app import App
from gradesys.dataverse.events import parse_event
from gradesys.live import receive


@answers
def webhook(app: App, incoming: Incoming) -> Reply:
    """Accept an event: 202 once its marks are durable."""
    require_key(app, incoming)
    event = parse_event(incoming.body, incoming.headers)
    require_organization(app, event)
    context = app.context_for(event.table)
    keys = receive(context, event)
    app.metrics.count("events" if event.table in context.rulebook.watches else "unknown_table")
    app.ring()
    return Reply(202, {"marked": len(keys)})
