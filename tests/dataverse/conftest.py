"""A client whose sleeping moves a clock of its own, and the mock that keeps requests at home."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import responses

from emulator.server import build_emulator
from gradesys.dataverse.client import Client
from gradesys.dataverse.metadata import load_schema
from gradesys.dataverse.retry import ClientOptions
from gradesys.dataverse.store import DataverseStore
from tests.dataverse.emulated import DATA, TABLES, Org
from tests.dataverse.emulated import WRITABLE as EMULATED_OUTPUTS
from tests.dataverse.organisation import ROOT, Install, Organisation, Respond
from tests.dataverse.sample import SCHEMA, WRITABLE
from tests.emulator.conftest import start_server
from tests.emulator.serving import new_organization, serving
from tests.mocked import RequestsMock

__all__ = ["start_server"]


@dataclass
class Clock:
    """Time that passes only while somebody sleeps."""

    now: float = 1000.0
    naps: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.now += seconds

    def read(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def options(clock: Clock) -> ClientOptions:
    return ClientOptions(parallelism=4, sleep=clock.sleep, clock=clock.read)


@pytest.fixture
def mock() -> Iterator[responses.RequestsMock]:
    with RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def client(options: ClientOptions) -> Iterator[Client]:
    client = Client(ROOT, lambda: "a-token", options)
    yield client
    client.close()


@pytest.fixture
def install(client: Client, mock: responses.RequestsMock) -> Install:
    """A store, and the organisation behind it that answers as the test says."""

    def build(respond: Respond) -> tuple[DataverseStore, Organisation]:
        organisation = Organisation(respond).install(mock)
        return DataverseStore(client, SCHEMA, WRITABLE, chunk=20), organisation

    return build


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data") / "rows.json"
    path.write_text(json.dumps(DATA), "utf-8")
    return path


@pytest.fixture(scope="session")
def org(data: Path) -> Iterator[Org]:
    """One for all tests; those that write keep to rows of their own."""
    clock = Clock()
    options = ClientOptions(sleep=clock.sleep, clock=clock.read)
    emulator = build_emulator(new_organization(data, strict_closed=True))
    with serving(emulator) as server, closing(Client(server.url, lambda: None, options)) as client:
        schema = load_schema(client, TABLES)
        yield Org(
            server, client, schema, DataverseStore(client, schema, EMULATED_OUTPUTS, chunk=20)
        )
        assert server.unsupported() == 0
