"""The marks: whether they can be written, and what waits in them."""

from __future__ import annotations

from gradesys.doctor.site import Site
from gradesys.doctor.verdicts import Verdict, ok, warning

OLD_S = 300.0
"""Longer than any pause that Dataverse asks for in the ordinary way."""


def check_work(site: Site) -> Verdict:
    """A sweep changes nothing that matters, and needs the right to write."""
    site.work.marks.sweep()
    return ok(f"{site.work.place} can be written")


def check_backlog(site: Site) -> Verdict:
    """What should have been scored by now."""
    stats = site.work.marks.stats()
    text = f"{stats.dirty} waiting (oldest {stats.oldest_s} s)"
    if stats.oldest_s > OLD_S:
        return warning(text, "is the service running? its log says what it waits for")
    return ok(text)


def check_parked(site: Site) -> Verdict:
    """What could not be scored."""
    parked = site.work.marks.parked()
    if not parked:
        return ok("nothing is parked")
    tables = ", ".join(sorted({item.key.table for item in parked}))
    text = f"{len(parked)} parked, of {tables}"
    return warning(text, "gradesys parked list says why; then: gradesys parked retry --all")
