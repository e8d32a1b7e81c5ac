"""The one place that maps errors to status codes.

Dataverse repeats a webhook only after 502, 503 and 504, so whatever is worth another try must
answer 503 (reliability section 0).
"""

from __future__ import annotations

import functools
import hmac
import logging
from collections.abc import Callable

from functions.trigger import Incoming, Reply
from gradesys.app import App
from gradesys.button import BadPress
from gradesys.dataverse.events import MalformedEvent
from gradesys.errors import GradesysError, RuleError, SettingsError, StoreError, TemporaryError
from gradesys.records import Event

LOG = logging.getLogger(__name__)
KEY_HEADER = "x-gs-key"


class WrongKey(GradesysError):
    """The request carries no key that is configured."""


class WrongOrganization(GradesysError):
    """The event comes from another organisation than the configured one."""


STATUSES: tuple[tuple[type[GradesysError], int], ...] = (
    (WrongKey, 401),
    (WrongOrganization, 403),
    (MalformedEvent, 400),
    (BadPress, 400),
    (StoreError, 503),
    (TemporaryError, 503),
    (SettingsError, 503),
    (RuleError, 503),
    (GradesysError, 503),
)

Handler = Callable[[App, Incoming], Reply]


def answers(handler: Handler) -> Handler:
    """Turn a handler's typed errors into replies; the text says what, never a stack trace."""

    @functools.wraps(handler)
    def answered(app: App, incoming: Incoming) -> Reply:
        try:
            return handler(app, incoming)
        except GradesysError as error:
            status = next(code for kind, code in STATUSES if isinstance(error, kind))
            LOG.warning("%s answered %d: %s", handler.__name__, status, type(error).__name__)
            return Reply(status, {"error": _public_text(error)})

    return answered


def _public_text(error: GradesysError) -> str:
    """What a caller may read: our own words, not what a store or Dataverse said."""
    told = WrongKey, WrongOrganization, MalformedEvent, BadPress
    return str(error) if isinstance(error, told) else "not now; please repeat"


def require_key(app: App, incoming: Incoming) -> None:
    """Compare with every configured key in constant time; no key configured refuses all."""
    given = incoming.headers.get(KEY_HEADER, "").encode()
    matches = [hmac.compare_digest(given, key.encode()) for key in app.settings.webhook_keys]
    if not any(matches):
        raise WrongKey("the x-gs-key header is missing or wrong")


def require_organization(app: App, event: Event) -> None:
    """Refuse another organisation's events: a misrouting guard, not authentication."""
    if event.organization and event.organization != app.organization():
        raise WrongOrganization("this service belongs to another organisation")
