"""Nothing is asked without a sign-in, or sent in the clear, but on this machine: every way in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gradesys.dataverse.auth import Credentials, token_source
from gradesys.dataverse.client import Client
from gradesys.deploy.knocking import require_accepted
from gradesys.deploy.manifest import manifest
from gradesys.errors import GradesysError, SettingsError
from gradesys.org import open_client
from gradesys.settings import Settings, read_settings, require_org
from gradesys.work import open_work
from tests.mocked import RequestsMock

ELSEWHERE = (
    "http://crm.example.com", "http://127.0.0.1.example.com", "http://localhost.example.com",
    "http://127.0.0.1@crm.example.com", "http://127.0.0.1:80@crm.example.com", "http://8.8.8.8",
    "http://[2001:db8::1]", "http://[::ffff:8.8.8.8]", "http://0.0.0.0", "http://127.0.0.1\\.com",
    "HTTP://CRM.EXAMPLE.COM", "http://crm.example.com#127.0.0.1", "",
)  # fmt: skip
NOWHERE = ("ftp://127.0.0.1", "//127.0.0.1", "127.0.0.1", "https://", "http://[", "file:///etc")
HERE = ("http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080", "http://127.9.9.9")
AZURITE = (
    "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=a2V5;"
    "TableEndpoint={0}/devstoreaccount1;QueueEndpoint={1}/devstoreaccount1;"
)


def organisation(url: str, auth: str = "client_secret") -> None:
    """By the settings of the service and of every command."""
    environment = {"GRADESYS_DATAVERSE_URL": url, "GRADESYS_AUTH": auth}
    require_org(read_settings(environment))


def client(url: str) -> None:
    """By a client, whatever the settings say."""
    Client(url, lambda: None).close()


def nobody(url: str) -> None:
    """By the sign-in that is none."""
    token_source(Credentials("none", url))


def authority(url: str) -> None:
    """By the place that is sent the client's secret."""
    told = Credentials("client_secret", "https://crm.example.com", "t", "c", "s", authority=url)
    token_source(told)()


def storage(url: str) -> None:
    """By a connection string, which holds an account's key."""
    open_work(Settings(storage=AZURITE.format(url, url), auth="none"))


def knock(url: str) -> None:
    """By the knock of rotate-key, which holds a webhook key."""
    require_accepted(url, "k" * 40)


def base_url(url: str) -> None:
    """By the address that Dataverse is told to send the key to."""
    manifest([], (), url, "k" * 40)


WAYS = (organisation, client, nobody, authority, storage, knock, base_url)


@pytest.mark.parametrize("url", ELSEWHERE)
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_an_address_elsewhere_is_refused_before_anything_is_sent(
    way: Callable[[str], None], url: str
) -> None:
    with RequestsMock() as nothing:
        with pytest.raises(SettingsError):
            way(url)
        assert len(nothing.calls) == 0


@pytest.mark.parametrize("url", NOWHERE)
@pytest.mark.parametrize("way", [organisation, client, authority, knock, base_url])
def test_what_is_no_address_is_refused(way: Callable[[str], None], url: str) -> None:
    with pytest.raises(SettingsError):
        way(url)


@pytest.mark.parametrize("url", HERE)
@pytest.mark.parametrize("way", [organisation, client, nobody, storage, base_url])
def test_this_machine_may_be_asked_in_the_clear(way: Callable[[str], None], url: str) -> None:
    way(url)


@pytest.mark.parametrize("url", ["https://crm.example.com", "https://127.0.0.1.example.com"])
@pytest.mark.parametrize("way", [lambda url: organisation(url, "none"), nobody])
def test_no_sign_in_is_for_this_machine_only(way: Callable[[str], None], url: str) -> None:
    with pytest.raises(SettingsError):
        way(url)


@pytest.mark.parametrize(
    "environment",
    [
        {"DATAVERSE_URL": "https://crm.example.com", "NOW": "2026-06-15T12:00:00Z"},
        {"NOW": "2026-06-15T12:00:00Z"},
    ],
)
def test_a_pinned_clock_is_for_this_machine_only(environment: dict[str, str]) -> None:
    with pytest.raises(SettingsError):
        read_settings({f"GRADESYS_{name}": value for name, value in environment.items()})


@pytest.mark.parametrize(
    "place",
    [
        AZURITE.format("http://127.0.0.1:1", "http://store.example.com"),
        AZURITE.format("https://x.table.core.windows.net", "https://x.queue.core.windows.net"),
        "DefaultEndpointsProtocol=https;AccountName=x;AccountKey=a2V5;EndpointSuffix=core.windows.net",
        "http://contoso.table.core.windows.net", "https://contoso.example.com/x",
        "https://contoso.table.core.windows.net@evil.example", "a=b",
    ],
)  # fmt: skip
def test_a_storage_account_elsewhere_is_named_and_signed_in_to(place: str) -> None:
    with pytest.raises(SettingsError) as told:
        open_work(Settings(storage=place, auth="managed_identity"))
    assert "a2V5" not in str(told.value)


def test_a_key_and_a_secret_are_not_sent_on_to_where_an_answer_points() -> None:
    away = {"Location": "https://evil.example/"}
    with RequestsMock() as asked:
        asked.get(
            url="https://login.example/t/v2.0/.well-known/openid-configuration",
            status=307,
            headers=away,
        )
        with pytest.raises(SettingsError, match="elsewhere"):
            authority("https://login.example")
        asked.post(url="https://service.example/api/webhook", status=307, headers=away)
        with pytest.raises(SettingsError, match="answered 307"):
            knock("https://service.example/api/webhook")
        assert not [call for call in asked.calls if "evil" in str(call.request.url)]


def test_no_settings_tell_a_secret_when_they_are_printed(tmp_path: Path) -> None:
    names = ("CLIENT_SECRET", "CERTIFICATE_PASSWORD", "STORAGE", "WEBHOOK_KEYS")
    settings = read_settings({f"GRADESYS_{name}": "canary" for name in names})
    assert "canary" not in repr(settings)
    with pytest.raises(GradesysError):
        open_client(require_org(settings))
