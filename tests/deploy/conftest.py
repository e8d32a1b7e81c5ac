"""An organisation of its own for each test, and a client of it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.organisations import deploy, wanted
from tests.deploy.watched import WatchedClient, watched
from tests.emulator.conftest import start_server
from tests.emulator.serving import OrgServer, new_emulator, serving

__all__ = ["start_server"]


@pytest.fixture(scope="session")
def deployed_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An organisation with everything deployed, to be copied: deploying takes half a second."""
    file = tmp_path_factory.mktemp("deployed") / "org.db"
    with serving(new_emulator(file)) as server:
        deploy(watched(server), wanted())
    return file


@pytest.fixture
def org(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OrgServer]:
    """An organisation, fresh or (marked ``deployed``) with everything deployed that the tests want;
    nothing unsupported may be asked of it."""
    own = None
    if request.node.get_closest_marker("deployed"):
        own = tmp_path / "org.db"
        shutil.copy(request.getfixturevalue("deployed_file"), own)
    with serving(new_emulator(own)) as server:
        yield server
        assert server.unsupported() == 0


@pytest.fixture
def client(org: OrgServer) -> WatchedClient:
    """A client of ``org``."""
    return watched(org)
