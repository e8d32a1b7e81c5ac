"""Emulators on free ports of this process, and a session that speaks to their Web API."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from socket import socket
from typing import Any

import requests
import uvicorn

from emulator.listening import listen
from emulator.organization import Organization
from emulator.server import Emulator, build_emulator, open_organization

NOW = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
PATIENCE_S = 30


@dataclass
class OrgServer:
    """``url`` is the organisation's root; the methods speak to the Web API below it."""

    emulator: Emulator
    url: str
    session: requests.Session = field(default_factory=requests.Session)

    @property
    def org(self) -> Organization:
        return self.emulator.org

    @property
    def api(self) -> str:
        return f"{self.url}/api/data/v9.2/"

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> requests.Response:
        """A request; header names are given with underscores for dashes."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        url = path if path.startswith("http") else self.api + path
        return self.session.request(method, url, json=body, headers=named, timeout=30)

    def get(self, path: str, **headers: str) -> Any:
        """The JSON of a GET that must succeed."""
        response = self.send("GET", path, **headers)
        assert response.status_code == 200, response.text
        return response.json()

    def rows(self, path: str, **headers: str) -> list[dict[str, Any]]:
        """The rows of a collection."""
        found: list[dict[str, Any]] = self.get(path, **headers)["value"]
        return found

    def names(self, path: str, name: str = "name") -> list[Any]:
        """One column of a collection, in the order of the answer."""
        return [row[name] for row in self.rows(path)]

    def create(self, entity_set: str, **values: Any) -> str:
        """The guid of a new row; ``__`` stands for ``@odata.``, as in ``customerid__bind``."""
        body = {name.replace("__", "@odata."): value for name, value in values.items()}
        response = self.send("POST", entity_set, body)
        assert response.status_code == 204, response.text
        return response.headers["OData-EntityId"][-37:-1]

    def unsupported(self) -> int:
        """How many requests were refused because they are not implemented."""
        return int(self.emulator.stats.snapshot()["unsupported"])


class _Server(uvicorn.Server):
    """A server that says when it accepts requests."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.accepting = threading.Event()

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        self.accepting.set()


@contextmanager
def listening_at(app: Any, **options: Any) -> Iterator[str]:
    """Where an ASGI application listens until the block ends; ``options`` are those of uvicorn."""
    opened = listen(0)
    server = _Server(uvicorn.Config(app, http="httptools", log_level="warning", **options))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [opened]})
    thread.start()
    try:
        assert server.accepting.wait(PATIENCE_S), "it does not accept requests"
        yield f"127.0.0.1:{opened.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(PATIENCE_S)
        opened.close()


@dataclass(frozen=True)
class Certificates:
    """A certificate for this machine, and the authority that signed it."""

    server: Path
    key: Path
    authority: Path


@contextmanager
def serving(emulator: Emulator, tls: Certificates | None = None) -> Iterator[OrgServer]:
    """An emulator that answers over HTTP; it is closed afterwards."""
    files = {"ssl_certfile": tls.server, "ssl_keyfile": tls.key} if tls else {}
    with listening_at(emulator.app, **files) as place, requests.Session() as session:
        if tls:
            # A bundle named in the environment would win over the session's own.
            session.trust_env = False
            session.verify = str(tls.authority)
        scheme = "https" if tls else "http"
        yield OrgServer(emulator, f"{scheme}://{place}", session)
    emulator.close()


def new_organization(
    data: Path | None = None, *, strict_closed: bool = False, file: Path | None = None
) -> Organization:
    """An organisation in which it is ``NOW``: fresh, or what ``file`` keeps."""
    org = Organization(file, clock=lambda: NOW, strict_closed=strict_closed)
    return open_organization(org, data)


def new_emulator(file: Path | None = None) -> Emulator:
    """An emulator of such an organisation."""
    return build_emulator(new_organization(file=file))
