"""Emulators with a door: users, tokens, certificates and limits, each test with its own."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
import requests
import trustme

from emulator.entrance import Access
from emulator.organization import Organization
from emulator.server import build_emulator
from emulator.users import Members, parse_users, seed_users
from tests.emulator.limits.people import ACCOUNT, DOCUMENT, INVOICE, AsUser, Client
from tests.emulator.serving import Certificates, OrgServer, new_organization, serving


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


@pytest.fixture(scope="module")
def start_guarded() -> Iterator[Callable[..., OrgServer]]:
    """``start_guarded(access, tls=Certificates, org=Organization)`` starts an emulator for a file's
    tests; nothing unsupported may be asked of it."""
    with ExitStack() as servers:

        def start(
            access: Access, tls: Certificates | None = None, org: Organization | None = None
        ) -> OrgServer:
            emulator = build_emulator(org or new_organization(), access=access)
            server = servers.enter_context(serving(emulator, tls))
            servers.callback(_require_supported, server)
            return server

        yield start


def _require_supported(server: OrgServer) -> None:
    assert server.unsupported() == 0, "something asked for what is not implemented"


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
