"""The settings alone: what can be told without asking anybody."""

from __future__ import annotations

import dataclasses
from urllib.parse import urlsplit

from gradesys.doctor.site import Site
from gradesys.doctor.verdicts import Cause, Verdict, ok, problem, warning
from gradesys.settings import PREFIX, require_org

REFERENCE = "@microsoft.keyvault("
SHORTEST_KEY = 16


def check_address(site: Site) -> Verdict:
    """The organisation's root, and nothing behind it."""
    url = site.settings.dataverse_url
    example = "set GRADESYS_DATAVERSE_URL to a root like https://contoso.crm4.dynamics.com"
    try:
        parts = urlsplit(url)
    except ValueError:
        return problem("it is not a web address", example, Cause.CONFIGURATION)
    if parts.username or parts.password:
        return problem("it holds a user or a password", example, Cause.CONFIGURATION)
    settings = require_org(site.settings)
    if parts.path or parts.query or parts.fragment:
        text = f"{parts.hostname} is followed by a path or a query"
        return problem(text, example, Cause.CONFIGURATION)
    return ok(settings.dataverse_url)


def check_references(site: Site) -> Verdict:
    """Settings that should have come from a key vault and did not."""
    unresolved = [
        PREFIX + field.name.upper()
        for field in dataclasses.fields(site.settings)
        if _is_reference(getattr(site.settings, field.name))
    ]
    if not unresolved:
        return ok("no setting is an unresolved Key Vault reference")
    return problem(
        f"the platform did not resolve the Key Vault reference of {', '.join(unresolved)}",
        "give the app's identity the role Key Vault Secrets User and check the name of the secret;"
        " outside Azure set the value itself",
        Cause.CONFIGURATION,
    )


def _is_reference(value: object) -> bool:
    values = value if isinstance(value, tuple) else (value,)
    return any(str(each).lower().startswith(REFERENCE) for each in values)


def check_keys(site: Site) -> Verdict:
    """Without a key every event is refused."""
    keys = site.settings.webhook_keys
    if not keys:
        hint = "set GRADESYS_WEBHOOK_KEYS to a long random text, then run: gradesys deploy apply"
        return problem("no webhook key is set: every event is refused", hint, Cause.CONFIGURATION)
    if min(map(len, keys)) < SHORTEST_KEY and not site.settings.loopback:
        hint = f"put a longer one first, run: gradesys deploy apply, then drop the {len(keys)} old"
        return warning(f"a webhook key is shorter than {SHORTEST_KEY} characters", hint)
    return ok(f"{len(keys)} set")
