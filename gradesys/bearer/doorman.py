"""Looks at a bearer token and says who came, or why not.

What reads signatures and keys is imported with the first token: most services never see one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

from msgspec import Struct

from gradesys.bearer.authority import Authority, Published
from gradesys.bearer.claims import Expected, complaint
from gradesys.errors import GradesysError
from gradesys.org import credentials_of
from gradesys.settings import Settings

ROLE = "Scores.Recompute"
LONGEST = 16 * 1024
"""Characters; Entra ID's tokens have two thousand."""


class BadToken(GradesysError):
    """No token, or none that we accept; ``given`` when there was one."""

    def __init__(self, text: str, given: bool = True) -> None:
        super().__init__(text)
        self.given = given


class MissingRole(GradesysError):
    """The token is good, but its application was not given the app role."""


class Doorman(Struct, frozen=True):
    """``trouble`` says why no token is accepted at all; ``now`` gives seconds since 1970."""

    authority: Authority
    audience: str
    tenant: str
    trouble: str = ""
    now: Callable[[], float] = time.time

    def admit(self, header: str) -> str:
        """The application that an Authorization header shows. Raises BadToken, MissingRole, and
        what asking the authority raises."""
        if self.trouble:
            raise BadToken(self.trouble, given=False)
        kind, _, token = header.partition(" ")
        if kind.lower() != "bearer" or not token.strip():
            raise BadToken("a bearer token of Entra ID is missing", given=False)
        claims = self._proven(token.strip())
        roles = claims.get("roles")
        if not isinstance(roles, list) or ROLE not in roles:
            raise MissingRole(f"the token lacks the app role {ROLE}")
        return str(claims.get("azp"))

    def _proven(self, token: str) -> dict[str, Any]:
        """The claims of a token that is signed, for us, and valid now."""
        from gradesys.bearer.signature import Forged, key_id_of, signed_claims

        if len(token) > LONGEST:
            raise BadToken("the token is too long")
        try:
            key_id = key_id_of(token)
            published = self.authority.published(key_id)
            key = published.keys.get(key_id)
            if key is None:
                raise BadToken("the authority has no such key")
            claims = signed_claims(token, key)
        except Forged as error:
            raise BadToken(str(error)) from None
        expected = Expected(published.issuer, self.audience, self.tenant)
        if text := complaint(claims, expected, self.now()):
            raise BadToken(text)
        return claims


def open_doorman(settings: Settings) -> Doorman:
    """The doorman of these settings; where they do not suffice, one that refuses everybody."""
    credentials = credentials_of(settings)

    def ask() -> Published:
        from gradesys.bearer.discovery import published_by

        return published_by(credentials)

    audience, tenant = settings.api_audience, settings.tenant_id
    return Doorman(Authority(ask), audience, tenant, _trouble(settings))


def _trouble(settings: Settings) -> str:
    refused = "bearer tokens are not accepted"
    if not settings.api_audience:
        return f"{refused}: GRADESYS_API_AUDIENCE is not set"
    if not _is_guid(settings.api_audience):
        return f"{refused}: GRADESYS_API_AUDIENCE is not the client id of an app registration"
    if not _is_guid(settings.tenant_id):
        return f"{refused}: GRADESYS_TENANT_ID is not the tenant's id"
    return ""


def _is_guid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
