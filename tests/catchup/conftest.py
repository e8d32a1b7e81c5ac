"""One emulated org for all tests of this folder, and a service of its own for each."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.catchup.outpost import Customer, Outpost, outpost
from tests.doctor.conftest import deploy
from tests.emulator.serving import NOW, OrgServer, new_emulator, serving
from tests.line.judge import CONFIG


@pytest.fixture(scope="session")
def deployed_org() -> Iterator[OrgServer]:
    """An empty org with everything that the demo's rules need."""
    with serving(new_emulator()) as server:
        deploy(server, CONFIG / "rules")
        yield server
        assert server.unsupported() == 0


@pytest.fixture(scope="session")
def service(deployed_org: OrgServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outpost]:
    """One service for all tests: rules and metadata take their time to be loaded."""
    found = outpost(deployed_org, tmp_path_factory.mktemp("work"))
    yield found
    found.line.session.close()
    found.app.client().close()


@pytest.fixture
def customer(service: Outpost) -> Customer:
    """A customer whom ``post`` knows."""
    return service.customer()


@pytest.fixture
def post(
    service: Outpost, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Outpost]:
    """Everything is right, and the first tokens are taken. Keys need not wait between two runs."""
    monkeypatch.setattr("gradesys.marks.sqlite_marks.INTERVAL_S", 0.0)
    service.settle()
    _forget(service)
    service.resync()
    service.round()
    yield service
    service.settle()
    service.server.org.clock = lambda: NOW


def _forget(service: Outpost) -> None:
    """Marks, ledger and system jobs of the test before."""
    with closing(sqlite3.connect(service.app.settings.work)) as database, database:
        # The rules stay in force.
        database.execute("DELETE FROM ledger WHERE name NOT LIKE 'rules/%'")
        for table in ("marks", "parked"):
            database.execute(f"DELETE FROM {table}")
    org = service.server.org
    with org.transaction() as tx:
        for job in org.rows("asyncoperation"):
            tx.delete("asyncoperation", job["asyncoperationid"])
