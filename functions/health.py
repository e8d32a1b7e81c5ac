"""Is the service able to do its work, and how much waits?"""

from __future__ import annotations

from functions.answers import answers
from functions.trigger import Incoming, Reply
from gradesys.app import App
from gradesys.vitals import examine


@answers
def health(app: App, incoming: Incoming) -> Reply:
    """200 as long as events are accepted, whatever the colour (docs/decisions/006)."""
    found = examine(app)
    return Reply(200 if found.accepting else 503, found.told() | dict(found.numbers))
