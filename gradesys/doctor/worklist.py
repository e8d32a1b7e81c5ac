"""The file of marks on this machine: whether it can be written, and what waits in it."""

from __future__ import annotations

from gradesys.doctor.site import Site
from gradesys.doctor.verdicts import Verdict, ok, warning
from gradesys.marks.sqlite_marks import SqliteMarks

OLD_S = 300.0
"""Longer than any pause that Dataverse asks for in the ordinary way."""


def check_work(site: Site) -> Verdict:
    """An empty transaction needs the right to write, and nothing else does."""
    with site.database.transaction():
        return ok(f"{site.settings.work} can be written")


def check_backlog(site: Site) -> Verdict:
    """What should have been scored by now."""
    stats = SqliteMarks(site.database).stats()
    text = f"{stats.dirty} waiting (oldest {stats.oldest_s} s), {stats.parked} parked"
    if stats.oldest_s > OLD_S:
        return warning(text, "is the service running? its log says what it waits for")
    if stats.parked:
        return warning(text, "gradesys status says why; recompute them when that is put right")
    return ok(text)
