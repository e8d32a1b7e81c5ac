"""One emulated org for all tests of this folder, and a service of its own for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from emulator.organization import Organization
from tests.catchup.outpost import Customer, Outpost, outpost
from tests.doctor.conftest import deploy
from tests.emulator.conftest import NOW, OrgServer, start_server
from tests.line.judge import CONFIG

__all__ = ["start_server"]


@pytest.fixture(scope="session")
def deployed_org(start_server: Callable[..., OrgServer]) -> Iterator[OrgServer]:
    """An empty org with everything that the demo's rules need."""
    server = start_server()
    deploy(server, CONFIG / "rules")
    yield server
    assert server.unsupported() == 0


def _forget_jobs(org: Organization) -> None:
    with org.transaction() as tx:
        for job in org.rows("asyncoperation"):
            tx.delete("asyncoperation", job["asyncoperationid"])


@pytest.fixture
def customer(deployed_org: OrgServer, tmp_path: Path) -> Customer:
    """A customer whom ``post`` knows."""
    return outpost(deployed_org, tmp_path).customer()


@pytest.fixture
def post(
    deployed_org: OrgServer, customer: Customer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Outpost]:
    """Everything is right, and the first tokens are taken. Keys need not wait between two runs."""
    monkeypatch.setattr("gradesys.marks.sqlite_marks.INTERVAL_S", 0.0)
    found = outpost(deployed_org, tmp_path)
    found.settle()
    _forget_jobs(deployed_org.org)
    found.resync()
    found.round()
    yield found
    found.settle()
    deployed_org.org.clock = lambda: NOW
    _forget_jobs(deployed_org.org)
    found.line.session.close()
    found.app.client().close()
