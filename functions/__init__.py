"""What runs when: one table of triggers, the same on Azure and on one machine.

``function_app`` decorates it, ``gradesys serve`` runs it. A handler turns a request or a tick into
one call of the service; it decides nothing.
"""

from functions.catchup import catchup
from functions.health import health
from functions.recompute import recompute
from functions.resync import resync
from functions.sweep import sweep
from functions.trigger import Http, Queue, Timer, Trigger
from functions.watch import watch
from functions.webhook import webhook
from functions.worker import worker

TRIGGERS: tuple[Trigger, ...] = (
    Http("webhook", "POST", "webhook", webhook),
    Http("recompute", "POST", "recompute", recompute),
    Http("health", "GET", "health", health),
    Queue("worker", "gs-events", worker),
    Timer("resync", 15, resync),
    Timer("sweep", 1, sweep),
    Timer("watch", 1, watch),
    Timer("catchup", 15, catchup),
)

__all__ = ["TRIGGERS", "Http", "Queue", "Timer", "Trigger"]
