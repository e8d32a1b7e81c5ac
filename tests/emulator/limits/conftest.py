"""Emulators with a door: users, tokens, certificates and limits, each test with its own."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
import trustme
import uvicorn

from emulator.entrance import Access
from emulator.listening import listen
from emulator.organization import Organization
from emulator.server import build_emulator, open_organization
from emulator.users import Members, parse_users, seed_users
from tests.emulator.conftest import NOW, OrgServer, _Ready
from tests.emulator.limits.people import ACCOUNT, DOCUMENT, INVOICE, AsUser, Client


@dataclass(frozen=True)
class Certificates:
    """A certificate for this machine, and the authority that signed it."""

    server: Path
    key: Path
    authority: Path


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    folder = tmp_path_factory.mktemp("certificates")
    found = Certificates(folder / "server.pem", folder / "server.key", folder / "ca.pem")
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1")
    authority.cert_pem.write_to_path(found.authority)
    issued.private_key_pem.write_to_path(found.key)
    for place, blob in enumerate(issued.cert_chain_pems):
        blob.write_to_path(found.server, append=place > 0)
    return found


@pytest.fixture(scope="session")
def start_guarded() -> Iterator[Callable[..., OrgServer]]:
    """``start_guarded(access, tls=Certificates, org=Organization)`` starts an emulator."""
    stops: list[Callable[[], None]] = []

    def start(
        access: Access, tls: Certificates | None = None, org: Organization | None = None
    ) -> OrgServer:
        emulator = build_emulator(org or new_organization(), access=access)
        listening = listen(0)
        files: dict[str, Any] = {}
        if tls is not None:
            files = {"ssl_certfile": tls.server, "ssl_keyfile": tls.key}
        server = _Ready(
            uvicorn.Config(emulator.app, http="httptools", log_level="warning", **files)
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        assert server.accepting.wait(30), "the emulator does not accept requests"
        scheme = "http" if tls is None else "https"
        found = OrgServer(emulator, f"{scheme}://127.0.0.1:{listening.getsockname()[1]}")
        if tls is not None:
            # A bundle named in the environment would win over the session's own.
            found.session.trust_env = False
            found.session.verify = str(tls.authority)

        def stop() -> None:
            found.session.close()
            server.should_exit = True
            thread.join(30)
            listening.close()
            emulator.close()
            assert found.unsupported() == 0, "something asked for what is not implemented"

        stops.append(stop)
        return found

    yield start
    for stop in reversed(stops):
        stop()


def new_organization() -> Organization:
    return open_organization(Organization(None, clock=lambda: NOW))


def members_of(org: Organization, text: bytes) -> Members:
    """The users of a document, with their rows added to the organisation."""
    directory = parse_users(text, org.definitions)
    seed_users(org, directory)
    return Members(org, directory)


def error_of(response: requests.Response) -> tuple[int, str]:
    """Status and code of a refusal."""
    return response.status_code, response.json()["error"]["code"]


@pytest.fixture(scope="module")
def people(start_guarded: Callable[..., OrgServer]) -> OrgServer:
    org = new_organization()
    server = start_guarded(Access(members_of(org, json.dumps(DOCUMENT).encode())), org=org)
    server.create("accounts", accountid=ACCOUNT, name="نمونه")
    server.create("invoices", invoiceid=INVOICE, name="i")
    return server


@pytest.fixture
def as_user(people: OrgServer) -> AsUser:
    return lambda application: Client(people, application)
