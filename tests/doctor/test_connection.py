"""What doctor says about sign-in and the first answers of an organisation that we script."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
import responses

from gradesys.doctor import Cause, Status
from tests.dataverse.certificates import ISSUED, identity
from tests.dataverse.organisation import Call, Organisation, Reply, ok, refused
from tests.dataverse.test_auth import LOGIN, authority
from tests.doctor.installation import Installation, told

ORG = "http://127.0.0.1:7071"
WHO = {"OrganizationId": "0a", "UserId": "0b", "BusinessUnitId": "0c"}
TOKEN = f"{LOGIN}/tenant/oauth2/v2.0/token"
SIGN_IN = {
    "DATAVERSE_URL": ORG,
    "AUTH": "client_secret",
    "AUTHORITY": LOGIN,
    "TENANT_ID": "tenant",
    "CLIENT_ID": "app-id",
    "CLIENT_SECRET": "s3cret",
}


@pytest.fixture
def signing(installation: Installation) -> Installation:
    """The installation with a client secret."""
    installation.settings |= SIGN_IN
    return installation


def scripted(
    mock: responses.RequestsMock, who: Reply, version: Reply | None = None
) -> Organisation:
    """An organisation that knows two functions."""

    def respond(call: Call) -> Reply:
        if call.path == "WhoAmI":
            return who
        if call.path == "RetrieveVersion()":
            return version or ok({"Version": "9.2.1"})
        return refused(404, "0x80060888", "not in this script")

    return Organisation(respond).install(mock)


@pytest.mark.parametrize(
    ("missing", "says"),
    [
        ({"CLIENT_SECRET": ""}, "client_secret"),
        ({"TENANT_ID": "", "CLIENT_ID": ""}, "tenant_id, client_id"),
        ({"AUTH": "certificate"}, "certificate"),
        ({"AUTH": "certificate", "CERTIFICATE": "absent.pem"}, "GRADESYS_CERTIFICATE"),
        ({"AUTH": "password"}, "managed_identity"),
    ],
)
def test_what_sign_in_lacks_is_named(
    signing: Installation, missing: dict[str, str], says: str
) -> None:
    signing.settings |= missing
    found = signing.look("sign-in")
    assert (found.status, found.cause) == (Status.PROBLEM, Cause.CONFIGURATION)
    assert says in found.text


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("AADSTS7000215", "GRADESYS_CLIENT_SECRET is wrong"),
        ("AADSTS7000222", "expired"),
        ("AADSTS700016", "GRADESYS_CLIENT_ID"),
        ("AADSTS700027", "certificate"),
        ("AADSTS90002", "GRADESYS_TENANT_ID"),
        ("AADSTS500011", "GRADESYS_DATAVERSE_URL"),
        ("AADSTS12345", "compare tenant, client id and secret"),
    ],
)
def test_a_refusal_comes_with_what_to_do_about_it(
    signing: Installation, mock: responses.RequestsMock, code: str, hint: str
) -> None:
    authority(mock)
    answer = {"error": "invalid_client", "error_description": f"{code}: No. Trace ID: 1"}
    mock.replace("POST", TOKEN, json=answer, status=401)
    found = signing.look("sign-in")
    assert (found.status, found.cause) == (Status.PROBLEM, Cause.CONFIGURATION)
    assert hint in found.hint
    assert "s3cret" not in found.text


def test_an_authority_that_does_not_answer_is_unreachable(
    signing: Installation, mock: responses.RequestsMock
) -> None:
    discovery = f"{LOGIN}/tenant/v2.0/.well-known/openid-configuration"
    mock.get(discovery, body=requests.exceptions.ConnectionError())
    findings = signing.findings()
    assert findings["sign-in"].verdict.cause is Cause.UNREACHABLE
    assert findings["reachable"].verdict.text == "not checked, because of: sign-in"


@pytest.mark.parametrize(
    ("left", "status"), [(timedelta(days=29), Status.WARNING), (timedelta(days=31), Status.OK)]
)
def test_a_certificate_that_ends_soon_is_worth_a_warning(
    signing: Installation, mock: responses.RequestsMock, left: timedelta, status: Status
) -> None:
    authority(mock)
    expires = ISSUED + timedelta(days=90)
    file = signing.folder / "app.pem"
    file.write_bytes(identity(5, expires).pem())
    signing.settings |= {"AUTH": "certificate", "CERTIFICATE": str(file)}
    signing.clock = lambda: expires - left
    found, text = told(signing.look("sign-in"))
    assert (found, "2026-04-01" in text) == (status, True)


@pytest.mark.parametrize("gone", ["GRADESYS_CERTIFICATE", "absent"])
def test_no_secret_is_in_any_finding(
    signing: Installation, mock: responses.RequestsMock, gone: str
) -> None:
    authority(mock)
    scripted(mock, refused(401, "", "no"))
    signing.settings |= {"CERTIFICATE_PASSWORD": "pa55word", "CERTIFICATE": gone}
    texts = [f"{found.verdict}" for found in signing.findings().values()]
    for secret in ("s3cret", "pa55word", "the-first-webhook-key", "token-1"):
        assert not [text for text in texts if secret in text]


@pytest.mark.parametrize(
    ("who", "cause", "says"),
    [
        (refused(401, "", "no"), Cause.CONFIGURATION, "sign-in was refused"),
        (
            refused(403, "0x80072560", "The user is not a member of the organization."),
            Cause.CONFIGURATION,
            "add an application user",
        ),
        (refused(403, "0x80040220", "prvReadUser"), Cause.CONFIGURATION, "security role"),
        (refused(404, "", "no"), Cause.UNREACHABLE, "GRADESYS_DATAVERSE_URL"),
        (refused(302, "", "go there"), Cause.UNREACHABLE, "GRADESYS_DATAVERSE_URL"),
        (ok(b"<html>sign in</html>"), Cause.UNREACHABLE, "not JSON"),
    ],
)
def test_an_organisation_that_refuses_is_told_apart_from_one_that_is_none(
    signing: Installation, mock: responses.RequestsMock, who: Reply, cause: Cause, says: str
) -> None:
    authority(mock)
    scripted(mock, who)
    found = signing.look("reachable")
    status, text = told(found)
    assert (status, found.cause, says in text) == (Status.PROBLEM, cause, True)


@pytest.mark.parametrize(
    ("who", "status", "says"),
    [(WHO, Status.OK, "organisation 0a"), ({"UserId": "0b"}, Status.PROBLEM, "does not say")],
)
def test_the_organisation_says_who_it_is(
    signing: Installation,
    mock: responses.RequestsMock,
    who: dict[str, Any],
    status: Status,
    says: str,
) -> None:
    authority(mock)
    scripted(mock, ok(who))
    found, text = told(signing.look("organisation"))
    assert (found, says in text) == (status, True)


@pytest.mark.parametrize(
    ("date", "status"),
    [
        ("Sun, 14 Jun 2026 08:30:00 GMT", Status.OK),
        ("Sun, 14 Jun 2026 08:30:29 GMT", Status.OK),
        ("Sun, 14 Jun 2026 08:29:20 GMT", Status.WARNING),
        ("Sun, 14 Jun 2026 08:36:00 GMT", Status.PROBLEM),
        ("yesterday", Status.WARNING),
        (None, Status.WARNING),
    ],
)
def test_the_clock_is_compared_with_the_organisations(
    signing: Installation, mock: responses.RequestsMock, date: str | None, status: Status
) -> None:
    authority(mock)
    headers = {} if date is None else {"Date": date}
    scripted(mock, ok(WHO, **headers))
    signing.clock = lambda: datetime(2026, 6, 14, 8, 30, tzinfo=UTC)
    assert signing.look("clock").status is status


def slow(step: timedelta) -> Callable[[], datetime]:
    """A clock that goes forward with every look at it."""
    times = iter(datetime(2026, 6, 14, 8, 30, tzinfo=UTC) + step * n for n in range(1000))
    return lambda: next(times)


def test_a_slow_answer_is_no_wrong_clock(
    signing: Installation, mock: responses.RequestsMock
) -> None:
    authority(mock)
    scripted(mock, ok(WHO, Date="Sun, 14 Jun 2026 08:30:20 GMT"))
    signing.clock = slow(timedelta(minutes=1))
    assert signing.look("clock").status is Status.OK
