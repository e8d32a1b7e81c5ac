"""An installation of its own for each test; organisations are emulated."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import responses
from msgspec.structs import replace

from gradesys.dataverse.client import Client
from gradesys.dataverse.metadata import MetadataCache
from gradesys.deploy.apply import apply
from gradesys.deploy.proposal import propose, proposed_actions
from gradesys.doctor import site
from gradesys.org import read_rules, read_schema
from gradesys.settings import Settings
from tests.doctor.installation import KEY, RULES, Installation
from tests.emulator.conftest import start_server
from tests.emulator.serving import OrgServer, new_emulator, serving
from tests.mocked import RequestsMock

__all__ = ["start_server"]

SERVICE = "http://127.0.0.1:1"


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits a second before an organisation that is not there is asked once more."""
    at_once = replace(site.IMPATIENT, sleep=lambda seconds: None)
    monkeypatch.setattr(site, "IMPATIENT", at_once)


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    """One rule file and an organisation where nobody listens."""
    found = Installation(tmp_path, {"DATAVERSE_URL": "http://127.0.0.1:1"})
    found.rule(RULES)
    return found


@pytest.fixture
def mock() -> Iterator[responses.RequestsMock]:
    with RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


def deploy(server: OrgServer, rules: Path) -> None:
    """What ``gradesys deploy apply`` does, with the first key."""
    client = Client(server.url, lambda: None)
    sources = read_rules(Settings(rules=rules))
    schema = read_schema(MetadataCache(client), [source.model for source in sources])
    proposal = propose(sources, schema, SERVICE, KEY)
    apply(proposed_actions(proposal, client), client, lambda action: None)
    client.close()


@pytest.fixture
def bare(installation: Installation, start_server: Callable[..., OrgServer]) -> Iterator[OrgServer]:
    """The installation's organisation before anything was deployed."""
    server = start_server()
    installation.settings["DATAVERSE_URL"] = server.url
    yield server
    assert server.unsupported() == 0


@pytest.fixture(scope="session")
def deployed_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An organisation with all that the rules need, to be copied: deploying takes a second."""
    folder = tmp_path_factory.mktemp("deployed")
    (folder / "rules").mkdir()
    (folder / "rules" / "best.yaml").write_text(RULES, encoding="utf-8")
    with serving(new_emulator(folder / "org.db")) as server:
        deploy(server, folder / "rules")
    return folder / "org.db"


@pytest.fixture
def deployed(installation: Installation, deployed_file: Path) -> Iterator[OrgServer]:
    """The installation's organisation with everything that the rules need."""
    own = installation.folder / "org.db"
    own.write_bytes(deployed_file.read_bytes())
    with serving(new_emulator(own)) as server:
        installation.settings["DATAVERSE_URL"] = server.url
        yield server
        assert server.unsupported() == 0
