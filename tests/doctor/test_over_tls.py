"""Every way to sign in, by MSAL's own flow over TLS, and users who may do more or less."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest

from emulator.entrance import Access
from emulator.organization import Organization
from emulator.tokens import Issuer
from emulator.users import parse_users
from gradesys.doctor import Cause, Status
from tests.dataverse.certificates import identity
from tests.dataverse.test_managed_identity import SOURCES
from tests.doctor.installation import RULES, Installation, told
from tests.emulator.limits.conftest import certificates, members_of, start_guarded
from tests.emulator.serving import Certificates, OrgServer, new_organization

__all__ = ["certificates", "start_guarded"]

ADMINISTRATOR = "a0000000-0000-4000-8000-000000000001"
GRADER = "a0000000-0000-4000-8000-000000000002"
READER = "a0000000-0000-4000-8000-000000000003"
STRANGER = "a0000000-0000-4000-8000-00000000000f"
SECRET, KNOCK = "a secret of the test", "a header of the test"
SHY = "a0000000-0000-4000-8000-000000000004"
NARROW = "a0000000-0000-4000-8000-000000000005"
PEOPLE = {
    ADMINISTRATOR: ["System Administrator"],
    GRADER: ["Rules", "Writer", "Self"],
    READER: ["Rules", "Self"],
    SHY: ["Rules", "Writer"],
    NARROW: ["Writer", "Self"],
}
NEEDED = ("account", "invoice", "organization", "sdkmessagefilter")
ROLES = {
    "Rules": {"tables": {name: ["read"] for name in NEEDED}},
    "Writer": {"tables": {"account": ["read", "write"], "organization": ["read"]}},
    "Self": {"tables": {"systemuser": ["read"]}},
}


@dataclass(frozen=True, slots=True)
class Guarded:
    """An organisation behind TLS and sign-in, and the file that makes its certificate trusted."""

    server: OrgServer
    authority: str


@pytest.fixture(scope="module")
def guarded(start_guarded: Callable[..., OrgServer], certificates: Certificates) -> Guarded:
    certificate = identity().pem(certificate_first=True).decode()
    applications = [
        {"applicationid": name, "secret": SECRET, "certificate": certificate}
        for name in (*PEOPLE, STRANGER)
        if name != ADMINISTRATOR
    ]
    chief = {"applicationid": ADMINISTRATOR, "secret": SECRET, "certificate": certificate}
    document = {
        "roles": ROLES,
        "users": [{"applicationid": name, "roles": roles} for name, roles in PEOPLE.items()],
        "applications": [*applications, chief | {"identity_header": KNOCK}],
    }
    text = json.dumps(document).encode()
    org: Organization = new_organization()
    members = members_of(org, text)
    issuer = Issuer(parse_users(text, org.definitions).applications)
    server = start_guarded(Access(members, issuer), certificates, org)
    return Guarded(server, str(certificates.authority))


@pytest.fixture
def signing(installation: Installation, guarded: Guarded) -> Installation:
    """An administrator with a client secret; every other way is prepared."""
    installation.rule(RULES)
    file = installation.folder / "app.pfx"
    file.write_bytes(identity().pfx("pa55word"))
    installation.settings |= {
        "DATAVERSE_URL": guarded.server.url,
        "AUTHORITY": guarded.server.url,
        "AUTHORITY_CA": guarded.authority,
        "AUTH": "client_secret",
        "TENANT_ID": "c0000000-0000-4000-8000-000000000001",
        "CLIENT_ID": ADMINISTRATOR,
        "CLIENT_SECRET": SECRET,
        "CERTIFICATE": str(file),
        "CERTIFICATE_PASSWORD": "pa55word",
    }
    return installation


@pytest.fixture
def account(guarded: Guarded) -> Iterator[str]:
    """An account to ask about."""
    org = guarded.server.org
    table, row_id = org.definitions.tables["account"], str(uuid4())
    with org.transaction() as tx:
        tx.insert(table, {"accountid": row_id, "name": "نمونه"})
    yield row_id
    with org.transaction() as tx:
        tx.delete("account", row_id)


def on_azure(server: OrgServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of a Functions app with an identity of its own."""
    for name in SOURCES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{server.url}/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", KNOCK)


@pytest.mark.parametrize("way", ["client_secret", "certificate", "managed_identity"])
def test_every_way_to_sign_in_reaches_the_organisation(
    signing: Installation, guarded: Guarded, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    on_azure(guarded.server, monkeypatch)
    signing.settings["AUTH"] = way
    findings = signing.findings()
    for check in ("sign-in", "reachable", "organisation", "clock", "tables", "privileges"):
        assert findings[check].verdict.status is Status.OK, findings[check]
    (user,) = guarded.server.org.rows("systemuser", applicationid=ADMINISTRATOR)
    assert user["systemuserid"] in findings["organisation"].verdict.text


@pytest.mark.parametrize(
    ("change", "check", "says"),
    [
        ({"CLIENT_SECRET": "wrong"}, "sign-in", "GRADESYS_CLIENT_SECRET is wrong"),
        ({"CLIENT_ID": STRANGER}, "reachable", "add an application user"),
        ({"AUTH": "certificate", "CERTIFICATE_PASSWORD": "no"}, "sign-in", "Invalid password"),
    ],
)
def test_what_keeps_us_out_is_told_with_what_to_do(
    signing: Installation, change: dict[str, str], check: str, says: str
) -> None:
    signing.settings |= change
    found = signing.look(check)
    status, text = told(found)
    assert (status, found.cause, says in text) == (Status.PROBLEM, Cause.CONFIGURATION, True)


@pytest.mark.parametrize(
    ("change", "status", "says"),
    [
        ({}, Status.OK, "no program may ask"),
        ({"API_AUDIENCE": STRANGER}, Status.OK, "1 keys of https://127.0.0.1:"),
        ({"API_AUDIENCE": STRANGER, "TENANT_ID": "contoso.com"}, Status.PROBLEM, "TENANT_ID"),
        ({"API_AUDIENCE": STRANGER, "AUTHORITY_CA": ""}, Status.PROBLEM, "AUTHORITY_CA"),
    ],
)
def test_whether_tokens_of_programs_could_be_checked_is_told(
    signing: Installation, change: dict[str, str], status: Status, says: str
) -> None:
    signing.settings |= change
    found, text = told(signing.look("programs"))
    assert (found, says in text) == (status, True)


def test_a_certificate_that_nobody_signed_is_not_trusted(signing: Installation) -> None:
    del signing.settings["AUTHORITY_CA"]
    found = signing.look("sign-in")
    assert (found.status, found.cause) == (Status.PROBLEM, Cause.CONFIGURATION)
    assert "GRADESYS_AUTHORITY_CA" in found.text


@pytest.mark.parametrize(
    ("user", "status", "says"),
    [
        (ADMINISTRATOR, Status.OK, "may write account; not checkable: every row"),
        (GRADER, Status.OK, "may write account; not checkable: every row"),
        (SHY, Status.OK, "not checkable: every row of them, writing account"),
        (READER, Status.PROBLEM, "may not write account"),
        (NARROW, Status.PROBLEM, "prvReadInvoice"),
    ],
)
def test_a_missing_privilege_is_named(
    signing: Installation, account: str, user: str, status: Status, says: str
) -> None:
    signing.settings["CLIENT_ID"] = user
    found, text = told(signing.look("privileges"))
    assert (found, says in text) == (status, True)


def test_without_a_row_writing_cannot_be_checked(signing: Installation) -> None:
    assert "every row of them, writing account" in signing.look("privileges").text


def test_a_user_who_only_grades_may_not_look_at_registrations(signing: Installation) -> None:
    signing.settings["CLIENT_ID"] = GRADER
    for check in ("steps", "button", "solution"):
        status, text = told(signing.look(check))
        assert (status, "not checked" in text, "deploy" in text) == (Status.WARNING, True, True)
