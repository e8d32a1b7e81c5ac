"""The facts that several checks look at, each asked for once and only when a check needs it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from gradesys.dataverse.answers import Response
from gradesys.dataverse.auth import token_source
from gradesys.dataverse.client import Client
from gradesys.dataverse.metadata import MetadataCache
from gradesys.dataverse.retry import ClientOptions
from gradesys.deploy.actions import Action
from gradesys.deploy.drift import NO_KEY, NOWHERE, address_of, key_of
from gradesys.deploy.inventory import read_registered
from gradesys.deploy.proposal import Proposal, propose, proposed_actions, with_application
from gradesys.deploy.reading import RowsById
from gradesys.keys import read_rotation
from gradesys.org import credentials_of, read_rules, read_schema
from gradesys.records import Schema
from gradesys.rules.parse import Source
from gradesys.settings import Settings, require_org
from gradesys.work import Work, open_work

IMPATIENT = ClientOptions(parallelism=1, timeout=(10, 30), attempts=2, patience=20)
"""Somebody waits for the answer."""


class Greeting(Struct, frozen=True):
    """The organisation's answer to WhoAmI; ``asked`` and ``answered`` are our clock."""

    response: Response
    asked: datetime
    answered: datetime


class Site:
    """One installation as its settings describe it. Every fact raises what reading it raises."""

    def __init__(
        self, settings: Settings, clock: Callable[[], datetime], base_url: str | None = None
    ) -> None:
        """``base_url`` is the service's own address, where it is to be asked too."""
        self.settings = settings
        self.clock = clock
        self.base_url = base_url

    @cached_property
    def token(self) -> Callable[[], str | None]:
        """Signs in."""
        return token_source(credentials_of(self.settings))

    @cached_property
    def client(self) -> Client:
        """Signed-in requests that give up soon."""
        settings = require_org(self.settings)
        options = replace(IMPATIENT, verify=credentials_of(settings).verify)
        return Client(settings.dataverse_url, self.token, options)

    @cached_property
    def greeting(self) -> Greeting:
        """Who the organisation says we are, and when."""
        asked = self.clock()
        response = self.client.request("GET", "WhoAmI")
        return Greeting(response, asked, self.clock())

    @cached_property
    def sources(self) -> Sequence[Source]:
        """The active rule files."""
        return read_rules(self.settings)

    @cached_property
    def schema(self) -> Schema:
        """The tables that the rules name, as far as the organisation has them."""
        models = [source.model for source in self.sources]
        return read_schema(MetadataCache(self.client), models)

    @cached_property
    def needed(self) -> Proposal:
        """What the rules need; what concerns the registered address and key is left open."""
        return propose(self.sources, self.schema, NOWHERE, NO_KEY)

    @cached_property
    def endpoints(self) -> RowsById:
        """Our service endpoints, as they are registered."""
        return read_registered(self.client)["serviceendpoints"]

    @cached_property
    def address(self) -> str | None:
        """The service's root as it is registered; None where it is not."""
        return address_of(self.endpoints)

    @cached_property
    def key(self) -> str | None:
        """Which of our webhook keys is registered, as far as that can be told; None: no one."""
        return key_of(self.endpoints, self.address or NOWHERE, self.settings.webhook_keys)

    @cached_property
    def successor(self) -> bool:
        """Whether the registered key is the one that a rotation gave to the service."""
        newest = read_rotation(self.work.ledger)[0].newest
        told = [str(row["description"]) for row in self.endpoints.values()]
        return newest is not None and all(text.endswith(f" {newest.mark}") for text in told)

    def _wanted(self, key: str) -> Proposal:
        proposal = propose(self.sources, self.schema, self.address or NOWHERE, key)
        return with_application(proposal, self.settings.client_id)

    @cached_property
    def actions(self) -> Sequence[Action]:
        """What ``deploy apply`` would do, were the registered key the first one."""
        first = next(iter(self.settings.webhook_keys), NO_KEY)
        return proposed_actions(self._wanted(self.key or first), self.client)

    @cached_property
    def work(self) -> Work:
        """The stores of marks and ledger, made where there are none."""
        return open_work(self.settings)

    def close(self) -> None:
        """Give the connections back, where any were made."""
        if "client" in vars(self):
            self.client.close()
