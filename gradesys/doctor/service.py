"""The service itself, asked as Dataverse would ask it, where --base-url says where it is."""

from __future__ import annotations

from typing import Any

import requests

from gradesys.deploy.drift import NO_KEY
from gradesys.deploy.manifest import endpoints_at
from gradesys.deploy.names import HEADER
from gradesys.doctor.site import Site
from gradesys.doctor.verdicts import Cause, Verdict, ok, problem, warning
from gradesys.settings import is_loopback

TIMEOUT_S = 20.0
ACCEPTED = 400
"""A body that is no event is refused only after the key was accepted, and changes nothing."""


def check_service(site: Site) -> Verdict:
    """Reachable, its colour, and whether it accepts the key that events carry."""
    if site.base_url is None:
        return ok("not asked; gradesys doctor --base-url URL asks it")
    root = endpoints_at(site.base_url, NO_KEY)[0].url.removesuffix("/api/webhook")
    try:
        health = _ask(root, "GET", "health")
        told = health.json()
        key = _ask(root, "POST", "webhook", site) if site.settings.webhook_keys else None
    except (requests.RequestException, ValueError) as error:
        text = f"{root} gives no answer of ours: {type(error).__name__}"
        hint = "is it running, and does its address begin as --base-url says?"
        return problem(text, hint, Cause.UNREACHABLE)
    if key is not None and key.status_code != ACCEPTED:
        hint = "give the service the same GRADESYS_WEBHOOK_KEYS, and run: gradesys deploy apply"
        text = f"it answers {key.status_code} to our first webhook key"
        return problem(text, hint, Cause.CONFIGURATION)
    return _colored(root, told)


def _colored(root: str, told: dict[str, Any]) -> Verdict:
    reasons = told.get("reasons", [])
    if told.get("status") == "green":
        return ok(f"{root} is green")
    text = "; ".join(str(reason["text"]) for reason in reasons) or "it does not say why"
    hint = "; ".join(str(reason["fix"]) for reason in reasons) or "look into its log"
    kind = problem if told.get("status") == "red" else warning
    return kind(f"{root} is {told.get('status')}: {text}", hint)


def _ask(root: str, method: str, route: str, site: Site | None = None) -> requests.Response:
    headers = {} if site is None else {HEADER: site.settings.webhook_keys[0]}
    with requests.Session() as session:
        session.trust_env = not is_loopback(root)
        return session.request(
            method,
            f"{root}/api/{route}",
            data=None if site is None else b"{}",
            headers=headers,
            timeout=TIMEOUT_S,
            allow_redirects=False,
        )
