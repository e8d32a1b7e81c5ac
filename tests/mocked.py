"""``responses`` speaks requests, and the client of Dataverse speaks urllib3: what it sends is told
to a scripted organisation in the words of requests, and answered in its own.
"""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import requests
import responses
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPResponse
from urllib3.exceptions import ConnectTimeoutError, HTTPError, ProtocolError, ReadTimeoutError

POOL = "gradesys.dataverse.transport.connection_from_url"


class Bridge(HTTPConnectionPool):
    """A pool of connections that hands everything to an adapter of requests."""

    def __init__(self, origin: str, adapter: BaseAdapter) -> None:
        super().__init__("127.0.0.1")
        self._origin = origin
        self._adapter = adapter

    def urlopen(self, *told: Any, **options: Any) -> HTTPResponse:
        """Answer what the client tells: method, url, body and headers."""
        method, url, body, headers = told
        request = requests.PreparedRequest()
        request.prepare_method(method)
        request.url = f"{self._origin}{url}"
        request.prepare_headers(headers)
        request.prepare_cookies({})
        request.prepare_body(body, None)
        try:
            answer = self._adapter.send(request)
        except requests.exceptions.RequestException as error:
            raise _said_here(self, error) from error
        return HTTPResponse(answer.content, answer.headers, answer.status_code)


def _said_here(pool: HTTPConnectionPool, error: requests.exceptions.RequestException) -> HTTPError:
    if isinstance(error, requests.ConnectTimeout):
        return ConnectTimeoutError(str(error))
    if isinstance(error, requests.ReadTimeout):
        return ReadTimeoutError(pool, "", str(error))
    return ProtocolError(str(error))


class RequestsMock(responses.RequestsMock):
    """The mock, for what the client of Dataverse sends too."""

    def start(self) -> None:
        super().start()
        self._bridged = patch(POOL, lambda origin, **_: Bridge(origin, HTTPAdapter()))
        self._bridged.start()

    def stop(self, allow_assert: bool = True) -> None:
        self._bridged.stop()
        super().stop(allow_assert)
