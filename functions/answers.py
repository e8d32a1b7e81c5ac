"""The one place that maps errors to status codes.

Dataverse repeats a webhook only after 502, 503 and 504, so whatever is worth another try must
answer 503 (reliability section 0).
"""

from __future__ import annotations

import functools
import logging
import traceback
from collections.abc import Callable

from functions.trigger import Incoming, Reply
from gradesys.app import App
from gradesys.bearer import BadToken, MissingRole
from gradesys.button import BadPress
from gradesys.dataverse.events import MalformedEvent, OversizedEvent
from gradesys.errors import GradesysError, RuleError, SettingsError, StoreError, TemporaryError
from gradesys.records import Event

LOG = logging.getLogger(__name__)
KEY_HEADER = "x-gs-key"
NOT_NOW = "not now; please repeat"
HEADERS_LIMIT = 64 * 1024
"""Characters of all headers of a request together; Dataverse sends about a thousand."""


class WrongKey(GradesysError):
    """The request carries no key that is configured."""


class OversizedHeaders(GradesysError):
    """Dataverse cannot have sent headers of this size."""


class WrongOrganization(GradesysError):
    """The event comes from another organisation than the configured one."""


STATUSES: tuple[tuple[type[GradesysError], int], ...] = (
    (WrongKey, 401),
    (BadToken, 401),
    (MissingRole, 403),
    (WrongOrganization, 403),
    (OversizedHeaders, 431),
    (OversizedEvent, 413),
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
            return Reply(status, {"error": _public_text(error)}, _challenge(error))
        except Exception as error:
            # Its text may quote the body, so only the place is logged; a repetition may do better.
            place = "".join(traceback.format_tb(error.__traceback__))
            LOG.error("%s failed: %s\n%s", handler.__name__, type(error).__name__, place)
            return Reply(503, {"error": NOT_NOW})

    return answered


def _public_text(error: GradesysError) -> str:
    """What a caller may read: our own words, not what a store or Dataverse said."""
    told = (WrongKey, BadToken, MissingRole, WrongOrganization, OversizedHeaders, MalformedEvent)
    return str(error) if isinstance(error, (*told, BadPress)) else NOT_NOW


def _challenge(error: GradesysError) -> dict[str, str]:
    """How to ask better (RFC 6750); nothing about a token where none was sent."""
    kinds = {BadToken: "invalid_token", MissingRole: "insufficient_scope"}
    code = kinds.get(type(error))
    if code is None:
        return {}
    given = not isinstance(error, BadToken) or error.given
    told = f' error="{code}", error_description="{error}"' if given else ""
    return {"WWW-Authenticate": f"Bearer{told}"}


def require_small(incoming: Incoming) -> None:
    """Refuse headers of a size that nobody needs."""
    if sum(len(name) + len(value) for name, value in incoming.headers.items()) > HEADERS_LIMIT:
        raise OversizedHeaders("the headers are too large")


def require_key(app: App, incoming: Incoming) -> None:
    """Refuse a request that carries no accepted key; without a configured one that is every one."""
    require_small(incoming)
    if app.keys.owner(incoming.headers.get(KEY_HEADER, "")) is None:
        raise WrongKey("the x-gs-key header is missing or wrong")


def require_organization(app: App, event: Event) -> None:
    """Refuse another organisation's events: a misrouting guard, not authentication, so an event
    that names none is taken and counted."""
    if not event.organization:
        app.metrics.count("no_organization")
    known = app.organization()
    if event.organization and known and event.organization != known:
        raise WrongOrganization("this service belongs to another organisation")
