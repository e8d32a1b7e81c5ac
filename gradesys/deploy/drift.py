"""Whether an organisation reports to us all that the rules need, asked in passing.

The part of a plan about endpoints, steps and images: a dozen requests, however many columns there
are. Doctor and the service compare in the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from gradesys.dataverse.client import Client
from gradesys.deploy.actions import Action, ActionKind
from gradesys.deploy.inventory import read_registry
from gradesys.deploy.manifest import Endpoint, endpoints_at, manifest
from gradesys.deploy.plan import listening_actions
from gradesys.deploy.reading import RowsById
from gradesys.deploy.registration import endpoint_row
from gradesys.deploy.rowspecs import row_action
from gradesys.keys import mark_of
from gradesys.rules.rulebook import Rulebook
from gradesys.rules.subscriptions import steps

WEBHOOK = "/api/webhook"
NOWHERE = "https://service.invalid"
"""Stands for the service's address where none is known: a plan needs one."""
NO_KEY = "none"
EVENTS_MATTER = frozenset({ActionKind.CREATE, ActionKind.REFUSE, ActionKind.CHANGE})
"""A step that listens to other columns misses events; one too many does no harm."""


class Listening(Struct, frozen=True):
    """How changes reach us. ``address`` is the service's root as it is registered, None where it is
    not; ``trusted``: events come with a key that is accepted; ``actions``: what deploy would do."""

    address: str | None
    trusted: bool
    actions: tuple[Action, ...]


def read_listening(rulebook: Rulebook, client: Client, marks: Sequence[str]) -> Listening:
    """Compare; ``marks`` are those of the accepted keys. Reads only. Raises MissingPrivilege where
    registrations may not be read."""
    wanted = manifest((), steps(rulebook), NOWHERE, NO_KEY)
    registry = read_registry(wanted, client)
    stored = registry.registered["serviceendpoints"]
    address = address_of(stored)
    events, requests = endpoints_at(address or NOWHERE, NO_KEY)
    mark = _stored_mark(events, stored, marks)
    needed = replace(
        wanted,
        events=replace(events, mark=mark or ""),
        requests=replace(requests, mark=_stored_mark(requests, stored, marks) or ""),
    )
    actions = listening_actions(needed, registry)
    # A model that is left out still wants its steps.
    kept = (action for action in actions if action.kind is not ActionKind.REMOVE)
    return Listening(address, mark is not None, tuple(kept) if rulebook.problems else actions)


def address_of(endpoints: RowsById) -> str | None:
    """The service's root as it is registered."""
    urls = (str(row["url"]) for row in endpoints.values())
    return next((url.removesuffix(WEBHOOK) for url in urls if url.endswith(WEBHOOK)), None)


def key_of(endpoints: RowsById, address: str, keys: Sequence[str]) -> str | None:
    """Which of the keys is registered, as far as that can be told."""
    events, _ = endpoints_at(address, NO_KEY)
    mark = _stored_mark(events, endpoints, [mark_of(key) for key in keys])
    return next((key for key in keys if mark_of(key) == mark), None)


def _stored_mark(endpoint: Endpoint, stored: RowsById, marks: Iterable[str]) -> str | None:
    """Which of the marks the registered endpoint has; None too where it differs otherwise."""

    def has(mark: str) -> bool:
        wanted = endpoint_row(replace(endpoint, mark=mark))
        return row_action(wanted, stored.get(wanted.id)).kind is ActionKind.LEAVE

    return next((mark for mark in marks if has(mark)), None)
