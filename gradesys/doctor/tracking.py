"""Whether lost events can be found: change tracking of the tables that the rules read."""

from __future__ import annotations

from gradesys.dataverse.deltas import Deltas
from gradesys.doctor.site import Site
from gradesys.doctor.verdicts import Verdict, ok, warning
from gradesys.rules.rowevents import followed


def check_tracking(site: Site) -> Verdict:
    """A table that is not tracked is right all the same, only later."""
    tables = followed(site.needed.rulebook)
    tracked = Deltas(site.client, site.schema).tracked(tables)
    missing = [table for table in tables if table not in tracked]
    if not missing:
        return ok(f"changes of {len(tables)} tables can be followed")
    text = f"not tracked, so that lost events wait for the nightly resync: {', '.join(missing)}"
    return warning(text, "run: gradesys deploy apply --catch-up; it cannot be turned off again")
