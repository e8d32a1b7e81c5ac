"""What is taken from the authority's two documents, and what is not."""

from __future__ import annotations

from typing import Any

import jwt
import pytest
import responses
from cryptography.hazmat.primitives.asymmetric import rsa

from gradesys.bearer.authority import Published
from gradesys.bearer.discovery import published_by
from gradesys.dataverse.auth import Credentials
from gradesys.errors import GradesysError, SettingsError, TemporaryError
from tests.bearer.issuing import ISSUER, KEY, TENANT

PLACE = f"https://login.example/{TENANT}/v2.0/.well-known/openid-configuration"
KEYS = "https://login.example/keys"


def jwk(key: rsa.RSAPrivateKey = KEY, **changed: Any) -> dict[str, Any]:
    """As Entra ID publishes a key: no ``alg``."""
    public = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {**{n: public[n] for n in ("kty", "n", "e")}, "use": "sig", "kid": "k", **changed}


def fetched(keys: Any, jwks_uri: Any = KEYS, **answer: Any) -> Published:
    document = {"issuer": ISSUER, "jwks_uri": jwks_uri}
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.get(PLACE, **({"json": document} | answer))
        mock.get(KEYS, json=keys)
        login = "https://login.example"
        return published_by(Credentials("", "", tenant_id=TENANT, authority=login))


@pytest.mark.parametrize(
    ("key", "taken"),
    [
        (jwk(), True),
        (jwk(alg="RS256"), True),
        (jwk(alg="RS512"), False),
        (jwk(use="enc"), False),
        (jwk(kty="EC"), False),
        (jwk(n="!"), False),
        ({"kty": "RSA", "kid": "k"}, False),
        ({"kty": "oct", "k": "c2VjcmV0", "kid": "k"}, False),
        (jwk(rsa.generate_private_key(public_exponent=65537, key_size=1024)), False),
    ],
)
def test_only_signing_keys_of_rsa_that_are_long_enough_count(key: Any, taken: bool) -> None:
    found = fetched({"keys": [key]})
    assert (found.issuer, set(found.keys)) == (ISSUER, {"k"} if taken else set())


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"jwks_uri": "http://login.example/keys"}, SettingsError),
        ({"jwks_uri": "file:///etc/passwd"}, SettingsError),
        ({"jwks_uri": None}, SettingsError),
        ({"status": 302, "headers": {"Location": "https://evil.example/"}}, SettingsError),
        ({"status": 404}, TemporaryError),
        ({"status": 503}, TemporaryError),
        ({"json": [1]}, TemporaryError),
        ({"body": "<html>", "json": None}, TemporaryError),
    ],
)
def test_an_answer_that_cannot_be_right_is_not_used(
    answer: dict[str, Any], error: type[GradesysError]
) -> None:
    with pytest.raises(error):
        fetched({"keys": [jwk()]}, **answer)
