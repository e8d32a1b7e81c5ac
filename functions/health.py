"""Is the service able to do its work, and how much waits?"""

from __future__ import annotations

from functions.answers import answers
from functions.trigger import Incoming, Reply
from gradesys.app import App
from gradesys.health.vitals import examine


@answers
def health(app: App, incoming: Incoming) -> Reply:
    """200 once rules are loaded, whatever the colour, while marks can be written (decision 006)."""
    found = examine(app)
    return Reply(200 if found.accepting else 503, found.told() | dict(found.numbers))
