"""One HTTP exchange with nothing clever in it: no cookies, no proxies, no redirects, no retries.

Cookies would pin us to one server and its limits; redirects could lead a token elsewhere.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Mapping
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urlsplit

import requests
from msgspec import Struct, field
from requests.adapters import HTTPAdapter

from gradesys import __version__
from gradesys.dataverse.answers import Response
from gradesys.dataverse.retry import ClientOptions
from gradesys.errors import GradesysError, SettingsError, TemporaryError

_log = logging.getLogger(__name__)
_COMMON = {
    "Accept": "application/json",
    "OData-MaxVersion": "4.0",
    "OData-Version": "4.0",
    "User-Agent": f"gradesys/{__version__}",
}


class NotConnected(TemporaryError):
    """The request never left: repeating it cannot do anything twice."""


class Request(Struct, frozen=True):
    """What to send; ``repeatable`` when sending it twice equals sending it once."""

    method: str
    url: str
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    repeatable: bool = True


class Transport:
    """A pool of connections, and how many requests went through it."""

    def __init__(self, options: ClientOptions) -> None:
        self._options = options
        self._session = _session(options)
        self._lock = threading.Lock()
        self.requests = 0

    def send(self, request: Request, token: str | None) -> Response:
        """The answer, whatever its status. Raises ``TemporaryError`` when none came."""
        prepared = self._prepare(request, token)
        with self._lock:
            self.requests += 1
        self._options.count("requests")
        started = time.monotonic()
        answer = self._exchange(prepared)
        seconds = time.monotonic() - started
        _log_line(request, prepared, answer, seconds)
        return Response(answer.status_code, answer.headers, answer.content, seconds)

    def close(self) -> None:
        """Close every connection of the pool."""
        self._session.close()

    def _prepare(self, request: Request, token: str | None) -> requests.PreparedRequest:
        headers = {**_COMMON, "x-ms-client-request-id": str(uuid.uuid4()), **request.headers}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        # Step by step: a nextLink goes back verbatim, never taken apart and quoted anew.
        prepared = requests.PreparedRequest()
        prepared.prepare_method(request.method)
        prepared.url = request.url
        prepared.prepare_headers({**self._session.headers, **headers})
        prepared.prepare_cookies({})
        prepared.prepare_body(request.body, None)
        return prepared

    def _exchange(self, prepared: requests.PreparedRequest) -> requests.Response:
        try:
            return self._session.send(
                prepared, timeout=self._options.timeout, allow_redirects=False
            )
        except requests.exceptions.RequestException as error:
            raise _failure(error) from error


def _session(options: ClientOptions) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.verify = options.verify
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    adapter = HTTPAdapter(
        pool_connections=1, pool_maxsize=options.parallelism, max_retries=0, pool_block=True
    )
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def _failure(error: requests.exceptions.RequestException) -> GradesysError:
    # The HTTP library keeps causes only as nested errors; their names are in its text.
    text = repr(error)
    if "CERTIFICATE_VERIFY_FAILED" in text:
        return SettingsError("the organisation's certificate is not trusted")
    never_left = isinstance(error, requests.exceptions.ConnectTimeout) or any(
        name in text for name in ("NewConnectionError", "NameResolutionError")
    )
    kind = NotConnected if never_left else TemporaryError
    return kind(f"no answer from Dataverse: {type(error).__name__}")


def _log_line(
    request: Request, prepared: requests.PreparedRequest, answer: requests.Response, seconds: float
) -> None:
    level = logging.DEBUG if answer.status_code < 400 else logging.WARNING
    _log.log(
        level,
        "%s %s -> %d in %d ms (client request %s, service request %s)",
        request.method,
        urlsplit(request.url).path,
        answer.status_code,
        round(seconds * 1000),
        prepared.headers["x-ms-client-request-id"],
        answer.headers.get("x-ms-service-request-id", "-"),
    )
