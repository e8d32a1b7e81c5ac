"""A tenant's authority in memory: signs any claims, and publishes its key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from gradesys.bearer import ROLE, Doorman
from gradesys.bearer.authority import Authority, Published
from tests.canary import note
from tests.clock import Clock

TENANT = "c0000000-0000-4000-8000-000000000001"
AUDIENCE = "b0000000-0000-4000-8000-000000000001"
CALLER = "a0000000-0000-4000-8000-000000000001"
ISSUER = f"https://login.example/{TENANT}/v2.0"
KEY_ID = "the-key-in-use"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Publishing:
    """What the authority would tell; how often it was asked."""

    keys: dict[str, rsa.RSAPublicKey] = field(default_factory=lambda: {KEY_ID: KEY.public_key()})
    trouble: Exception | None = None
    asked: int = 0

    def __call__(self) -> Published:
        self.asked += 1
        if self.trouble is not None:
            raise self.trouble
        return Published(ISSUER, dict(self.keys))


def claims_of(clock: Clock, **changed: Any) -> dict[str, Any]:
    """The claims of a good token; a member changed to None is left out."""
    now = clock()
    good = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "tid": TENANT,
        "azp": CALLER,
        "sub": CALLER,
        "iat": now,
        "nbf": now,
        "exp": now + 3600,
        "roles": [ROLE],
    }
    return {name: value for name, value in (good | changed).items() if value is not None}


def signed(
    claims: Mapping[str, Any], key: Any = KEY, algorithm: str = "RS256", **header: Any
) -> str:
    """A token; it counts as one that no log may tell."""
    named = {"kid": KEY_ID} | header
    token = jwt.encode(dict(claims), key, algorithm, headers=named)
    note("token", token)
    return token


def assembled(header: Any, claims: Any, signature: str = "") -> str:
    """A token that no library would make."""
    parts = (jwt.utils.base64url_encode(json.dumps(part).encode()) for part in (header, claims))
    return ".".join([*(part.decode() for part in parts), signature])


def doorman(clock: Clock, publishing: Publishing | None = None, trouble: str = "") -> Doorman:
    authority = Authority(publishing or Publishing(), clock)
    return Doorman(authority, AUDIENCE, TENANT, trouble, clock)
