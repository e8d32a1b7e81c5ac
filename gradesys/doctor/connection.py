"""The way to the organisation: sign-in, the first answer, who we are there, and its clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from gradesys.dataverse.certificate import read_certificate
from gradesys.doctor.site import Greeting, Site
from gradesys.doctor.verdicts import Cause, Verdict, ok, problem, verdict_of, warning
from gradesys.errors import MissingPrivilege, PermanentError, SettingsError

RENEW_DAYS = 30
NOTICEABLE_S, INTOLERABLE_S = 30, 300
"""Tokens are refused by clocks that differ by more than five minutes."""
NOT_A_MEMBER = "0x80072560"

REFUSALS: Mapping[str, str] = {
    "AADSTS7000215": "GRADESYS_CLIENT_SECRET is wrong: take the secret's value, not its id",
    "AADSTS7000222": "the client secret has expired: make a new one, or use a certificate",
    "AADSTS700016": "GRADESYS_CLIENT_ID names no application of this tenant",
    "AADSTS700027": "register the certificate with the application, or renew it",
    "AADSTS90002": "GRADESYS_TENANT_ID names no tenant",
    "AADSTS500011": "GRADESYS_DATAVERSE_URL names no organisation of this tenant",
}
"""What Entra ID's codes mean for our settings."""
WAYS: Mapping[str, str] = {
    "client_secret": "compare tenant, client id and secret with the application in Entra ID",
    "certificate": "the application in Entra ID must hold this certificate, and it must be valid",
    "managed_identity": "switch the identity on where the service runs;"
    " GRADESYS_CLIENT_ID only for a user-assigned one",
}


def check_sign_in(site: Site) -> Verdict:
    """A token, or why there is none."""
    mode = site.settings.auth
    try:
        token = site.token()
    except SettingsError as error:
        return problem(str(error), _advice(str(error), mode), Cause.CONFIGURATION)
    if token is None:
        return ok("nobody signs in, on this machine only")
    return _certificate(site) if mode == "certificate" else ok(f"signed in by {mode}")


def _advice(refusal: str, mode: str) -> str:
    # Longer codes begin like shorter ones, so whole words are compared.
    words = refusal.replace(":", " ").split()
    named = (hint for code, hint in REFUSALS.items() if code in words)
    return next(named, WAYS.get(mode, "set what the message names"))


def _certificate(site: Site) -> Verdict:
    settings = site.settings
    found = read_certificate(Path(settings.certificate), settings.certificate_password)
    days = (found.expires - site.clock()).days
    text = f"signed in by certificate, which ends on {found.expires.date()}"
    if days < RENEW_DAYS:
        return warning(text, "make a new one, register it, and put it into the same file")
    return ok(text)


def check_reachable(site: Site) -> Verdict:
    """The first answer, and the version."""
    try:
        site.greeting.response.json()
        version = site.client.request("GET", "RetrieveVersion()").json()["Version"]
    except MissingPrivilege as error:
        return _stranger(error)
    except PermanentError as error:
        hint = "is GRADESYS_DATAVERSE_URL the root of a Dataverse organisation?"
        return problem(str(error), hint, Cause.UNREACHABLE)
    return ok(f"it answers, version {version}")


def _stranger(error: MissingPrivilege) -> Verdict:
    if error.answer.code != NOT_A_MEMBER:
        return verdict_of(error)
    hint = "add an application user with this client id in the Power Platform admin centre"
    return problem(str(error), hint, Cause.CONFIGURATION)


def check_organisation(site: Site) -> Verdict:
    """Whose rows these are: events of another organisation are refused."""
    answer = site.greeting.response.json()
    ids = [answer.get(name) for name in ("OrganizationId", "UserId")]
    if not all(ids):
        hint = "is GRADESYS_DATAVERSE_URL the root of a Dataverse organisation?"
        return problem("it does not say which organisation it is", hint)
    return ok(f"organisation {ids[0]}, we are its user {ids[1]}")


def check_clock(site: Site) -> Verdict:
    """This machine's clock against the organisation's."""
    if site.settings.now is not None:
        return warning("the clock of scores is pinned", "unset GRADESYS_NOW")
    theirs = _date(site.greeting)
    if theirs is None:
        return warning("the organisation tells no time: not checked", "compare the clock by hand")
    seconds = _apart(theirs, site.greeting)
    text = f"{round(seconds)} s from the organisation's"
    hint = "let this machine's clock follow a time server"
    if seconds > INTOLERABLE_S:
        return problem(text, hint)
    return warning(text, hint) if seconds > NOTICEABLE_S else ok(text)


def _date(greeting: Greeting) -> datetime | None:
    text = greeting.response.headers.get("Date")
    try:
        return None if text is None else parsedate_to_datetime(text).astimezone(UTC)
    except ValueError:
        return None


def _apart(theirs: datetime, greeting: Greeting) -> float:
    """Seconds by which clocks differ for sure: it was that time at some moment of the request."""
    early = (greeting.asked - theirs).total_seconds()
    late = (theirs - greeting.answered).total_seconds()
    return max(0.0, early, late)
