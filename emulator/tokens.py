"""Access tokens of the emulator's own authority: issued to applications, checked on requests.

Only with `--require-token`. Tokens are signed with a key made at the start, so they end with the
process.
"""

import hmac
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509 import load_pem_x509_certificate

from emulator.users import Application

ALGORITHM = "RS256"
LIFETIME_SECONDS = 3599
API = "api://"
"""Before the client id of an app registration that is an API of its own."""
CERTIFICATE_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ASSERTION_ALGORITHMS = ["RS256", "PS256"]


class Denied(Exception):
    """A refusal of the token endpoint: an OAuth error with the number of an AADSTS message."""

    def __init__(self, status: int, error: str, number: int, why: str) -> None:
        super().__init__(f"AADSTS{number}: {why}")
        self.status = status
        self.error = error
        self.number = number

    def body(self) -> dict[str, Any]:
        """The JSON body of the answer."""
        ids = {"trace_id": str(uuid4()), "correlation_id": str(uuid4())}
        told = {"error": self.error, "error_description": str(self)}
        return {**told, "error_codes": [self.number], **ids}


class Issuer:
    """Issues tokens to ``applications``; without any, every application with a secret gets one.

    ``clock`` gives seconds since 1970.
    """

    def __init__(
        self,
        applications: Sequence[Application] = (),
        lifetime: int = LIFETIME_SECONDS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._applications = {item.applicationid.lower(): item for item in applications}
        self._lifetime = lifetime
        self._clock = clock
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._key_id = uuid4().hex

    def sign_in(self, form: Mapping[str, str], endpoint: str) -> str:
        """The application that a token request proves to be. Raises Denied."""
        if form.get("grant_type") != "client_credentials":
            why = "The app requested an unsupported grant type."
            raise Denied(400, "unsupported_grant_type", 70003, why)
        application_id = form.get("client_id", "").lower()
        known = self._applications.get(application_id)
        if not application_id or (known is None and self._applications):
            why = f"Application with identifier '{application_id}' was not found in the directory."
            raise Denied(400, "unauthorized_client", 700016, why)
        application = known or Application(application_id, secret=form.get("client_secret"))
        if "client_assertion" in form:
            _check_assertion(application, form, endpoint)
        elif not _same(application.secret, form.get("client_secret")):
            raise Denied(401, "invalid_client", 7000215, "Invalid client secret provided.")
        return application_id

    def managed_identity(self, header: str, client_id: str | None) -> str | None:
        """The application of a managed identity by its secret header; None for a wrong one."""
        for application in self._applications.values():
            asked = client_id is None or client_id.lower() == application.applicationid.lower()
            if asked and _same(application.identity_header, header):
                return application.applicationid.lower()
        return None

    def issue(self, application_id: str, resource: str, authority: str) -> dict[str, Any]:
        """The answer with an access token for ``resource``: the organisation's root, or an
        ``api://`` address, whose tokens name the application's roles there."""
        now = int(self._clock())
        ends = now + self._lifetime
        claims = {
            "aud": resource.removeprefix(API),
            "iss": f"{authority}/v2.0",
            "iat": now,
            "nbf": now,
            "exp": ends,
            "tid": authority.rpartition("/")[2],
            "azp": application_id,
            "appid": application_id,
            "oid": application_id,
            "sub": application_id,
        }
        known = self._applications.get(application_id)
        if known and resource in known.approles:
            claims["roles"] = list(known.approles[resource])
        token = jwt.encode(claims, self._key, ALGORITHM, headers={"kid": self._key_id})
        lasting = {"expires_in": self._lifetime, "expires_on": ends}
        return {"token_type": "Bearer", **lasting, "access_token": token}

    def application_of(self, token: str, audience: str) -> str | None:
        """The application a token was issued to; None when it is not ours, for another audience
        or past its end."""
        try:
            claims = jwt.decode(
                token,
                self._key.public_key(),
                algorithms=[ALGORITHM],
                audience=audience,
                options={"verify_exp": False, "verify_nbf": False, "verify_iat": False},
            )
        except jwt.InvalidTokenError:
            return None
        return str(claims["appid"]) if self._clock() < claims["exp"] else None

    def keys(self) -> dict[str, Any]:
        """The public key as a JSON Web Key Set."""
        key = jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return {"keys": [{**key, "kid": self._key_id, "use": "sig", "alg": ALGORITHM}]}


def _check_assertion(application: Application, form: Mapping[str, str], endpoint: str) -> None:
    if form.get("client_assertion_type") != CERTIFICATE_ASSERTION:
        raise Denied(400, "invalid_request", 50027, "The client assertion type is not supported.")
    if application.certificate is None:
        raise Denied(401, "invalid_client", 700027, "No certificate is registered for the app.")
    certificate = load_pem_x509_certificate(application.certificate.encode())
    public = certificate.public_key()
    if not isinstance(public, rsa.RSAPublicKey):
        raise Denied(401, "invalid_client", 700027, "The registered certificate has no RSA key.")
    try:
        header = jwt.get_unverified_header(form["client_assertion"])
        claims = jwt.decode(
            form["client_assertion"],
            public,
            algorithms=_ASSERTION_ALGORITHMS,
            audience=endpoint,
            options={"require": ["exp", "iss", "sub"]},
        )
    except (jwt.InvalidTokenError, TypeError) as error:
        why = f"The certificate with which the client assertion is signed is wrong: {error}"
        raise Denied(401, "invalid_client", 700027, why) from error
    prints = _thumbprints(certificate.fingerprint)
    named = str(header.get("x5t#S256", header.get("x5t", "")))
    if named.rstrip("=") not in prints:  # MSAL leaves the padding on
        raise Denied(401, "invalid_client", 700027, "The thumbprint is not registered.")
    if {claims["iss"].lower(), claims["sub"].lower()} != {application.applicationid.lower()}:
        raise Denied(401, "invalid_client", 700021, "Issuer and subject must be the client.")


def _thumbprints(fingerprint: Callable[[hashes.HashAlgorithm], bytes]) -> set[str]:
    digests = (fingerprint(hashes.SHA256()), fingerprint(hashes.SHA1()))
    return {jwt.utils.base64url_encode(digest).decode() for digest in digests}


def _same(expected: str | None, given: str | None) -> bool:
    if not expected or not given:
        return False
    return hmac.compare_digest(expected.encode(), given.encode())
