"""The bundled packs, deployed: the rules' own steps report what happens, with the key."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from gradesys.dataverse.metadata import load_schema
from gradesys.deploy.actions import pending
from gradesys.deploy.apply import apply
from gradesys.deploy.manifest import Manifest, manifest
from gradesys.deploy.plan import plan
from gradesys.deploy.planned import with_planned
from gradesys.records import Schema
from gradesys.rules.compile import compile_model
from gradesys.rules.rulebook import Rulebook, open_rulebook, tables_named
from gradesys.rules.rulefiles import examine
from gradesys.rules.subscriptions import steps
from tests.deploy.watched import WatchedClient
from tests.emulator.serving import OrgServer

PACKS = Path(__file__).parents[2] / "config" / "packs"
FILES = (PACKS / "customer_grade.yaml", PACKS / "order_priority.yaml")
KEY = "the <first> & only key"


@dataclass(frozen=True, slots=True)
class Heard:
    """One request that reached the service's address."""

    path: str
    key: str | None
    message: str
    table: str
    images: tuple[str, ...]


class Listener(HTTPServer):
    """Stands for the service: accepts everything and remembers it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.heard: list[Heard] = []


class _Handler(BaseHTTPRequestHandler):
    server: Listener

    def do_POST(self) -> None:
        body: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        images = tuple(image["key"] for image in body["PreEntityImages"])
        key = self.headers.get("x-gs-key")
        found = Heard(self.path, key, body["MessageName"], body["PrimaryEntityName"], images)
        self.server.heard.append(found)
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is printed."""


@pytest.fixture
def listener() -> Iterator[Listener]:
    server = Listener()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def opened(client: WatchedClient, base_url: str) -> tuple[Manifest, Rulebook, Schema]:
    """What the command line does: rules are opened against the schema that apply will leave."""
    sources = examine(FILES, None).sources
    models = [source.model for source in sources]
    schema = load_schema(client, tables_named(compile_model(model, None) for model in models))
    columns = manifest(models, (), base_url, KEY, schema)
    rulebook = open_rulebook(sources, with_planned(schema, columns))
    return replace(columns, steps=steps(rulebook)), rulebook, schema


def test_rules_open_on_an_empty_organisation_against_the_planned_columns(
    client: WatchedClient,
) -> None:
    _, rulebook, schema = opened(client, "http://127.0.0.1:1")
    assert "gs_score" not in schema["account"].columns
    assert rulebook.problems == {}
    assert {model.model.id for model in rulebook.models} == {"customer_grade", "order_priority"}


def test_after_apply_the_plan_from_the_real_schema_is_empty(client: WatchedClient) -> None:
    what, _, _ = opened(client, "http://127.0.0.1:1")
    apply(plan(what, client), client, lambda action: None)
    again, _, schema = opened(client, "http://127.0.0.1:1")
    assert "gs_score" in schema["account"].columns
    assert again == what
    assert pending(plan(again, client)) == ()


def test_changes_and_presses_of_the_button_reach_the_service_with_the_key(
    org: OrgServer, client: WatchedClient, listener: Listener
) -> None:
    what, _, _ = opened(client, f"http://127.0.0.1:{listener.server_port}")
    apply(plan(what, client), client, lambda action: None)
    account = org.create("accounts", name="پارس")
    invoice = org.create("invoices", customerid_account__bind=f"/accounts({account})")
    org.send("PATCH", f"invoices({invoice})", {"statecode": 2, "statuscode": 100001})
    org.send("PATCH", f"invoices({invoice})", {"name": "not watched"})
    org.send("PATCH", f"accounts({account})", {"gs_score": 5})
    run = "00000000-0000-4000-8000-000000000001"
    org.send("POST", "gs_Recompute", {"Table": "account", "Ids": "", "RunId": run})
    org.session.post(f"{org.url}/_emulator/settle", timeout=30)
    webhook = ("/api/webhook", KEY)
    assert sorted(
        (heard.path, heard.key, heard.message, heard.table, heard.images)
        for heard in listener.heard
    ) == sorted(
        [
            (*webhook, "Create", "account", ()),
            (*webhook, "Create", "invoice", ()),
            (*webhook, "Update", "invoice", ("gs_pre",)),
            ("/api/recompute", KEY, "gs_Recompute", "none", ()),
        ]
    )
