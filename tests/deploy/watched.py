"""A client that remembers what it wrote, and fails where a test says so."""

from collections.abc import Mapping
from typing import Any

from gradesys.dataverse.answers import Response
from gradesys.dataverse.client import Client
from gradesys.dataverse.retry import ClientOptions
from gradesys.errors import PermanentError, TemporaryError
from tests.emulator.serving import OrgServer


class WatchedClient(Client):
    """``written`` are the requests other than GET; the one after ``patience`` of them fails as a
    broken connection does. Writes to paths that begin with ``refused`` are refused."""

    written: list[tuple[str, str, Mapping[str, Any]]]
    patience: int | None = None
    refused: tuple[str, ...] = ()

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        if method != "GET":
            if self.patience is not None and len(self.written) >= self.patience:
                raise TemporaryError("the connection broke")
            if self.refused and path.startswith(self.refused):
                raise PermanentError("Dataverse answered 400: no such thing here")
            self.written.append((method, path, body or {}))
        return super().request(method, path, body, headers)


def watched(org: OrgServer) -> WatchedClient:
    """A client that gives up at the first failure."""
    client = WatchedClient(org.url, lambda: None, ClientOptions(attempts=1))
    client.written = []
    return client
