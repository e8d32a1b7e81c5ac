"""Signing in."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs

import pytest
import requests
import responses
from msgspec.structs import replace
from requests import PreparedRequest

from gradesys.dataverse.auth import PUBLIC_CLOUD, Credentials, token_source
from gradesys.dataverse.client import Client
from gradesys.dataverse.retry import ClientOptions
from gradesys.errors import SettingsError, SignInRefused, TemporaryError
from tests.dataverse.organisation import API, ROOT

LOGIN = "https://login.example"
SECRET = Credentials(
    "client_secret", "https://org.example/", "tenant", "app-id", "s3cret", authority=LOGIN
)
Answer = tuple[int, dict[str, str], str]


def authority(
    mock: responses.RequestsMock, base: str = f"{LOGIN}/tenant", lifetime: int = 3600
) -> list[PreparedRequest]:
    """An authority that hands out numbered tokens; what it was asked."""
    asked: list[PreparedRequest] = []
    discovery = {
        "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
        "token_endpoint": f"{base}/oauth2/v2.0/token",
        "issuer": f"{base}/v2.0",
    }

    def token(request: PreparedRequest) -> Answer:
        asked.append(request)
        answer = {"token_type": "Bearer", "expires_in": lifetime}
        return 200, {}, json.dumps(answer | {"access_token": f"token-{len(asked)}"})

    mock.get(f"{base}/v2.0/.well-known/openid-configuration", json=discovery)
    mock.add_callback("POST", f"{base}/oauth2/v2.0/token", callback=token)
    return asked


def test_a_token_is_asked_for_once_with_the_organisations_scope(
    mock: responses.RequestsMock,
) -> None:
    asked = authority(mock)
    token = token_source(SECRET)
    assert [token(), token()] == ["token-1", "token-1"]
    assert len(asked) == 1
    form = parse_qs(str(asked[0].body))
    assert form["scope"] == ["https://org.example/.default"]
    assert (form["client_id"], form["client_secret"]) == (["app-id"], ["s3cret"])
    assert form["grant_type"] == ["client_credentials"]


@pytest.mark.parametrize(("lifetime", "asked_for"), [(290, 2), (320, 1)])
def test_a_token_is_renewed_five_minutes_before_its_end(
    mock: responses.RequestsMock, lifetime: int, asked_for: int
) -> None:
    asked = authority(mock, lifetime=lifetime)
    token = token_source(SECRET)
    token()
    token()
    assert len(asked) == asked_for


def test_many_threads_share_one_token(mock: responses.RequestsMock) -> None:
    asked = authority(mock)
    token = token_source(SECRET)
    with ThreadPoolExecutor(8) as pool:
        tokens = set(pool.map(lambda _: token(), range(32)))
    assert tokens == {"token-1"}
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("configured", "base"),
    [
        (LOGIN, f"{LOGIN}/tenant"),
        (f"{LOGIN}/", f"{LOGIN}/tenant"),
        (f"{LOGIN}/adfs2", f"{LOGIN}/adfs2"),
        (PUBLIC_CLOUD, f"{PUBLIC_CLOUD}/tenant"),
    ],
)
def test_the_authority_is_configurable(
    mock: responses.RequestsMock, configured: str, base: str
) -> None:
    authority(mock, base)
    assert token_source(replace(SECRET, authority=configured))() == "token-1"


@pytest.mark.parametrize(("configured", "used"), [("ca.pem", "ca.pem"), (True, "machine.pem")])
def test_the_configured_certificate_authority_wins_over_the_machines(
    monkeypatch: pytest.MonkeyPatch,
    mock: responses.RequestsMock,
    configured: bool | str,
    used: bool | str,
) -> None:
    authority(mock)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "machine.pem")
    seen: list[object] = []
    send = requests.Session.send

    def spy(self: requests.Session, request: PreparedRequest, **options: Any) -> requests.Response:
        seen.append((options["verify"], options["timeout"]))
        return send(self, request, **options)

    monkeypatch.setattr(requests.Session, "send", spy)
    token_source(replace(SECRET, verify=configured, timeout=5.0))()
    assert set(seen) == {(used, 5.0)}


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ("invalid_client", SettingsError),
        ("unauthorized_client", SettingsError),
        ("temporarily_unavailable", TemporaryError),
    ],
)
def test_a_refusal_tells_the_reason_and_no_secret(
    mock: responses.RequestsMock, error: str, kind: type[Exception]
) -> None:
    authority(mock)
    mock.replace(
        "POST",
        f"{LOGIN}/tenant/oauth2/v2.0/token",
        json={"error": error, "error_description": "AADSTS7000215: Invalid.\r\nTrace: 1"},
        status=401,
    )
    with pytest.raises(kind, match=rf"{error} AADSTS7000215: Invalid\.$") as caught:
        token_source(SECRET)()
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    ("broken", "kind"),
    [
        ({"body": requests.exceptions.ConnectionError()}, TemporaryError),
        ({"status": 404}, SettingsError),
        ({"status": 200, "body": "<html>"}, SettingsError),
    ],
)
def test_an_authority_that_does_not_answer_is_told_apart_from_a_wrong_one(
    mock: responses.RequestsMock, broken: dict[str, Any], kind: type[Exception]
) -> None:
    mock.add("GET", f"{LOGIN}/tenant/v2.0/.well-known/openid-configuration", **broken)
    with pytest.raises(kind):
        token_source(SECRET)()


@pytest.mark.parametrize("status", [429, 500, 503])
@pytest.mark.parametrize(("told", "pause"), [({"Retry-After": "7"}, 7.0), ({}, None)])
def test_a_busy_authority_is_asked_again_after_the_pause_it_names(
    mock: responses.RequestsMock, status: int, told: dict[str, str], pause: float | None
) -> None:
    authority(mock)
    mock.replace("POST", f"{LOGIN}/tenant/oauth2/v2.0/token", status=status, headers=told, json={})
    with pytest.raises(TemporaryError, match=rf"busy: {status}") as caught:
        token_source(SECRET)()
    assert (caught.value.retry_after, caught.value.answer.status) == (pause, status)


@pytest.mark.parametrize("url", [ROOT, "http://localhost:1", "http://[::1]:5"])
def test_no_credentials_are_needed_on_this_machine(url: str) -> None:
    assert token_source(Credentials("none", url))() is None


@pytest.mark.parametrize(
    ("credentials", "told"),
    [
        (Credentials("none", "https://org.example"), "this machine only"),
        (Credentials("password", ROOT), "client_secret, certificate, managed_identity, none"),
        (replace(SECRET, client_secret=""), "client_secret"),
        (replace(SECRET, tenant_id="", client_id=""), "tenant_id, client_id"),
        (replace(SECRET, mode="certificate", client_id=""), "client_id, certificate"),
    ],
)
def test_incomplete_credentials_are_refused_before_anything_is_sent(
    credentials: Credentials, told: str
) -> None:
    with pytest.raises(SettingsError, match=told):
        token_source(credentials)


def test_a_secret_is_not_in_the_representation() -> None:
    assert "s3cret" not in repr(SECRET)


@pytest.mark.parametrize(("answers", "ends_well"), [((401, 200), True), ((401, 401), False)])
def test_a_401_is_replayed_once_with_a_new_token(
    mock: responses.RequestsMock,
    options: ClientOptions,
    answers: tuple[int, ...],
    ends_well: bool,
) -> None:
    authority(mock)
    for status in answers:
        mock.get(f"{API}accounts", status=status, json={})
    client = Client(ROOT, token_source(replace(SECRET, url=ROOT)), options)
    outcome = _told(lambda: client.request("GET", "accounts").status)
    assert outcome == (200 if ends_well else SignInRefused)
    sent = [call.request for call in mock.calls if str(call.request.url).startswith(API)]
    assert [r.headers["Authorization"] for r in sent] == ["Bearer token-1", "Bearer token-2"]


def _told(ask: Callable[[], int]) -> int | type[Exception]:
    try:
        return ask()
    except SettingsError as error:
        return type(error)
