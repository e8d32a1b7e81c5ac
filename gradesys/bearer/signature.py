"""The one part of a token that a library reads: which key it names, and whether that key signed it.

Apart from the doorman, because PyJWT and cryptography take longer to import than all of the rules.
"""

from __future__ import annotations

from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from gradesys.errors import GradesysError

ALGORITHM = "RS256"
_OPTIONS: Any = dict.fromkeys(
    [f"verify_{name}" for name in ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")], False
)
"""Only the signature is the library's business: its checks of claims read the machine's clock."""
_BROKEN = (jwt.PyJWTError, ValueError, RecursionError)


class Forged(GradesysError):
    """The text is no token, or nobody whom we trust has signed it."""


def key_id_of(token: str) -> str:
    """By which key it says that it is signed; nothing else of the header is heeded."""
    try:
        header = jwt.get_unverified_header(token)
    except _BROKEN:
        raise Forged("this is no token") from None
    if header.get("alg") != ALGORITHM:
        raise Forged(f"the token is not signed by {ALGORITHM}")
    return str(header.get("kid"))


def signed_claims(token: str, key: RSAPublicKey) -> dict[str, Any]:
    """What the key has signed."""
    try:
        claims: dict[str, Any] = jwt.decode(token, key, [ALGORITHM], options=_OPTIONS)
    except _BROKEN:
        raise Forged("the token's signature is wrong") from None
    return claims
