"""The emulator in this process: the real client speaks to it without a socket or a thread.

Requests go from the client's HTTP session straight into the emulator's Web API, and what its
registered steps would post is kept in a mailbox, for a test to deliver, double, delay or drop.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from emulator.changes import Change
from emulator.customization.custom_apis import call_custom_api, guard_custom_api
from emulator.customization.routes import ACTIONS, write_definition
from emulator.customization.solutions import guard_components
from emulator.organization import Organization
from emulator.server import open_organization
from emulator.stats import Stats
from emulator.webapi.actions import ROW_ACTIONS
from emulator.webapi.batch import answer_any
from emulator.webapi.calls import Call, Headers
from emulator.webapi.dispatch import Api
from emulator.webhooks.body import Job, build_context
from emulator.webhooks.events import ORIGIN
from emulator.webhooks.guards import guard_registration
from emulator.webhooks.registry import REGISTRATION, load_steps
from emulator.webhooks.request import Post, build_post
from emulator.webhooks.schema import OrganizationSchema
from emulator.webhooks.steps import matching
from gradesys.dataverse.client import Client
from gradesys.dataverse.metadata import MetadataCache
from gradesys.dataverse.retry import ClientOptions
from gradesys.dataverse.transport import Transport
from gradesys.deploy.apply import apply
from gradesys.deploy.proposal import propose, proposed_actions
from gradesys.org import Org, open_org, read_schema
from gradesys.rules.document import load_document
from gradesys.rules.parse import Source, parse_model
from tests.clock import Clock
from tests.mocked import Bridge

ROOT = "http://127.0.0.1"
PREFIX = "/api/data/v9.2/"
KEY = "first-key"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A request that fails with a status, or without an answer (0); ``after``: it was done."""

    status: int
    after: bool = False
    code: str = ""
    retry_after: float | None = None


class Adapter(BaseAdapter):
    """Hands a request to the emulator. ``before`` is called ahead of it and may make it fail."""

    def __init__(self, emulated: Emulated, before: Callable[[], Refusal | None]) -> None:
        super().__init__()
        self._emulated = emulated
        self._before = before

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        refusal = self._before()
        if refusal is not None and not refusal.after:
            return _refused(request, refusal)
        answer = self._emulated.answer(request)
        return answer if refusal is None else _refused(request, refusal)

    def close(self) -> None:
        """There is nothing to close."""


@dataclass
class Emulated:
    """An organisation with everything deployed that some rules need, at a time of its own."""

    now: datetime
    clock: Clock = field(default_factory=Clock)
    mail: deque[Job] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self.org = open_organization(Organization(None, clock=lambda: self.now))
        self.org.guards += [guard_registration, guard_custom_api, guard_components]
        self.org.listeners.append(self._hear)
        self._api = Api(Stats(), {**ACTIONS, **ROW_ACTIONS}, write_definition, call_custom_api)
        self._steps = load_steps(self.org)
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.mount(ROOT, Adapter(self, lambda: None))

    def _hear(self, change: Change) -> None:
        if change.table in REGISTRATION:
            self._steps = load_steps(self.org)
        for step in matching(self._steps, change):
            self.mail.append(
                Job(str(uuid4()), str(uuid4()), self.now.astimezone(UTC), change, step)
            )

    def post(self, job: Job) -> Post:
        """What a step posts."""
        context = build_context(job, ORIGIN, OrganizationSchema(self.org))
        return build_post(job.step.endpoint, "127.0.0.1", context)

    def answer(self, request: requests.PreparedRequest) -> requests.Response:
        """The Web API's answer."""
        parts = urlsplit(str(request.url))
        body = request.body or b""
        call = Call(
            org=self.org,
            method=str(request.method),
            path=unquote(parts.path).removeprefix(PREFIX),
            query=parts.query,
            headers=Headers(request.headers),
            body=body if isinstance(body, bytes) else body.encode(),
            root=ROOT + PREFIX,
        )
        answer = answer_any(self._api, call)
        return _response(request, answer.status, answer.encoded(), answer.headers)

    def user(self, method: str, path: str, body: Any = None) -> requests.Response:
        """A request of a CRM user, which must be accepted."""
        answer = self.session.request(method, f"{ROOT}{PREFIX}{path}", json=body, timeout=30)
        assert answer.status_code == 204, f"{method} {path}: {answer.text}"
        return answer

    def client(self, before: Callable[[], Refusal | None] = lambda: None) -> Client:
        """A client as a process of its own has one; it waits on the clock of the test."""
        options = ClientOptions(1, attempts=2, sleep=self.clock.forward, clock=self.clock)
        transport = Transport(options, lambda origin, **_: Bridge(origin, Adapter(self, before)))
        return Client(ROOT, lambda: None, options, transport=transport)

    def deploy(self, *texts: str) -> Org:
        """Make everything that the rules need; the rules, opened against it."""
        client, sources = self.client(), sources_of(texts)
        schema = read_schema(MetadataCache(client), [source.model for source in sources])
        apply(
            proposed_actions(propose(sources, schema, "http://127.0.0.1:1", KEY), client),
            client,
            lambda action: None,
        )
        return open_org(client, MetadataCache(client), sources)

    def empty(self, *tables: str) -> None:
        """Begin anew: no rows, no mail."""
        with self.org.transaction() as tx:
            for table in tables:
                tx.connection.execute(f'DELETE FROM "{table}"')
        self.mail.clear()


def sources_of(texts: Sequence[str]) -> list[Source]:
    """Rule files, parsed."""
    documents = [load_document(text, "test.yaml") for text in texts]
    return [Source(parse_model(document, {}), document) for document in documents]


def _refused(request: requests.PreparedRequest, refusal: Refusal) -> requests.Response:
    if not refusal.status:
        raise requests.ReadTimeout(request=request)
    body = {"error": {"code": refusal.code, "message": "not now"}}
    headers = {"Content-Type": "application/json"}
    if refusal.retry_after is not None:
        headers["Retry-After"] = str(refusal.retry_after)
    return _response(request, refusal.status, json.dumps(body).encode(), headers)


def _response(
    request: requests.PreparedRequest, status: int, body: bytes, headers: Any
) -> requests.Response:
    response = requests.Response()
    response.status_code, response.request, response.url = status, request, str(request.url)
    response.headers = CaseInsensitiveDict(headers)
    response._content = body
    return response
