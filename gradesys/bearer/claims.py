"""What a token must claim: a table of checks, each with what is said when it fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

Claims = Mapping[str, Any]
LEEWAY_S = 60.0
"""How far two clocks may disagree."""
FAR = 1e12
"""Seconds since 1970 that no authority means."""


class Expected(Struct, frozen=True):
    """Who issues tokens for whom."""

    issuer: str
    audience: str
    tenant: str


def _is_ours(claims: Claims, expected: Expected, now: float) -> bool:
    return bool(claims.get("iss") == expected.issuer)


def _is_for_us(claims: Claims, expected: Expected, now: float) -> bool:
    return str(claims.get("aud")).lower() == expected.audience.lower()


def _is_of_the_tenant(claims: Claims, expected: Expected, now: float) -> bool:
    return str(claims.get("tid")).lower() == expected.tenant.lower()


def _has_an_end(claims: Claims, expected: Expected, now: float) -> bool:
    return _is_instant(claims.get("exp"))


def _is_not_over(claims: Claims, expected: Expected, now: float) -> bool:
    return bool(now < claims["exp"] + LEEWAY_S)


def _has_begun(claims: Claims, expected: Expected, now: float) -> bool:
    begin = claims.get("nbf", now)
    return _is_instant(begin) and now >= begin - LEEWAY_S


def _is_instant(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < FAR


Check = Callable[[Claims, Expected, float], bool]
CHECKS: tuple[tuple[Check, str], ...] = (
    (
        _is_ours,
        "the token is not from the issuer of the configured tenant, in version 2 "
        "(requestedAccessTokenVersion of the app registration)",
    ),
    (_is_for_us, "the token is for another audience than GRADESYS_API_AUDIENCE"),
    (_is_of_the_tenant, "the token is of another tenant"),
    (_has_an_end, "the token has no end"),
    (_is_not_over, "the token has expired"),
    (_has_begun, "the token is not valid yet"),
)


def complaint(claims: Claims, expected: Expected, now: float) -> str | None:
    """What is wrong first, in our words; None: nothing."""
    failed = (text for check, text in CHECKS if not check(claims, expected, now))
    return next(failed, None)
