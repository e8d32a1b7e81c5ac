"""The alert hook: one small POST when the service turns red or back, and then once a day.

What was told is in the ledger, so of several instances one tells. A hook that fails is tried again
a minute later and never harms anything else.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import requests
from msgspec.structs import asdict

from gradesys.errors import StoreError
from gradesys.health.words import Color, Reason
from gradesys.marks.protocols import Entry, Ledger
from gradesys.settings import is_loopback

LOG = logging.getLogger(__name__)
PLACE = "alert"
DAILY = frozenset({"privilege"})
"""Yellow reasons that somebody must hear of all the same."""
AGAIN = timedelta(days=1)
CLAIM = timedelta(seconds=50)
"""How long whoever began to tell may take; a minute later another try is due."""
TIMEOUT_S = 10.0
Send = Callable[[Mapping[str, Any]], None]


class Hook:
    """Tells one address about one organisation."""

    def __init__(self, ledger: Ledger, organisation: str, send: Send) -> None:
        self._ledger = ledger
        self._organisation = organisation
        self._send = send
        self._own: Mapping[str, Any] = {}

    def tell(self, found: Sequence[Reason], now: datetime) -> bool:
        """Tell what is new or a day old; whether something was told."""
        color, entry = _loud(found), self._told()
        if not _due(entry.value, color, now):
            return False
        claim = {"status": color, "at": now.isoformat()}
        if not self._note(claim | {"sent": False}, entry):
            return False
        try:
            self._send(message(color, found, self._organisation))
        except (requests.RequestException, OSError) as error:
            # Its text may hold the address, which may be a secret.
            LOG.error("the alert hook failed: %s", type(error).__name__)
            return False
        self._note(claim | {"sent": True}, self._told())
        return True

    def _told(self) -> Entry:
        """What was told last: by all, or by us alone while the ledger could not be asked."""
        try:
            entry = self._ledger.get(PLACE)
        except StoreError:
            return Entry(self._own, -1)
        return Entry(self._own or entry.value, entry.version)

    def _note(self, value: Mapping[str, Any], entry: Entry) -> bool:
        """Remember; False: somebody else was faster."""
        try:
            if entry.version >= 0:
                self._own = {}
                return self._ledger.put_if(PLACE, value, entry.version)
        except StoreError:
            LOG.warning("what the alert hook told is remembered by this process only")
        self._own = value
        return True


def message(color: Color, found: Sequence[Reason], organisation: str) -> dict[str, Any]:
    """What is posted; chat services show ``text``."""
    lines = [f"gradesys is {color}: {organisation}"]
    lines += [f"{reason.color}: {reason.text}; {reason.fix}" for reason in found]
    told = [asdict(reason) for reason in found]
    return {"status": color, "reasons": told, "url": organisation, "text": "\n".join(lines)}


def sender(url: str) -> Send:
    """Posts to this address, whatever it answers with but 2xx is a failure."""

    def send(told: Mapping[str, Any]) -> None:
        with requests.Session() as session:
            session.trust_env = not is_loopback(url)
            answer = session.post(url, json=told, timeout=TIMEOUT_S, allow_redirects=False)
        if not 200 <= answer.status_code < 300:
            raise requests.HTTPError(f"answered {answer.status_code}", response=answer)

    return send


def _loud(found: Sequence[Reason]) -> Color:
    """The colour that others hear of."""
    if any(reason.color is Color.RED for reason in found):
        return Color.RED
    return Color.YELLOW if any(reason.code in DAILY for reason in found) else Color.GREEN


def _due(told: Mapping[str, Any], color: Color, now: datetime) -> bool:
    if color != told.get("status", Color.GREEN):
        return True
    if not told:
        return False
    age = now - datetime.fromisoformat(told["at"])
    return age >= CLAIM if not told["sent"] else color is not Color.GREEN and age >= AGAIN
