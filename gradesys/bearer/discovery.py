"""OpenID discovery over https: one document for the issuer, one for the keys it signs with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import requests
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt import InvalidKeyError
from jwt.algorithms import RSAAlgorithm

from gradesys.bearer.authority import Published
from gradesys.dataverse.auth import Credentials, authority_of, open_session, unanswered
from gradesys.errors import SettingsError, TemporaryError
from gradesys.settings import keeps_secrets

PATH = "/v2.0/.well-known/openid-configuration"
TIMEOUT_S = 10.0
LEAST_BITS = 2048


def published_by(credentials: Credentials) -> Published:
    """What the tenant's authority tells. Raises SettingsError or TemporaryError."""
    with open_session(TIMEOUT_S, credentials.verify) as session:
        document = _document(session, authority_of(credentials) + PATH)
        keys = _document(session, str(document.get("jwks_uri")))
    return Published(str(document.get("issuer")), dict(_signing_keys(keys)))


def _document(session: requests.Session, url: str) -> Mapping[str, Any]:
    if not keeps_secrets(url):
        raise SettingsError("the authority's documents must be at https addresses")
    try:
        answer = session.get(url)
        answer.raise_for_status()
        document = answer.json()
    except requests.exceptions.RequestException as error:
        raise unanswered(error) from error
    if not isinstance(document, dict):
        raise TemporaryError("the authority's answer is no JSON object")
    return document


def _signing_keys(document: Mapping[str, Any]) -> Iterator[tuple[str, RSAPublicKey]]:
    """The usable keys of a set; Entra ID leaves ``alg`` out."""
    for entry in document.get("keys", ()):
        named = entry.get("kty"), entry.get("use", "sig"), entry.get("alg", "RS256")
        if named != ("RSA", "sig", "RS256"):
            continue
        try:
            key = RSAAlgorithm.from_jwk(entry)
        except (InvalidKeyError, ValueError):
            continue
        if isinstance(key, RSAPublicKey) and key.key_size >= LEAST_BITS:
            yield str(entry.get("kid")), key
