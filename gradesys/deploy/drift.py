"""Whether an organisation reports to us all that the rules need, asked in passing.

The part of a plan about endpoints, steps and images: a dozen requests, however many columns there
are. Doctor and the service compare in the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gradesys.dataverse.client import Client
from gradesys.deploy.actions import Action, ActionKind
from gradesys.deploy.inventory import RowsById, read_registry
from gradesys.deploy.manifest import endpoints_at, manifest
from gradesys.deploy.plan import listening_actions
from gradesys.deploy.registration import endpoint_row
from gradesys.deploy.rowspecs import row_action
from gradesys.rules.rulebook import Rulebook
from gradesys.rules.subscriptions import steps

WEBHOOK = "/api/webhook"
NOWHERE = "https://service.invalid"
"""Stands for the service's address where none is known: a plan needs one."""
NO_KEY = "none"
EVENTS_MATTER = frozenset({ActionKind.CREATE, ActionKind.REFUSE, ActionKind.CHANGE})
"""A step that listens to other columns misses events; one too many does no harm."""


@dataclass(frozen=True, slots=True)
class Listening:
    """How changes reach us. ``address`` and ``key`` are what is registered, None where that is not
    ours; ``actions`` is what deploy would do about it."""

    address: str | None
    key: str | None
    actions: tuple[Action, ...]


def read_listening(rulebook: Rulebook, client: Client, keys: Sequence[str]) -> Listening:
    """Compare; reads only. Raises MissingPrivilege where registrations may not be read."""
    wanted = manifest((), steps(rulebook), NOWHERE, NO_KEY)
    registry = read_registry(wanted, client)
    stored = registry.registered["serviceendpoints"]
    address = address_of(stored)
    key = key_of(stored, address or NOWHERE, keys)
    assumed = key or next(iter(keys), NO_KEY)
    needed = manifest((), wanted.steps, address or NOWHERE, assumed)
    actions = listening_actions(needed, registry)
    # A model that is left out still wants its steps.
    kept = (action for action in actions if action.kind is not ActionKind.REMOVE)
    return Listening(address, key, tuple(kept) if rulebook.problems else actions)


def address_of(endpoints: RowsById) -> str | None:
    """The service's root as it is registered."""
    urls = (str(row["url"]) for row in endpoints.values())
    return next((url.removesuffix(WEBHOOK) for url in urls if url.endswith(WEBHOOK)), None)


def key_of(endpoints: RowsById, address: str, keys: Sequence[str]) -> str | None:
    """Which of the keys is registered, as far as that can be told."""

    def registered(key: str) -> bool:
        events, _ = endpoints_at(address, key)
        wanted = endpoint_row(events)
        return row_action(wanted, endpoints.get(wanted.id)).kind is ActionKind.LEAVE

    return next((key for key in keys if registered(key)), None)
