"""Signing in with a certificate."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs

import jwt
import pytest
import responses
from cryptography.hazmat.primitives.hashes import SHA256
from msgspec.structs import replace
from requests import PreparedRequest

from gradesys.dataverse.auth import renew, token_source
from gradesys.dataverse.certificate import read_certificate
from gradesys.errors import SettingsError
from tests.dataverse.certificates import EXPIRES, Identity, elliptic_key, identity
from tests.dataverse.test_auth import LOGIN, SECRET, authority

PASSWORD = "pässword"
FILES: dict[str, Callable[[], bytes]] = {
    "key first.pem": lambda: identity().pem(),
    "certificate first.pem": lambda: identity().pem(certificate_first=True),
    "locked.pem": lambda: identity().pem(PASSWORD),
    "locked.pfx": lambda: identity().pfx(PASSWORD),
    "LOCKED.P12": lambda: identity().pfx(PASSWORD),
    "open.pfx": lambda: identity().pfx(),
    "nothing.pem": lambda: b"",
    "key only.pem": lambda: identity().pem().partition(b"-----BEGIN CERT")[0],
    "two of them.pem": lambda: (
        identity().pem().partition(b"-----BEGIN CERT")[0] + identity(2).pem(certificate_first=True)
    ),
    "elliptic.pem": lambda: elliptic_key() + identity().pem(certificate_first=True),
    "nothing.pfx": lambda: b"nothing",
}
CERTIFICATE = replace(SECRET, mode="certificate", client_secret="")


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """The folder with all the files."""
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content())
    return tmp_path


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("key first.pem", ""),
        ("certificate first.pem", ""),
        ("locked.pem", PASSWORD),
        ("locked.pfx", PASSWORD),
        ("LOCKED.P12", PASSWORD),
        ("open.pfx", ""),
    ],
)
def test_a_certificate_is_read_from_every_form(written: Path, name: str, password: str) -> None:
    found = read_certificate(written / name, password)
    assert found.expires == EXPIRES
    assert found.certificate.encode() in identity().pem()
    assert found.private_key.encode() in identity().pem()


@pytest.mark.parametrize(
    ("name", "password", "told"),
    [
        ("absent.pem", "", "No such file"),
        ("nothing.pem", "", "cannot be read"),
        ("nothing.pfx", "", "cannot be read"),
        ("key only.pem", "", "BEGIN CERTIFICATE"),
        ("locked.pem", "", "Password was not given"),
        ("locked.pem", "wrong", "Incorrect password"),
        ("locked.pfx", "wrong", "Invalid password"),
        ("key first.pem", PASSWORD, "not encrypted"),
        ("two of them.pem", "", "not its certificate's"),
        ("elliptic.pem", "", "RSA"),
    ],
)
def test_what_is_wrong_with_a_certificate_is_told_without_its_secrets(
    written: Path, name: str, password: str, told: str
) -> None:
    with pytest.raises(SettingsError, match=rf"GRADESYS_CERTIFICATE .*{told}") as caught:
        read_certificate(written / name, password)
    assert PASSWORD not in str(caught.value)
    assert str(written) not in str(caught.value)


def test_a_key_is_not_in_the_representation(written: Path) -> None:
    assert "PRIVATE" not in repr(read_certificate(written / "key first.pem", ""))


def signed(request: PreparedRequest, by: Identity) -> tuple[dict[str, str], dict[str, str]]:
    """Header and claims of a request's assertion, its signature checked."""
    form = parse_qs(str(request.body))
    assert form["client_assertion_type"] == [
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    ]
    (assertion,) = form["client_assertion"]
    audience = f"{LOGIN}/tenant/oauth2/v2.0/token"
    claims = jwt.decode(assertion, by.key.public_key(), algorithms=["PS256"], audience=audience)
    return jwt.get_unverified_header(assertion), claims


@pytest.mark.parametrize(
    ("name", "password"), [("certificate first.pem", ""), ("locked.pfx", PASSWORD)]
)
def test_the_authority_gets_an_assertion_that_the_certificate_signed(
    mock: responses.RequestsMock, written: Path, name: str, password: str
) -> None:
    asked = authority(mock)
    credentials = replace(
        CERTIFICATE, certificate=str(written / name), certificate_password=password
    )
    token = token_source(credentials)
    assert [token(), token()] == ["token-1", "token-1"]
    header, claims = signed(asked[0], identity())
    assert claims["iss"] == claims["sub"] == "app-id"
    thumbprint = urlsafe_b64decode(header["x5t#S256"] + "=")
    assert thumbprint == identity().certificate.fingerprint(SHA256())
    assert "PRIVATE" not in str(asked[0].body)


def test_nothing_is_sent_where_the_certificate_cannot_be_read(
    mock: responses.RequestsMock, written: Path
) -> None:
    token = token_source(replace(CERTIFICATE, certificate=str(written / "absent.pem")))
    with pytest.raises(SettingsError, match="GRADESYS_CERTIFICATE"):
        token()
    assert not mock.calls


@pytest.mark.parametrize("refused", [True, False])
def test_a_renewed_certificate_is_used_without_a_restart(
    mock: responses.RequestsMock, written: Path, refused: bool
) -> None:
    file = written / "key first.pem"
    token = token_source(replace(CERTIFICATE, certificate=str(file)))
    if refused:
        authority(mock)
        expired = {"error": "invalid_client", "error_description": "AADSTS700027: expired"}
        mock.replace("POST", f"{LOGIN}/tenant/oauth2/v2.0/token", json=expired, status=401)
        with pytest.raises(SettingsError, match="AADSTS700027"):
            token()
        mock.reset()
    asked = authority(mock)
    if not refused:
        token()
        renew(token)
    file.write_bytes(identity(3).pem())
    token()
    assert signed(asked[-1], identity(3))[1]["iss"] == "app-id"
