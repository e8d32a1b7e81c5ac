"""Signing in as the machine that Azure gave us."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import responses
from msgspec.structs import replace
from requests import PreparedRequest

from gradesys.dataverse.auth import Credentials, renew, token_source
from gradesys.errors import SettingsError, TemporaryError

FUNCTIONS = "http://127.0.0.1:41234/msi/token"
MACHINE = "http://169.254.169.254/metadata/identity/oauth2/token"
SYSTEM = Credentials("managed_identity", "https://org.example/")
USER = replace(SYSTEM, client_id="user-id")
ENVIRONMENTS = {
    FUNCTIONS: {"IDENTITY_ENDPOINT": FUNCTIONS, "IDENTITY_HEADER": "knock"},
    MACHINE: {},
}
SOURCES = (
    "IDENTITY_ENDPOINT", "IDENTITY_HEADER", "IDENTITY_SERVER_THUMBPRINT", "IMDS_ENDPOINT",
    "MSI_ENDPOINT", "MSI_SECRET", "AZURE_POD_IDENTITY_AUTHORITY_HOST",
)  # fmt: skip


@pytest.fixture(params=ENVIRONMENTS)
def endpoint(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Azure Functions or a virtual machine, and nothing of where the test itself runs."""
    for name in SOURCES:
        monkeypatch.delenv(name, raising=False)
    for name, value in ENVIRONMENTS[request.param].items():
        monkeypatch.setenv(name, value)
    yield str(request.param)


def identities(mock: responses.RequestsMock, endpoint: str) -> list[PreparedRequest]:
    """The identity service with numbered tokens; what it was asked."""
    asked: list[PreparedRequest] = []

    def token(request: PreparedRequest) -> tuple[int, dict[str, str], str]:
        asked.append(request)
        ends = {"expires_in": "3600", "expires_on": str(int(time.time()) + 3600)}
        answer = {"access_token": f"token-{len(asked)}", "token_type": "Bearer", **ends}
        return 200, {}, json.dumps(answer)

    mock.add_callback("GET", endpoint, callback=token)
    return asked


@pytest.mark.parametrize(
    ("credentials", "named"), [(SYSTEM, None), (USER, ["user-id"])], ids=["system", "user"]
)
def test_the_identity_service_is_asked_once_for_the_organisations_root(
    mock: responses.RequestsMock, endpoint: str, credentials: Credentials, named: list[str] | None
) -> None:
    asked = identities(mock, endpoint)
    token = token_source(credentials)
    assert [token(), token()] == ["token-1", "token-1"]
    (request,) = asked
    query = parse_qs(urlsplit(str(request.url)).query)
    assert query["resource"] == ["https://org.example"]
    assert query.get("client_id") == named
    assert request.headers["Metadata"] == "true"
    assert request.headers.get("X-IDENTITY-HEADER") == ("knock" if endpoint == FUNCTIONS else None)


def test_a_refused_token_is_asked_for_anew(mock: responses.RequestsMock, endpoint: str) -> None:
    identities(mock, endpoint)
    token = token_source(SYSTEM)
    assert token() == "token-1"
    renew(token)
    assert token() == "token-2"


@pytest.mark.parametrize(
    ("broken", "kind", "told"),
    [
        ({"body": requests.exceptions.ConnectTimeout()}, TemporaryError, "ConnectTimeout"),
        ({"status": 410, "json": {}}, TemporaryError, "busy: 410"),
        ({"status": 429, "json": {"error": "too_many"}}, TemporaryError, "busy: 429"),
        ({"status": 503, "body": "<html>"}, TemporaryError, "busy: 503"),
        ({"status": 200, "body": "<html>"}, TemporaryError, "not JSON"),
        ({"status": 400, "json": {"statusCode": 400, "message": "no"}}, SettingsError, "refused"),
        (
            {"status": 400, "json": {"error": "invalid_request", "error_description": "unknown"}},
            SettingsError,
            "refused",
        ),
    ],
)
def test_no_token_is_told_apart_from_not_now(
    mock: responses.RequestsMock,
    endpoint: str,
    broken: dict[str, Any],
    kind: type[Exception],
    told: str,
) -> None:
    mock.add("GET", endpoint, **broken)
    with pytest.raises(kind, match=told):
        token_source(SYSTEM)()


def test_no_proxy_comes_between_us_and_the_identity_service(
    mock: responses.RequestsMock, endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    identities(mock, endpoint)
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:3128")
    seen: list[tuple[dict[str, str], object]] = []
    send = requests.Session.send

    def spy(self: requests.Session, request: PreparedRequest, **options: Any) -> requests.Response:
        seen.append((dict(options["proxies"]), options["timeout"]))
        return send(self, request, **options)

    monkeypatch.setattr(requests.Session, "send", spy)
    token_source(replace(SYSTEM, timeout=5.0))()
    assert seen == [({}, 5.0)]
