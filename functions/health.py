"""Is the service able to do its work, and how much waits?"""

from __future__ import annotations

from functions.answers import answers
from functions.trigger import Incoming, Reply
from gradesys.app import App
from gradesys.drift import last_drift, worse


@answers
def health(app: App, incoming: Incoming) -> Reply:
    """200 as soon as events are accepted; the colour tells how well."""
    stats = app.context().marks.stats()
    problems = app.problems()
    drift = last_drift(app.ledger)
    color = "yellow" if stats.parked or problems else "green"
    body = {
        "status": worse(color, drift.color),
        "dirty": stats.dirty,
        "oldest_s": stats.oldest_s,
        "parked": stats.parked,
        "models": [model.model.id for model in app.context().rulebook.models],
        "problems": problems,
        "drift": drift.told(),
        "counts": app.metrics.counts(),
        "times": app.metrics.times(),
        "keys": app.keys.uses(),
    }
    return Reply(200, body)
