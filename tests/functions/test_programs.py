"""Programs ask for a recompute with a bearer token: what they may say, and what they hear."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import azure.functions as func
import msal
import pytest

import function_app
from emulator.entrance import Access
from emulator.tokens import Issuer
from emulator.users import Application
from functions import TRIGGERS
from functions.recompute import recompute
from functions.trigger import Incoming, Reply
from gradesys.bearer import ROLE, open_doorman
from gradesys.dataverse.events import SIZE_LIMIT
from gradesys.errors import TemporaryError
from gradesys.host import web
from gradesys.records import Key, KeyKind
from gradesys.settings import Settings
from tests.bearer.issuing import (
    AUDIENCE,
    CALLER,
    TENANT,
    Publishing,
    claims_of,
    doorman,
    signed,
)
from tests.canary import note
from tests.clock import Clock
from tests.emulator.limits.conftest import certificates, start_guarded
from tests.emulator.serving import Certificates, OrgServer
from tests.engine.world import small_org
from tests.functions.listed import azure_functions
from tests.functions.test_triggers import A1, A2, I1, MemoryApp, press_of

__all__ = ["certificates", "start_guarded"]

SECRET = "a secret of the test"
API = f"api://{AUDIENCE}"
STRANGER = "a0000000-0000-4000-8000-00000000000f"


@pytest.fixture
def app(tmp_path: Path) -> MemoryApp:
    app = MemoryApp(tmp_path, small_org())
    app.doorman = doorman(Clock())
    return app


def bearer(**claims: Any) -> dict[str, str]:
    return {"authorization": f"Bearer {signed(claims_of(Clock(), **claims))}"}


def asked(app: MemoryApp, body: Any, headers: dict[str, str] | None = None) -> Reply:
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    return recompute(app, Incoming(bearer() if headers is None else headers, text))


@pytest.mark.parametrize(
    ("body", "ids"),
    [
        ({"table": "account", "ids": [A1, A2], "run": I1}, [A1, A2]),
        ({"table": "account", "ids": [A1.upper()], "run": I1.upper()}, [A1]),
        ({"table": "account", "run": I1}, None),
        ({"table": "account", "ids": None, "run": I1}, None),
    ],
)
def test_a_program_that_may_starts_a_run_and_hears_where_to_look(
    app: MemoryApp, body: dict[str, Any], ids: list[str] | None
) -> None:
    reply = asked(app, body)
    assert (reply.status, reply.body["run"]) == (202, I1)
    assert f"row {I1} of the table gs_run" in reply.body["progress"]
    key = Key(KeyKind.RUN, "account", I1)
    assert app.context().marks.waiting([key]) == {key}
    assert app.ledger.get(f"press/{I1}").value == {"table": "account", "ids": ids}


def test_without_a_run_of_its_own_each_request_is_a_run(app: MemoryApp) -> None:
    runs = {asked(app, {"table": "account", "ids": [A1]}).body["run"] for _ in range(3)}
    assert len(runs) == 3
    assert app.context().marks.stats().dirty == 3


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"not json", 400),
        (b"[]", 400),
        ({}, 400),
        ({"ids": [A1]}, 400),
        ({"table": "Account; drop"}, 400),
        ({"table": ["account"]}, 400),
        ({"table": "account", "ids": []}, 400),
        ({"table": "account", "ids": A1}, 400),
        ({"table": "account", "ids": {A1: 1}}, 400),
        ({"table": "account", "ids": [1]}, 400),
        ({"table": "account", "ids": [A1] * 5_001}, 400),
        ({"table": "account", "run": "mine"}, 400),
        ({"table": "account", "RunId": I1}, 400),
        ({"table": "account", "score": 100}, 400),
        (press_of({"Table": "account", "RunId": I1}), 400),
        (b" " * (SIZE_LIMIT + 1), 413),
    ],
)
def test_a_body_without_sense_is_refused_and_marks_nothing(
    app: MemoryApp, body: Any, status: int
) -> None:
    assert asked(app, body).status == status
    assert app.context().marks.stats().dirty == 0


BODY = {"table": "account", "ids": [A1], "run": I1}


@pytest.mark.parametrize(
    ("headers", "status", "challenge"),
    [
        ({}, 401, "Bearer"),
        ({"authorization": "Basic eDp5"}, 401, "Bearer"),
        ({"authorization": "Bearer x"}, 401, 'Bearer error="invalid_token", error_description="'),
        (bearer(exp=0), 401, 'Bearer error="invalid_token", error_description="the token has exp'),
        (bearer(roles=None), 403, f'Bearer error="insufficient_scope", error_description="the token'
         f" lacks the app role {ROLE}"),
        ({"x-gs-key": "wrong"}, 401, ""),
        ({"x-gs-key": "wrong", **bearer()}, 401, ""),
        ({"x-filler": "x" * 70_000, **bearer()}, 431, ""),
    ],
)  # fmt: skip
def test_whoever_may_not_hears_why_and_how_to_ask_better(
    app: MemoryApp, headers: dict[str, str], status: int, challenge: str
) -> None:
    reply = asked(app, BODY, headers)
    assert reply.status == status and reply.body["error"]
    assert reply.headers.get("WWW-Authenticate", "").startswith(challenge)
    assert bool(reply.headers) == bool(challenge)
    assert app.context().marks.stats().dirty == 0


def test_the_key_of_the_webhook_opens_to_an_event_only(app: MemoryApp) -> None:
    assert asked(app, BODY, {"x-gs-key": "k1"}).status == 400


def test_an_authority_that_does_not_answer_is_not_the_callers_fault(app: MemoryApp) -> None:
    app.doorman = doorman(Clock(), Publishing(trouble=TemporaryError("login.example is away")))
    reply = asked(app, BODY)
    assert (reply.status, reply.body) == (503, {"error": "not now; please repeat"})


def test_no_answer_and_no_log_tells_a_token(
    app: MemoryApp, caplog: pytest.LogCaptureFixture
) -> None:
    tokens = [bearer(), bearer(exp=0), bearer(roles=None), bearer(aud="other")]
    with caplog.at_level(logging.DEBUG):
        told = [str(asked(app, BODY, headers)) for headers in tokens]
    for headers in tokens:
        for part in headers["authorization"].removeprefix("Bearer ").split("."):
            assert part not in caplog.text + "".join(told)
    assert f"application {CALLER} asks for run {I1}" in caplog.text


def on_this_machine(app: MemoryApp, headers: dict[str, str]) -> tuple[int, str]:
    said: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": json.dumps(BODY).encode()}

    async def send(message: Any) -> None:
        said.append(message)

    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "POST", "path": "/api/recompute", "headers": pairs}
    asyncio.run(web(TRIGGERS, app)(scope | {"query_string": b"", "root_path": ""}, receive, send))
    return said[0]["status"], dict(said[0]["headers"]).get(b"www-authenticate", b"").decode()


def on_azure(app: MemoryApp, headers: dict[str, str]) -> tuple[int, str]:
    body = json.dumps(BODY).encode()
    sent = {name.title(): value for name, value in headers.items()}
    request = func.HttpRequest("POST", "/api/recompute", headers=sent, body=body)
    with patch.object(function_app, "service", app):
        answer = azure_functions()["recompute"](request)
    return answer.status_code, str(answer.headers.get("WWW-Authenticate", ""))


@pytest.mark.parametrize("host", [on_this_machine, on_azure])
def test_both_hosts_pass_token_and_challenge_on(
    app: MemoryApp, host: Callable[[MemoryApp, dict[str, str]], tuple[int, str]]
) -> None:
    assert host(app, bearer()) == (202, "")
    assert host(app, {}) == (401, "Bearer")


@pytest.fixture(scope="module")
def authority(
    start_guarded: Callable[..., OrgServer], certificates: Certificates
) -> tuple[OrgServer, Settings]:
    """An emulated tenant behind TLS, and the settings of a service that trusts it."""
    applications = [
        Application(CALLER, SECRET, approles={API: (ROLE,)}),
        Application(STRANGER, SECRET),
    ]
    server = start_guarded(Access(issuer=Issuer(applications)), certificates)
    settings = Settings(
        tenant_id=TENANT,
        api_audience=AUDIENCE,
        authority=server.url,
        authority_ca=str(certificates.authority),
    )
    return server, settings


@pytest.mark.parametrize(
    ("application", "scope", "status"),
    [(CALLER, API, 202), (STRANGER, API, 403), (CALLER, "https://other.example", 401)],
)
def test_msal_gets_a_token_of_the_tenant_and_the_service_checks_it_by_discovery(
    app: MemoryApp,
    authority: tuple[OrgServer, Settings],
    application: str,
    scope: str,
    status: int,
) -> None:
    server, settings = authority
    app.doorman = open_doorman(settings)
    client = msal.ConfidentialClientApplication(
        application,
        authority=f"{server.url}/{TENANT}",
        client_credential=SECRET,
        instance_discovery=False,
        http_client=server.session,
    )
    token = client.acquire_token_for_client([f"{scope}/.default"])["access_token"]
    note("token", token)
    assert asked(app, BODY, {"authorization": f"Bearer {token}"}).status == status


def test_an_authority_whose_certificate_nobody_signed_is_not_asked(
    app: MemoryApp, authority: tuple[OrgServer, Settings]
) -> None:
    server, _ = authority
    app.doorman = open_doorman(Settings(
        tenant_id=TENANT, api_audience=AUDIENCE, authority=server.url,
    ))  # fmt: skip
    assert asked(app, BODY).status == 503
