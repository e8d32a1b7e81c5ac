"""What finds lost events: the last resync, the quarter-hour round, and change tracking for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from gradesys.catchup.tracked import ROUNDS
from gradesys.dataverse.deltas import Deltas
from gradesys.doctor.site import Site
from gradesys.doctor.verdicts import Verdict, ok, warning
from gradesys.health.diagnosis import NOTABLE_DRIFT, RESYNC_DUE, ROUND_DUE
from gradesys.rules.rowevents import followed


def check_resync(site: Site) -> Verdict:
    """When each model was last computed as a whole, and how exact it was found."""
    names = [source.model.id for source in site.sources if source.model.enabled]
    found = {name: site.work.ledger.get(f"finished/{name}").value for name in names}
    never = [name for name, value in found.items() if "at" not in value]
    late = [name for name, value in found.items() if _age(site, value) > RESYNC_DUE]
    wrong = [name for name, value in found.items() if value.get("drift", 0) > NOTABLE_DRIFT]
    if late:
        hint = "run: gradesys resync; is the service running, with its timers?"
        return warning(f"older than 26 hours: {', '.join(late)}", hint)
    if wrong:
        text = f"the last one found records wrong that no event explains: {', '.join(wrong)}"
        return warning(text, "events get lost: look at steps and at the failed system jobs")
    if never:
        return ok(f"none has finished yet for {', '.join(never)}: gradesys resync runs one")
    return ok("each model was computed as a whole within 26 hours")


def _age(site: Site, value: Mapping[str, Any]) -> timedelta:
    return _since(site, value["at"]) if "at" in value else timedelta(0)


def _since(site: Site, moment: str) -> timedelta:
    return site.clock() - datetime.fromisoformat(moment)


def check_rounds(site: Site) -> Verdict:
    """Whether lost events are looked for."""
    value = site.work.ledger.get(ROUNDS).value
    if not value:
        return ok("no round yet: the service looks every quarter of an hour for lost events")
    if _since(site, value["at"]) > ROUND_DUE:
        return warning(f"the last round was at {value['at']}", "is the service running?")
    if value["refused"]:
        text = f"rounds go without {', '.join(value['refused'])}"
        return warning(text, "gradesys catchup says which privilege is missing")
    return ok(f"last at {value['at']}, {value['marked']} marked")


def check_tracking(site: Site) -> Verdict:
    """Change tracking of the tables that the rules read; it is on for all of them or wanted for
    none."""
    tables = followed(site.needed.rulebook)
    tracked = Deltas(site.client, site.schema).tracked(tables)
    off = sorted(set(tables) - tracked)
    if not tracked:
        return ok("off: lost events wait for the nightly resync (gradesys deploy apply --catch-up)")
    if off:
        hint = "run: gradesys deploy apply --catch-up"
        return warning(f"off for {', '.join(off)}, on for the others", hint)
    return ok(f"on for {len(tracked)} tables")
