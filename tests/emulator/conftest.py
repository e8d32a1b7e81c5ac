"""Emulators for tests: one shared by all that leave nothing behind, and further ones by file."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
import requests

from emulator.organization import Organization
from emulator.server import build_emulator
from tests.emulator.serving import OrgServer, new_emulator, new_organization, serving


@pytest.fixture(scope="module")
def start_server() -> Iterator[Callable[..., OrgServer]]:
    """Start further emulators for the tests of one file: ``start_server(data=Path,
    strict_closed=True, latency_ms=80)``."""
    with ExitStack() as servers:

        def start(
            data: Path | None = None, *, strict_closed: bool = False, latency_ms: float = 0
        ) -> OrgServer:
            org = new_organization(data, strict_closed=strict_closed)
            return servers.enter_context(serving(build_emulator(org, latency_ms)))

        yield start


@pytest.fixture(scope="session")
def shared_server() -> Iterator[OrgServer]:
    """One emulator for all tests of this folder; nothing unsupported may be asked of it."""
    with serving(new_emulator()) as server:
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
