"""A running emulator on a free port, and a session that speaks to its Web API."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
import uvicorn

from emulator.listening import listen
from emulator.organization import Organization
from emulator.server import Emulator, build_emulator, open_organization

NOW = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)


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


class _Ready(uvicorn.Server):
    """A server that says when it accepts requests."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.accepting = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.accepting.set()


@pytest.fixture(scope="session")
def start_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., OrgServer]]:
    """Start further emulators: ``start_server(data=Path, strict_closed=True, ...)``."""
    stops: list[Callable[[], None]] = []

    def start(
        data: Path | None = None, *, strict_closed: bool = False, latency_ms: float = 0
    ) -> OrgServer:
        org = Organization(None, clock=lambda: NOW, strict_closed=strict_closed)
        emulator = build_emulator(open_organization(org, data), latency_ms)
        listening = listen(0)
        server = _Ready(uvicorn.Config(emulator.app, http="httptools", log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        assert server.accepting.wait(30), "the emulator does not accept requests"
        found = OrgServer(emulator, f"http://127.0.0.1:{listening.getsockname()[1]}")

        def stop() -> None:
            found.session.close()
            server.should_exit = True
            thread.join(30)
            listening.close()
            emulator.close()

        stops.append(stop)
        return found

    yield start
    for stop in reversed(stops):
        stop()


@pytest.fixture(scope="session")
def shared_server(start_server: Callable[..., OrgServer]) -> Iterator[OrgServer]:
    """One emulator for all tests of this folder; nothing unsupported may be asked of it."""
    server = start_server()
    yield server
    assert server.unsupported() == 0, "something asked for what the emulator does not implement"


@pytest.fixture
def org_server(shared_server: OrgServer) -> Iterator[OrgServer]:
    """The shared emulator, emptied of business rows afterwards."""
    yield shared_server
    with closing(shared_server.session):
        _empty(shared_server.org)
    shared_server.session = requests.Session()


@pytest.fixture
def refusing_server(start_server: Callable[..., OrgServer]) -> OrgServer:
    """An emulator of its own, for tests of what it refuses."""
    return start_server()


def _empty(org: Organization) -> None:
    tables = (
        "invoice",
        "opportunity",
        "incident",
        "task",
        "account",
        "contact",
        "transactioncurrency",
    )
    with org.transaction() as tx:
        for table in tables:
            for row in org.rows(table):
                row_id = row[org.definitions.tables[table].id_column]
                if tx.row(table, row_id) is not None:
                    tx.delete(table, row_id)
