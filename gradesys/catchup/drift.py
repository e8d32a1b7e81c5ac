"""Whether the registered steps are still what the rules need: compared every quarter of an hour.

An administrator can disable a step, or another tool replace it; nothing else would tell, for what
does not come cannot complain. The last comparison stays in the ledger for the health page.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import asdict

from gradesys.dataverse.client import Client
from gradesys.deploy.actions import pending
from gradesys.deploy.drift import EVENTS_MATTER, Listening, read_listening
from gradesys.errors import MissingPrivilege
from gradesys.keys import digest_of, mark_of, read_rotation
from gradesys.marks.protocols import Ledger
from gradesys.rules.rulebook import Rulebook

LOG = logging.getLogger(__name__)
PLACE = "drift"
MOST_TOLD = 8


class Drift(Struct, frozen=True):
    """Red: events are missing; yellow: something is odd, or nobody could look. ``at`` is ISO."""

    color: str = "green"
    text: str = ""
    fix: str = ""
    at: str = ""

    def told(self) -> dict[str, str]:
        """For a page; empty before the first comparison."""
        return asdict(self) if self.at else {}


def watch_drift(
    rulebook: Rulebook, client: Client, keys: Sequence[str], ledger: Ledger, now: datetime
) -> Drift:
    """Compare, and remember the result. Raises what keeps us from Dataverse altogether."""
    try:
        color, text, fix = _judged(read_listening(rulebook, client, _marks(keys, ledger)))
    except MissingPrivilege:
        fix = "give the application user's role Read on SDK messages, their steps and endpoints"
        color, text = "yellow", "not compared: this user may not read what is registered"
    drift = Drift(color, text, fix, now.isoformat())
    if color == "red":
        LOG.error("events are missing: %s; %s", text, fix)
    ledger.put_if(PLACE, asdict(drift), ledger.get(PLACE).version)
    return drift


def last_drift(ledger: Ledger) -> Drift:
    """The last comparison."""
    return Drift(**ledger.get(PLACE).value)


def _marks(keys: Sequence[str], ledger: Ledger) -> list[str]:
    """Of the keys that are accepted: configured ones, and what a rotation put in their place."""
    rotation, _ = read_rotation(ledger)
    known = {each.digest: each.mark for each in rotation.successors}
    known |= {digest_of(key): mark_of(key) for key in keys}
    accepted = rotation.accepted({digest_of(key) for key in keys})
    return [mark for digest, mark in known.items() if digest in accepted]


def _judged(listening: Listening) -> tuple[str, str, str]:
    """Colour, what was seen, and what to do about it."""
    apply = f"run: gradesys deploy apply --base-url {listening.address or 'URL'}"
    if listening.address is None:
        return "red", "no service endpoint of ours is registered: no event comes", apply
    if not listening.trusted:
        return "red", "events carry none of our webhook keys: each is refused", apply
    found = pending(listening.actions)
    if not found:
        return "green", "", ""
    told = "; ".join(str(action) for action in found[:MOST_TOLD])
    more = f"; and {len(found) - MOST_TOLD} more" if len(found) > MOST_TOLD else ""
    missing = any(a.kind in EVENTS_MATTER and not a.what.startswith("image ") for a in found)
    return "red" if missing else "yellow", f"{told}{more}", apply
