"""Over TLS: gradesys signs in with MSAL's real flow; the command line serves all of it."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from emulator.__main__ import main
from emulator.entrance import Access
from emulator.tokens import Issuer
from emulator.users import Application
from gradesys.dataverse.auth import Credentials, token_source
from gradesys.dataverse.client import Client
from gradesys.dataverse.retry import ClientOptions
from gradesys.errors import GradesysError, SettingsError
from tests.emulator.limits.conftest import members_of
from tests.emulator.serving import Certificates, OrgServer, new_organization

TENANT = "c0000000-0000-4000-8000-000000000001"
GRADER = "a0000000-0000-4000-8000-000000000001"
SECRET = "a secret of the test"
DIRECTORY = {
    "users": [{"applicationid": GRADER, "name": "gradesys", "roles": ["System Administrator"]}],
    "applications": [{"applicationid": GRADER, "secret": SECRET}],
}


def credentials(url: str, certificates: Certificates, secret: str = SECRET) -> Credentials:
    return Credentials(
        mode="client_secret",
        url=url,
        tenant_id=TENANT,
        client_id=GRADER,
        client_secret=secret,
        authority=url,
        verify=str(certificates.authority),
    )


def client(url: str, certificates: Certificates, secret: str = SECRET) -> Client:
    token = token_source(credentials(url, certificates, secret))
    return Client(url, token, ClientOptions(verify=str(certificates.authority), attempts=2))


@pytest.fixture
def server(start_guarded: Callable[..., OrgServer], certificates: Certificates) -> OrgServer:
    org = new_organization()
    members = members_of(org, json.dumps(DIRECTORY).encode())
    issuer = Issuer([Application(GRADER, SECRET)])
    return start_guarded(Access(members, issuer), certificates, org)


def test_gradesys_signs_in_over_tls_and_works_as_its_application_user(
    server: OrgServer, certificates: Certificates
) -> None:
    assert server.url.startswith("https://")
    connected = client(server.url, certificates)
    made = connected.request("POST", "accounts", {"name": "نمونه"})
    row = connected.request("GET", f"{made.headers['OData-EntityId']}?$select=name").json()
    who = connected.request("GET", "WhoAmI").json()
    connected.close()
    assert row["name"] == "نمونه"
    (user,) = server.org.rows("systemuser", applicationid=GRADER)
    assert who["UserId"] == user["systemuserid"]


def test_gradesys_is_refused_with_a_wrong_secret(
    server: OrgServer, certificates: Certificates
) -> None:
    with pytest.raises(SettingsError, match="invalid_client"):
        client(server.url, certificates, "wrong").request("GET", "WhoAmI")


def test_gradesys_trusts_no_other_authority(
    server: OrgServer, certificates: Certificates, tmp_path: Path
) -> None:
    token = token_source(credentials(server.url, certificates))
    with pytest.raises(GradesysError, match="not trusted"):
        Client(server.url, token, ClientOptions(attempts=1)).request("GET", "WhoAmI")


@contextmanager
def running(*arguments: object) -> Iterator[str]:
    command = [sys.executable, "-m", "emulator", "--port", "0", *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            ready, _, url = process.stdout.readline().strip().rpartition(" ")
            assert ready == "emulator ready on"
            yield url
        finally:
            process.terminate()


def test_the_command_serves_users_tokens_and_tls(
    certificates: Certificates, tmp_path: Path
) -> None:
    users = tmp_path / "users.json"
    users.write_text(json.dumps(DIRECTORY), encoding="utf-8")
    tls = ("--tls", certificates.server, certificates.key)
    with running("--users", users, "--require-token", *tls) as url:
        assert url.startswith("https://127.0.0.1:")
        refused = requests.get(
            f"{url}/api/data/v9.2/WhoAmI", verify=str(certificates.authority), timeout=30
        )
        assert refused.status_code == 401
        connected = client(url, certificates)
        assert connected.request("GET", "WhoAmI").status == 200
        connected.close()


def test_a_file_of_users_that_cannot_be_read_ends_the_program_with_a_reason(
    tmp_path: Path,
) -> None:
    users = tmp_path / "users.json"
    users.write_text('{"people": []}', encoding="utf-8")
    with pytest.raises(SystemExit, match=r"users\.json: "):
        main(["--port", "0", "--users", str(users)])


def test_a_certificate_that_cannot_be_read_ends_the_program_with_a_reason(
    certificates: Certificates, tmp_path: Path
) -> None:
    absent = str(tmp_path / "absent.pem")
    with pytest.raises(SystemExit, match=r"absent\.pem"):
        main(["--port", "0", "--tls", absent, str(certificates.key)])
