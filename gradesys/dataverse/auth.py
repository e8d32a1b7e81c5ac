"""Who we are to Dataverse: a table of ways to sign in, each giving a source of bearer tokens.

MSAL keeps tokens and stops using them five minutes before they end (dataverse.md section 7.1).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import msal
import requests

from gradesys.errors import SettingsError, TemporaryError
from gradesys.settings import is_loopback

PUBLIC_CLOUD = "https://login.microsoftonline.com"
_BUSY = frozenset({"temporarily_unavailable", "server_error"})


@dataclass(frozen=True, slots=True)
class Credentials:
    """How to sign in to the organisation at root ``url``. ``authority`` is a login host, or a full
    authority when it has a path; ``verify`` is True or the path of a CA bundle."""

    mode: str
    url: str
    tenant_id: str = ""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    authority: str = PUBLIC_CLOUD
    verify: bool | str = True
    timeout: float = 30.0


class TokenSource:
    """Tokens from MSAL for any number of threads; the application is built on first use."""

    def __init__(self, build: Callable[[], Any], scope: str) -> None:
        self._build = build
        self._scope = scope
        self._lock = threading.Lock()
        self._application: Any = None

    def __call__(self) -> str:
        """A valid token. Raises ``SettingsError`` when refused, ``TemporaryError`` when the
        authority cannot be reached."""
        with self._lock:
            try:
                if self._application is None:
                    self._application = self._build()
                answer = self._application.acquire_token_for_client(scopes=[self._scope])
            except requests.exceptions.RequestException as error:
                raise TemporaryError(
                    f"no answer from the authority: {type(error).__name__}"
                ) from error
            except ValueError as error:
                raise SettingsError(f"the authority cannot be used: {error}") from error
        return _token(answer)

    def forget(self) -> None:
        """Drop what is cached: the next call asks the authority again."""
        with self._lock:
            if self._application is not None:
                self._application.remove_tokens_for_client()


def token_source(credentials: Credentials) -> Callable[[], str | None]:
    """Tokens by ``credentials.mode``. Raises ``SettingsError`` for an unknown mode, a missing
    member, and sign-in without credentials anywhere but on this machine."""
    try:
        way = WAYS[credentials.mode]
    except KeyError:
        known = ", ".join(WAYS)
        raise SettingsError(f"unknown way to sign in: {credentials.mode!r} ({known})") from None
    return way(credentials)


def renew(token: Callable[[], str | None]) -> None:
    """Make ``token`` ask the authority anew, where there is one."""
    if isinstance(token, TokenSource):
        token.forget()


def _client_secret(credentials: Credentials) -> TokenSource:
    _require(credentials, "tenant_id", "client_id", "client_secret")
    return _confidential(credentials, credentials.client_secret)


def _nobody(credentials: Credentials) -> Callable[[], None]:
    if not is_loopback(credentials.url):
        raise SettingsError("signing in without credentials is for this machine only")
    return lambda: None


WAYS: dict[str, Callable[[Credentials], Callable[[], str | None]]] = {
    "client_secret": _client_secret,
    "none": _nobody,
}


def _confidential(credentials: Credentials, credential: str | dict[str, str]) -> TokenSource:
    def build() -> Any:
        return msal.ConfidentialClientApplication(
            credentials.client_id,
            authority=_authority(credentials),
            client_credential=credential,
            instance_discovery=credentials.authority == PUBLIC_CLOUD,
            http_client=_http(credentials),
        )

    return TokenSource(build, f"{credentials.url.rstrip('/')}/.default")


def _authority(credentials: Credentials) -> str:
    authority = credentials.authority.rstrip("/")
    return authority if urlsplit(authority).path else f"{authority}/{credentials.tenant_id}"


def _http(credentials: Credentials) -> requests.Session:
    # Without a CA of its own, sign-in takes the machine's (REQUESTS_CA_BUNDLE) and its proxy.
    session = requests.Session()
    session.trust_env = credentials.verify is True
    session.verify = credentials.verify
    session.request = _with_timeout(session.request, credentials.timeout)  # type: ignore[method-assign]  # MSAL passes none
    return session


def _with_timeout(send: Callable[..., Any], timeout: float) -> Callable[..., Any]:
    return lambda *args, **options: send(*args, **{"timeout": timeout, **options})


def _require(credentials: Credentials, *names: str) -> None:
    missing = [name for name in names if not getattr(credentials, name)]
    if missing:
        raise SettingsError(f"signing in by {credentials.mode} needs {', '.join(missing)}")


def _token(answer: dict[str, Any]) -> str:
    if "access_token" in answer:
        return str(answer["access_token"])
    reason = str(answer.get("error", "unknown"))
    detail = str(answer.get("error_description", "")).partition("\n")[0].strip()
    text = f"the authority refused: {reason} {detail}".strip()
    raise TemporaryError(text) if reason in _BUSY else SettingsError(text)
