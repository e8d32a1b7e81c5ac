"""One HTTP exchange with nothing clever in it: no cookies, no proxies, no redirects, no retries.

Cookies would pin us to one server and its limits; redirects could lead a token elsewhere. It is
urllib3 by itself, which knows none of these unless it is told: whoever waits for a grade waits for
two exchanges.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import certifi
from msgspec import Struct, field
from urllib3 import BaseHTTPResponse, HTTPConnectionPool, Timeout, connection_from_url
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NameResolutionError,
    NewConnectionError,
)
from urllib3.util import make_headers

from gradesys import __version__
from gradesys.budget.meter import note_request
from gradesys.dataverse.answers import Response
from gradesys.dataverse.retry import ClientOptions
from gradesys.errors import GradesysError, SettingsError, TemporaryError

_log = logging.getLogger(__name__)
_COMMON = {
    "Accept": "application/json",
    "OData-MaxVersion": "4.0",
    "OData-Version": "4.0",
    "User-Agent": f"gradesys/{__version__}",
    **make_headers(accept_encoding=True),
}
_NEVER_LEFT = (ConnectTimeoutError, NewConnectionError, NameResolutionError)
Connect = Callable[..., HTTPConnectionPool]
"""Opens a pool for a scheme and host, as urllib3's own function does."""


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
    """Connections that are kept, and how many requests went through them."""

    def __init__(self, options: ClientOptions, connect: Connect | None = None) -> None:
        self._options = options
        self._connect = connect
        self._pools: dict[str, HTTPConnectionPool] = {}
        self._lock = threading.Lock()
        self.requests = 0

    def send(self, request: Request, token: str | None) -> Response:
        """The answer, whatever its status. Raises ``TemporaryError`` when none came."""
        id, place = str(uuid.uuid4()), urlsplit(request.url)
        headers = {**_COMMON, "x-ms-client-request-id": id, **request.headers}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        with self._lock:
            self.requests += 1
            pool = self._pool(place)
        note_request()
        self._options.count("requests")
        started = time.monotonic()
        answer = _exchange(pool, request, place, headers)
        seconds = time.monotonic() - started
        _log_line(request.method, place.path, id, answer, seconds)
        return Response(answer.status, answer.headers, answer.data or b"", seconds)

    def close(self) -> None:
        """Close every connection."""
        with self._lock:
            for pool in self._pools.values():
                pool.close()

    def _pool(self, place: SplitResult) -> HTTPConnectionPool:
        origin = f"{place.scheme}://{place.netloc}"
        if origin not in self._pools:
            connect = self._connect or connection_from_url
            self._pools[origin] = connect(origin, **_pooled(place.scheme, self._options))
        return self._pools[origin]


def _pooled(scheme: str, options: ClientOptions) -> dict[str, Any]:
    connect, read = options.timeout
    timeout = Timeout(connect=connect, read=read)
    pooled = {"maxsize": options.parallelism, "block": True, "timeout": timeout, "retries": False}
    return pooled if scheme == "http" else pooled | _trust(options.verify)


def _trust(verify: bool | str) -> dict[str, str]:
    """Whose certificates are trusted: those of a file or a folder, or the usual ones."""
    if not verify:
        return {"cert_reqs": "CERT_NONE"}
    place = certifi.where() if verify is True else verify
    kind = "ca_cert_dir" if Path(place).is_dir() else "ca_certs"
    return {"cert_reqs": "CERT_REQUIRED", kind: place}


def _exchange(
    pool: HTTPConnectionPool, request: Request, place: SplitResult, headers: Mapping[str, str]
) -> BaseHTTPResponse:
    # A nextLink goes back verbatim, never taken apart and quoted anew.
    target = f"{place.path or '/'}?{place.query}" if place.query else place.path or "/"
    try:
        return pool.urlopen(request.method, target, request.body, headers, redirect=False)
    except HTTPError as error:
        raise _failure(error) from error


def _failure(error: HTTPError) -> GradesysError:
    # What went wrong with a certificate is kept as a nested error only; it is in the text.
    if "CERTIFICATE_VERIFY_FAILED" in repr(error):
        return SettingsError("the organisation's certificate is not trusted")
    kind = NotConnected if isinstance(error, _NEVER_LEFT) else TemporaryError
    return kind(f"no answer from Dataverse: {type(error).__name__}")


def _log_line(method: str, path: str, id: str, answer: BaseHTTPResponse, seconds: float) -> None:
    level = logging.DEBUG if answer.status < 400 else logging.WARNING
    _log.log(
        level,
        "%s %s -> %d in %d ms (client request %s, service request %s)",
        method,
        path,
        answer.status,
        round(seconds * 1000),
        id,
        answer.headers.get("x-ms-service-request-id", "-"),
    )
