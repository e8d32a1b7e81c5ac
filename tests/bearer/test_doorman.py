"""Which tokens open the door, and what is said to whoever has another."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from gradesys.bearer import ROLE, BadToken, MissingRole, open_doorman
from gradesys.bearer.claims import LEEWAY_S
from gradesys.bearer.doorman import LONGEST
from gradesys.settings import Settings
from tests.bearer.issuing import (
    AUDIENCE,
    CALLER,
    ISSUER,
    KEY,
    KEY_ID,
    OTHER_KEY,
    TENANT,
    Publishing,
    assembled,
    claims_of,
    doorman,
    signed,
)
from tests.clock import Clock

GOOD = claims_of(Clock())
NOW = Clock().now
HEADER = {"alg": "RS256", "typ": "JWT", "kid": KEY_ID}


def by_public_key_as_secret() -> str:
    """HS256 with the published key as the secret: what a library that heeds ``alg`` would take."""
    secret = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    unsigned = assembled({**HEADER, "alg": "HS256"}, GOOD).rstrip(".")
    digest = hmac.new(secret, unsigned.encode(), hashlib.sha256).digest()
    return f"{unsigned}.{jwt.utils.base64url_encode(digest).decode()}"


def tampered() -> str:
    head, _, signature = signed(claims_of(Clock(), roles=None)).split(".")
    return f"{head}.{assembled({}, GOOD).split('.')[1]}.{signature}"


def own_key() -> dict[str, Any]:
    """A header that brings its own key, by value and by address."""
    key = jwt.algorithms.RSAAlgorithm.to_jwk(OTHER_KEY.public_key(), as_dict=True)
    return {"jwk": key, "jku": "https://evil.example/keys", "x5u": "https://evil.example/x"}


def changed(**claims: Any) -> Callable[[], str]:
    return lambda: signed(claims_of(Clock(), **claims))


REFUSED: dict[str, tuple[Callable[[], str], str]] = {
    "alg none": (lambda: assembled({**HEADER, "alg": "none"}, GOOD), "not signed by RS256"),
    "alg None": (lambda: assembled({**HEADER, "alg": "NoNe"}, GOOD), "not signed by RS256"),
    "no alg": (lambda: assembled({"kid": KEY_ID}, GOOD), "not signed by RS256"),
    "HS256 by the public key": (by_public_key_as_secret, "not signed by RS256"),
    "RS512": (lambda: signed(GOOD, KEY, "RS512"), "not signed by RS256"),
    "PS256": (lambda: signed(GOOD, KEY, "PS256"), "not signed by RS256"),
    "ES256": (lambda: signed(GOOD, ec.generate_private_key(ec.SECP256R1()), "ES256"), "RS256"),
    "unsigned RS256": (lambda: assembled(HEADER, GOOD), "signature is wrong"),
    "another key": (lambda: signed(GOOD, OTHER_KEY), "signature is wrong"),
    "another key, brought along": (lambda: signed(GOOD, OTHER_KEY, **own_key()), "signature is"),
    "changed afterwards": (tampered, "signature is wrong"),
    "unknown kid": (lambda: signed(GOOD, kid="invented"), "no such key"),
    "kid that is a path": (lambda: signed(GOOD, kid="../../etc/passwd"), "no such key"),
    "no kid": (lambda: assembled({"alg": "RS256"}, GOOD, "eA"), "no such key"),
    "critical extension": (lambda: signed(GOOD, crit=["b64"], b64=False), "signature is wrong"),
    "wrong issuer": (changed(iss="https://login.example/other/v2.0"), "not from the issuer"),
    "version 1": (changed(iss=f"https://sts.windows.net/{TENANT}/"), "requestedAccessTokenVersion"),
    "issuer with a tail": (changed(iss=f"{ISSUER}/"), "not from the issuer"),
    "no issuer": (changed(iss=None), "not from the issuer"),
    "wrong audience": (changed(aud="https://graph.microsoft.com"), "another audience"),
    "several audiences": (changed(aud=[AUDIENCE, "other"]), "another audience"),
    "no audience": (changed(aud=None), "another audience"),
    "wrong tenant": (changed(tid=CALLER), "another tenant"),
    "no tenant": (changed(tid=None), "another tenant"),
    "expired": (changed(exp=NOW - LEEWAY_S), "has expired"),
    "expired long ago": (changed(exp=0), "has expired"),
    "no end": (changed(exp=None), "has no end"),
    "endless": (changed(exp=float("inf")), "has no end"),
    "an end of 400 digits": (changed(exp=10**400), "has no end"),
    "end in words": (changed(exp="tomorrow"), "has no end"),
    "end that is true": (changed(exp=True), "has no end"),
    "not yet valid": (changed(nbf=NOW + LEEWAY_S + 1), "not valid yet"),
    "beginning in words": (changed(nbf="now"), "not valid yet"),
    "huge": (lambda: signed(claims_of(Clock(), more="x" * LONGEST)), "too long"),
    "garbage": (lambda: "garbage", "no token"),
    "three garbages": (lambda: "a.b.c", "no token"),
    "dots": (lambda: "." * 100, "no token"),
    "deep header": (lambda: _deep(), "no token"),
    "header that is a list": (lambda: assembled([], GOOD), "no token"),
    "claims that are a list": (lambda: assembled(HEADER, [], "eA"), "signature is wrong"),
    "not ASCII": (lambda: "توکن.توکن.توکن", "no token"),
    "half a surrogate": (lambda: "\udcff.\udcff.\udcff", "no token"),
}


def _deep() -> str:
    nested = jwt.utils.base64url_encode(b"[" * 9_000).decode()
    return f"{nested}.e30.eA"


@pytest.mark.parametrize("name", REFUSED)
def test_a_token_that_is_wrong_is_refused_with_the_reason(name: str) -> None:
    token, says = REFUSED[name]
    with pytest.raises(BadToken, match=says) as refusal:
        doorman(Clock()).admit(f"Bearer {token()}")
    assert refusal.value.given
    assert str(refusal.value).isascii() and '"' not in str(refusal.value)


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"exp": NOW - LEEWAY_S + 1},
        {"nbf": NOW + LEEWAY_S},
        {"nbf": None},
        {"tid": TENANT.upper()},
        {"roles": ["Scores.Read", ROLE]},
    ],
)
def test_a_good_token_tells_which_application_comes(claims: dict[str, Any]) -> None:
    token = signed(claims_of(Clock(), **claims))
    assert doorman(Clock()).admit(f"Bearer {token}") == CALLER
    assert doorman(Clock()).admit(f"bearer  {token} ") == CALLER


@pytest.mark.parametrize("roles", [None, [], ["scores.recompute"], ROLE, {ROLE: 1}, [[ROLE]]])
def test_without_the_role_a_good_token_is_not_enough(roles: object) -> None:
    token = signed(claims_of(Clock(), roles=roles))
    with pytest.raises(MissingRole, match=ROLE):
        doorman(Clock()).admit(f"Bearer {token}")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic eDp5", "Negotiate x", "x"])
def test_without_a_token_one_is_asked_for(header: str) -> None:
    with pytest.raises(BadToken, match="is missing") as refusal:
        doorman(Clock()).admit(header)
    assert not refusal.value.given


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        (Settings(tenant_id=TENANT), "GRADESYS_API_AUDIENCE is not set"),
        (Settings(api_audience=AUDIENCE), "GRADESYS_TENANT_ID"),
        (Settings(api_audience=f"api://{AUDIENCE}", tenant_id=TENANT), "not the client id"),
        (Settings(api_audience="gradesys", tenant_id=TENANT), "not the client id"),
        (Settings(api_audience=AUDIENCE, tenant_id="common"), "GRADESYS_TENANT_ID"),
        (Settings(api_audience=AUDIENCE, tenant_id="contoso.com"), "GRADESYS_TENANT_ID"),
    ],
)
def test_where_settings_do_not_suffice_everybody_is_refused(settings: Settings, says: str) -> None:
    with pytest.raises(BadToken, match=says):
        open_doorman(settings).admit(f"Bearer {signed(GOOD)}")


def test_no_token_makes_us_ask_anybody_whom_it_names() -> None:
    publishing, clock = Publishing(), Clock()
    door = doorman(clock, publishing)
    for token, _ in REFUSED.values():
        with pytest.raises(BadToken):
            door.admit(f"Bearer {token()}")
    assert publishing.asked == 1
