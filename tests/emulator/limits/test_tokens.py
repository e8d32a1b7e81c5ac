"""`--require-token`: the authority's own endpoints, and what a token must be like."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import msal
import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from emulator.entrance import Access
from emulator.tokens import LIFETIME_SECONDS, Issuer
from emulator.users import Application
from tests.emulator.limits.conftest import error_of, members_of
from tests.emulator.serving import Certificates, OrgServer, new_organization

TENANT = "c0000000-0000-4000-8000-000000000001"
GRADER = "a0000000-0000-4000-8000-000000000001"
STRANGER = "a0000000-0000-4000-8000-00000000000f"
SECRET, IDENTITY_HEADER = "a secret of the test", "a header of the test"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
DOCUMENT = {"users": [{"applicationid": GRADER, "roles": ["System Administrator"]}]}


@dataclass
class Clock:
    """Seconds since 1970 that only the test moves on."""

    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class KeyPair:
    """A private key and the certificate of its public half, both PEM."""

    key: str
    certificate: str


def key_pair() -> KeyPair:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "gradesys")])
    start = datetime(2026, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=36500))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = certificate.public_bytes(serialization.Encoding.PEM)
    return KeyPair(private.decode(), public.decode())


@pytest.fixture(scope="module")
def registered() -> KeyPair:
    return key_pair()


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def server(
    start_guarded: Callable[..., OrgServer],
    certificates: Certificates,
    registered: KeyPair,
    clock: Clock,
) -> OrgServer:
    org = new_organization()
    applications = [
        Application(GRADER, SECRET, registered.certificate, IDENTITY_HEADER),
        Application(STRANGER, SECRET),
    ]
    members = members_of(org, json.dumps(DOCUMENT).encode())
    access = Access(members, Issuer(applications, clock=clock))
    return start_guarded(access, certificates, org)


def ask(server: OrgServer, **changed: str) -> requests.Response:
    """A token request; members may be replaced, or left out with an empty text."""
    form = {
        "grant_type": "client_credentials",
        "client_id": GRADER,
        "client_secret": SECRET,
        "scope": f"{server.url}/.default",
    } | changed
    sent = {name: value for name, value in form.items() if value}
    return server.session.post(f"{server.url}/{TENANT}/oauth2/v2.0/token", data=sent, timeout=30)


def who(server: OrgServer, authorization: str) -> requests.Response:
    return server.send("GET", "WhoAmI", Authorization=authorization)


def test_a_token_for_a_secret_opens_the_organisation(server: OrgServer) -> None:
    answer = ask(server).json()
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", LIFETIME_SECONDS)
    assert who(server, f"Bearer {answer['access_token']}").status_code == 200


@pytest.mark.parametrize(
    ("changed", "status", "error", "number"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client", 7000215),
        ({"client_secret": ""}, 401, "invalid_client", 7000215),
        ({"client_id": TENANT}, 400, "unauthorized_client", 700016),
        ({"grant_type": "password"}, 400, "unsupported_grant_type", 70003),
        ({"scope": "openid"}, 400, "invalid_scope", 1002012),
        ({"client_assertion": "x"}, 400, "invalid_request", 50027),
        (
            {"client_assertion": "x", "client_assertion_type": ASSERTION_TYPE},
            401, "invalid_client", 700027,
        ),
        (
            {"client_id": STRANGER, "client_assertion": "x",
             "client_assertion_type": ASSERTION_TYPE},
            401, "invalid_client", 700027,
        ),
    ],
)  # fmt: skip
def test_a_sign_in_that_fails_is_told_as_entra_tells_it(
    server: OrgServer, changed: dict[str, str], status: int, error: str, number: int
) -> None:
    refusal = ask(server, **changed)
    told = refusal.json()
    assert (refusal.status_code, told["error"], told["error_codes"]) == (status, error, [number])
    assert told["error_description"].startswith(f"AADSTS{number}: ")
    assert SECRET not in refusal.text


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer nonsense", "Basic eDp5"])
def test_without_a_token_of_ours_every_request_is_refused(
    server: OrgServer, authorization: str
) -> None:
    refusal = who(server, authorization)
    assert (refusal.status_code, refusal.content) == (401, b"")
    assert refusal.headers["WWW-Authenticate"] == (
        f"Bearer authorization_uri={server.url}/common/oauth2/authorize, resource_id={server.url}/"
    )


def test_a_token_for_another_audience_is_refused(server: OrgServer) -> None:
    token = ask(server, scope="https://other.example/.default").json()["access_token"]
    assert who(server, f"Bearer {token}").status_code == 401


def test_a_token_signed_by_somebody_else_is_refused(server: OrgServer) -> None:
    claims = jwt.decode(ask(server).json()["access_token"], options={"verify_signature": False})
    forged = jwt.encode(claims, key_pair().key, "RS256")
    assert who(server, f"Bearer {forged}").status_code == 401


def test_a_token_ends(server: OrgServer, clock: Clock) -> None:
    token = ask(server).json()["access_token"]
    clock.now += LIFETIME_SECONDS - 1
    assert who(server, f"Bearer {token}").status_code == 200
    clock.now += 1
    assert who(server, f"Bearer {token}").status_code == 401


def test_an_application_of_the_directory_need_not_be_a_user_of_the_organisation(
    server: OrgServer,
) -> None:
    token = ask(server, client_id=STRANGER).json()["access_token"]
    assert error_of(who(server, f"Bearer {token}")) == (403, "0x80072560")


def test_the_published_key_checks_a_token(server: OrgServer) -> None:
    configuration = server.get(f"{server.url}/{TENANT}/v2.0/.well-known/openid-configuration")
    (key,) = server.get(configuration["jwks_uri"])["keys"]
    token = ask(server).json()["access_token"]
    assert jwt.get_unverified_header(token)["kid"] == key["kid"]
    claims = jwt.decode(
        token,
        jwt.PyJWK(key).key,
        algorithms=["RS256"],
        audience=server.url,
        options={"verify_exp": False, "verify_iat": False, "verify_nbf": False},
    )
    assert (claims["appid"], claims["iss"]) == (GRADER, configuration["issuer"])


def confidential(server: OrgServer, credential: Any) -> Any:
    return msal.ConfidentialClientApplication(
        GRADER,
        authority=f"{server.url}/{TENANT}",
        client_credential=credential,
        instance_discovery=False,
        http_client=server.session,
    )


def test_msal_signs_in_with_a_certificate(server: OrgServer, registered: KeyPair) -> None:
    credential = {"private_key": registered.key, "public_certificate": registered.certificate}
    answer = confidential(server, credential).acquire_token_for_client([f"{server.url}/.default"])
    assert who(server, f"Bearer {answer['access_token']}").status_code == 200


def test_msal_is_refused_with_a_certificate_that_is_not_registered(server: OrgServer) -> None:
    other = key_pair()
    credential = {"private_key": other.key, "public_certificate": other.certificate}
    answer = confidential(server, credential).acquire_token_for_client([f"{server.url}/.default"])
    assert (answer["error"], answer["error_codes"]) == ("invalid_client", [700027])


@pytest.mark.parametrize(
    ("header", "query", "status"),
    [
        (IDENTITY_HEADER, {}, 200),
        (IDENTITY_HEADER, {"client_id": GRADER}, 200),
        (IDENTITY_HEADER, {"client_id": STRANGER}, 400),
        ("wrong", {}, 400),
        ("", {}, 400),
    ],
)
def test_a_managed_identity_gets_a_token_for_its_header(
    server: OrgServer, header: str, query: dict[str, str], status: int
) -> None:
    answer = server.session.get(
        f"{server.url}/msi/token",
        params={"api-version": "2019-08-01", "resource": server.url, **query},
        headers={"X-IDENTITY-HEADER": header},
        timeout=30,
    )
    assert answer.status_code == status
    if status == 200:
        assert who(server, f"Bearer {answer.json()['access_token']}").status_code == 200


def test_without_a_directory_any_secret_is_taken_and_nothing_else() -> None:
    issuer = Issuer()
    form = {"grant_type": "client_credentials", "client_id": GRADER, "client_secret": "any"}
    assert issuer.sign_in(form, "endpoint") == GRADER
