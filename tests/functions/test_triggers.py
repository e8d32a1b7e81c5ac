"""What the webhook, the button and the health page answer, and why."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from functions import TRIGGERS
from functions.health import health
from functions.recompute import recompute
from functions.trigger import Http, Incoming, Queue, Reply, Timer
from functions.webhook import webhook
from functions.worker import worker
from gradesys.app import App
from gradesys.dataverse.client import Client
from gradesys.dataverse.retry import ClientOptions
from gradesys.engine import Context
from gradesys.errors import SettingsError, StoreError, TemporaryError
from gradesys.marks.doorbell import write_ring
from gradesys.records import Key, KeyKind
from gradesys.settings import Settings
from tests.engine.world import MemoryOrg, context_of, small_org, target
from tests.functions.listed import azure_functions

ORG = "4b5c6d7e-0000-4000-8000-00000000c001"
A1 = "a1000000-0000-4000-8000-000000000001"
I1 = "11000000-0000-4000-8000-000000000001"
REFERENCE = "EntityReference:http://schemas.microsoft.com/xrm/2011/Contracts"


class MemoryApp(App):
    """The service over an org in memory; ``trouble`` is raised instead of loading."""

    def __init__(self, folder: Path, org: MemoryOrg, keys: tuple[str, ...] = ("k1", "k2")) -> None:
        super().__init__(Settings(work=folder / "work.sqlite", webhook_keys=keys))
        self.trouble: Exception | None = None
        self._context = context_of(org, folder)
        self.connection = Client("http://127.0.0.1:1", lambda: None, ClientOptions(attempts=1))

    def context(self) -> Context:
        if self.trouble is not None:
            raise self.trouble
        return self._context

    def at_hand(self) -> Context | None:
        return self.context()

    def client(self) -> Client:
        return self.connection

    def organization(self) -> str:
        return ORG


@pytest.fixture
def app(tmp_path: Path) -> MemoryApp:
    return MemoryApp(tmp_path, small_org())


def event_of(table: str, customer: str | None = A1, organization: str = ORG) -> dict[str, Any]:
    """An Update event of a row of this table, owned by a customer."""
    reference: dict[str, Any] = {"__type": REFERENCE, "Id": customer, "LogicalName": "account"}
    attributes = [{"key": "totalamount", "value": {"__type": "Money:x", "Value": 12.5}}]
    image = {"Attributes": [{"key": "customerid", "value": reference}], "Id": I1}
    return {
        "MessageName": "Update",
        "PrimaryEntityName": table,
        "PrimaryEntityId": I1,
        "OrganizationId": organization,
        "InputParameters": [
            {"key": "Target", "value": {"Attributes": attributes, "Id": I1, "LogicalName": table}}
        ],
        "PreEntityImages": [{"key": "gs_pre", "value": image | {"LogicalName": table}}],
        "PostEntityImages": [],
    }


def posted(app: App, body: Any, key: str = "k1") -> Reply:
    """The webhook's reply to a body, sent with this key."""
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    return webhook(app, Incoming({"x-gs-key": key}, text))


def test_an_event_is_accepted_once_its_mark_is_durable(app: MemoryApp) -> None:
    reply = posted(app, event_of("invoice"))
    assert (reply.status, reply.body) == (202, {"marked": 1})
    assert app.context().marks.waiting([target(A1)]) == {target(A1)}


@pytest.mark.parametrize("key", ["k1", "k2"])
def test_two_keys_are_valid_at_once(app: MemoryApp, key: str) -> None:
    assert posted(app, event_of("invoice"), key).status == 202


@pytest.mark.parametrize("key", ["", "k", "k11", "K1", "ключ"])
def test_any_other_key_is_refused(app: MemoryApp, key: str) -> None:
    assert posted(app, event_of("invoice"), key).status == 401


def test_without_configured_keys_everything_is_refused(tmp_path: Path) -> None:
    app = MemoryApp(tmp_path, small_org(), keys=())
    assert posted(app, event_of("invoice"), "").status == 401


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b'{"MessageName": NaN}',
        b"[" * 100_000,
        b'{"MessageName": "Update", "PrimaryEntityName": "invoice", "PrimaryEntityId": "no guid"}',
    ],
)
def test_fault_13_a_malformed_body_is_refused(app: MemoryApp, body: bytes) -> None:
    assert posted(app, body).status == 400


def test_fault_15_an_unknown_table_is_accepted_and_counted(app: MemoryApp) -> None:
    assert posted(app, event_of("lead")).status == 202
    assert app.metrics.counts() == {"unknown_table": 1}
    assert app.context().marks.stats().dirty == 0


def test_another_organisation_is_refused(app: MemoryApp) -> None:
    assert posted(app, event_of("invoice", organization=A1)).status == 403


@pytest.mark.parametrize("trouble", [StoreError("disk full"), TemporaryError("no answer")])
def test_fault_23_what_cannot_be_marked_now_earns_dataverses_one_retry(
    app: MemoryApp, trouble: Exception
) -> None:
    app.trouble = trouble
    reply = posted(app, event_of("invoice"))
    assert (reply.status, reply.body) == (503, {"error": "not now; please repeat"})


def press_of(parameters: Mapping[str, str]) -> dict[str, Any]:
    """A gs_Recompute event."""
    given = [{"key": name, "value": value} for name, value in parameters.items()]
    return {
        "MessageName": "gs_Recompute",
        "OrganizationId": ORG,
        "InputParameters": given,
        "PrimaryEntityName": "none",
        "PrimaryEntityId": "00000000-0000-0000-0000-000000000000",
    }


def test_a_press_is_accepted_and_marked(app: MemoryApp) -> None:
    body = press_of({"Table": "account", "Ids": f'["{A1}"]', "RunId": I1})
    reply = recompute(app, Incoming({"x-gs-key": "k1"}, json.dumps(body).encode()))
    key = Key(KeyKind.RUN, "account", I1)
    assert (reply.status, app.context().marks.waiting([key])) == (202, {key})


def test_a_press_without_sense_is_refused(app: MemoryApp) -> None:
    body = press_of({"Table": "account", "Ids": "x", "RunId": I1})
    reply = recompute(app, Incoming({"x-gs-key": "k1"}, json.dumps(body).encode()))
    assert reply.status == 400


A2 = "a1000000-0000-4000-8000-000000000002"


@pytest.mark.parametrize("message", [write_ring(target(A2)), '{"kind": "target"}', ""])
def test_a_message_is_for_the_key_that_it_names_or_for_any(app: MemoryApp, message: str) -> None:
    app.marks.mark([target(A1)])
    app.marks.mark([target(A2)])
    assert worker(app, message) == 1
    handled = target(A2) if A2 in message else target(A1)
    assert app.marks.waiting([target(A1), target(A2)]) == {target(A1), target(A2)} - {handled}


def test_a_message_that_comes_twice_finds_nothing_to_do(app: MemoryApp) -> None:
    app.marks.mark([target(A1)])
    ring = write_ring(target(A1))
    assert [worker(app, ring), worker(app, ring)] == [1, 0]


def test_a_storage_account_is_not_asked_before_it_is_needed_nor_without_a_sign_in() -> None:
    app = App(Settings(storage="contosograde", auth="none"))
    with pytest.raises(SettingsError, match="this machine only"):
        app.marks.mark([target(A1)])


def test_health_is_green_before_anything_ran_and_yellow_with_something_parked(
    app: MemoryApp,
) -> None:
    request = Incoming({}, b"")
    assert health(app, request).body["status"] == "green"
    app.context().marks.park(target(), "", "refused")
    assert health(app, request).body["status"] == "yellow"


def test_no_refusal_logs_the_key_or_the_body(
    app: MemoryApp, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        posted(app, event_of("invoice"), "canary-key")
        posted(app, b'{"canary-body": ')
    assert "canary" not in caplog.text


def test_the_trigger_table_is_what_azure_lists() -> None:
    assert azure_functions().keys() == {trigger.name for trigger in TRIGGERS}
    kinds = {type(trigger) for trigger in TRIGGERS}
    assert kinds == {Http, Queue, Timer}
