"""Who we are to Dataverse: a table of ways to sign in, each giving a source of bearer tokens.

MSAL keeps tokens and stops using them five minutes before they end (dataverse.md section 7.1). It
is imported when a token is first needed, and cryptography when a certificate is: nobody waits for
them who only reads rules, or works on this machine.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from msgspec import Struct

from gradesys.errors import Answer, SettingsError, TemporaryError
from gradesys.settings import is_loopback, keeps_secrets

PUBLIC_CLOUD = "https://login.microsoftonline.com"
Acquire = Callable[[], dict[str, Any]]
"""Asks an application of MSAL, which answers from its memory while it can."""
_BUSY = frozenset({"temporarily_unavailable", "server_error"})
_BUSY_STATUS = frozenset({410, 429, 500, 502, 503, 504})
"""410: a virtual machine's identity service is being updated."""


class Credentials(Struct, frozen=True):
    """How to sign in to the organisation at root ``url``. ``authority`` is a login host, or a full
    authority when it has a path; ``verify`` is True or the path of a CA bundle. ``certificate`` is
    a file with key and certificate. A managed identity without ``client_id`` is the system's."""

    mode: str
    url: str
    tenant_id: str = ""
    client_id: str = ""
    client_secret: str = ""
    certificate: str = ""
    certificate_password: str = ""
    authority: str = PUBLIC_CLOUD
    verify: bool | str = True
    timeout: float = 30.0

    def __repr__(self) -> str:
        return f"Credentials({self.mode} of {self.url})"  # no secrets


class TokenSource:
    """Tokens from MSAL for any number of threads; the application is built on first use."""

    def __init__(self, build: Callable[[], Acquire]) -> None:
        self._build = build
        self._lock = threading.Lock()
        self._acquire: Acquire | None = None

    def __call__(self) -> str:
        """A valid token. Raises ``SettingsError`` when refused, ``TemporaryError`` when the
        authority cannot be reached or is busy."""
        with self._lock:
            try:
                if self._acquire is None:
                    self._acquire = self._build()
                return self._token(self._acquire())
            except requests.exceptions.RequestException as error:
                raise unanswered(error) from error
            except json.JSONDecodeError as error:
                raise TemporaryError("the authority's answer is not JSON") from error
            except (ValueError, OSError) as error:
                raise SettingsError(f"the authority cannot be used: {error}") from error

    def _token(self, answer: dict[str, Any]) -> str:
        if "access_token" in answer:
            return str(answer["access_token"])
        self._acquire = None  # a renewed certificate is read without a restart
        raise _refusal(answer)

    def forget(self) -> None:
        """Drop what is cached: the next call reads the certificate and asks the authority again."""
        with self._lock:
            self._acquire = None


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
    return TokenSource(lambda: _confidential(credentials, credentials.client_secret))


def _certificate(credentials: Credentials) -> TokenSource:
    _require(credentials, "tenant_id", "client_id", "certificate")

    def build() -> Acquire:
        from gradesys.dataverse.certificate import read_certificate

        file = Path(credentials.certificate)
        found = read_certificate(file, credentials.certificate_password)
        proof = {"private_key": found.private_key, "public_certificate": found.certificate}
        return _confidential(credentials, proof)

    return TokenSource(build)


def _managed_identity(credentials: Credentials) -> TokenSource:
    """Where the identity is asked for is what Azure puts into the environment; MSAL looks."""

    def build() -> Acquire:
        import msal

        name = credentials.client_id
        identity = (
            msal.UserAssignedManagedIdentity(client_id=name)
            if name
            else msal.SystemAssignedManagedIdentity()
        )
        # It is asked for beside us, over plain HTTP: a proxy would never find it.
        http = open_session(credentials.timeout, credentials.verify)
        http.trust_env = False
        client = msal.ManagedIdentityClient(identity, http_client=http)
        root = credentials.url.rstrip("/")
        return lambda: client.acquire_token_for_client(resource=root)

    return TokenSource(build)


def _nobody(credentials: Credentials) -> Callable[[], None]:
    if not is_loopback(credentials.url):
        raise SettingsError("signing in without credentials is for this machine only")
    return lambda: None


WAYS: dict[str, Callable[[Credentials], Callable[[], str | None]]] = {
    "client_secret": _client_secret,
    "certificate": _certificate,
    "managed_identity": _managed_identity,
    "none": _nobody,
}


def _confidential(credentials: Credentials, credential: str | dict[str, str]) -> Acquire:
    import msal

    application = msal.ConfidentialClientApplication(
        credentials.client_id,
        authority=authority_of(credentials),
        client_credential=credential,
        instance_discovery=credentials.authority == PUBLIC_CLOUD,
        http_client=open_session(credentials.timeout, credentials.verify),
    )
    scopes = [f"{credentials.url.rstrip('/')}/.default"]
    return lambda: application.acquire_token_for_client(scopes=scopes)


def authority_of(credentials: Credentials) -> str:
    """The tenant's address at the sign-in authority. Raises ``SettingsError``."""
    authority = credentials.authority.rstrip("/")
    if not keeps_secrets(authority):
        raise SettingsError("GRADESYS_AUTHORITY needs https, except on loopback")
    return authority if urlsplit(authority).path else f"{authority}/{credentials.tenant_id}"


def open_session(timeout: float, verify: bool | str) -> requests.Session:
    """To the authority only: no redirects, a time-out, an exception where it is busy."""
    # Without a CA of its own, sign-in takes the machine's (REQUESTS_CA_BUNDLE) and its proxy.
    session = _Session(timeout)
    session.trust_env = verify is True
    session.verify = verify
    session.headers["Connection"] = "close"  # the next request is an hour away
    session.hooks["response"].append(_raise_when_busy)
    return session


class _Session(requests.Session):
    """Gives up after a time; MSAL names none."""

    def __init__(self, timeout: float) -> None:
        super().__init__()
        self._timeout = timeout

    def request(self, *args: Any, **options: Any) -> requests.Response:
        """As whoever asks wants it, except that there is a time-out."""
        return super().request(*args, **{"timeout": self._timeout, **options})


def _raise_when_busy(response: requests.Response, **options: object) -> None:
    if response.is_redirect:
        # Whoever answers so would be sent our secret.
        raise SettingsError("the authority sends us elsewhere: GRADESYS_AUTHORITY")
    # MSAL would report these as refusals, or by an exception of its own, without the pause.
    if response.status_code in _BUSY_STATUS:
        raise requests.HTTPError(str(response.status_code), response=response)


def _require(credentials: Credentials, *names: str) -> None:
    missing = [name for name in names if not getattr(credentials, name)]
    if missing:
        raise SettingsError(f"signing in by {credentials.mode} needs {', '.join(missing)}")


def unanswered(error: requests.exceptions.RequestException) -> SettingsError | TemporaryError:
    """Why the authority gave no answer to use."""
    # The HTTP library keeps causes only as nested errors; their names are in its text.
    if "CERTIFICATE_VERIFY_FAILED" in repr(error):
        return SettingsError("the authority's certificate is not trusted: GRADESYS_AUTHORITY_CA")
    if error.response is None:
        return TemporaryError(f"no answer from the authority: {type(error).__name__}")
    status = error.response.status_code
    pause = error.response.headers.get("Retry-After", "")
    seconds = float(pause) if pause.isdecimal() else None
    return TemporaryError(f"the authority is busy: {status}", Answer(status), seconds)


def _refusal(answer: dict[str, Any]) -> SettingsError | TemporaryError:
    reason = str(answer.get("error", "unknown"))
    detail = str(answer.get("error_description", "")).partition("\n")[0].strip()
    text = f"the authority refused: {reason} {detail}".strip()
    return TemporaryError(text) if reason in _BUSY else SettingsError(text)
