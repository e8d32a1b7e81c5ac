"""Could the service check the access tokens of programs? The authority is asked beforehand."""

from __future__ import annotations

from gradesys.bearer import ROLE, open_doorman
from gradesys.doctor.site import Site
from gradesys.doctor.verdicts import Cause, Verdict, ok, problem


def check_programs(site: Site) -> Verdict:
    """Nothing set is in order: the button needs no token."""
    if not site.settings.api_audience:
        return ok("no program may ask for a recompute; GRADESYS_API_AUDIENCE would let them")
    door = open_doorman(site.settings)
    if door.trouble:
        return problem(
            door.trouble, "set it, or take GRADESYS_API_AUDIENCE out", Cause.CONFIGURATION
        )
    found = door.authority.published("")
    hint = "look at GRADESYS_AUTHORITY and GRADESYS_TENANT_ID"
    if not found.keys:
        return problem(f"{found.issuer} publishes no key for RS256", hint, Cause.CONFIGURATION)
    return ok(f"those with the role {ROLE} may ask; {len(found.keys)} keys of {found.issuer}")
