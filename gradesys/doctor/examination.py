"""The table of checks, in the order in which one thing needs another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime

from msgspec import Struct

from gradesys.doctor.connection import (
    check_clock,
    check_organisation,
    check_reachable,
    check_sign_in,
)
from gradesys.doctor.environment import check_address, check_keys, check_references
from gradesys.doctor.packages import check_alerts, check_python, check_telemetry
from gradesys.doctor.privileges import check_privileges
from gradesys.doctor.programs import check_programs
from gradesys.doctor.registration import (
    check_button,
    check_role,
    check_shown,
    check_solution,
    check_steps,
)
from gradesys.doctor.rounds import check_resync, check_rounds, check_tracking
from gradesys.doctor.rulefiles import check_in_force, check_outputs, check_rules, check_tables
from gradesys.doctor.service import check_service
from gradesys.doctor.site import Site
from gradesys.doctor.verdicts import Finding, Verdict, ok, verdict_of, warning
from gradesys.doctor.worklist import check_backlog, check_parked, check_work
from gradesys.errors import GradesysError, SettingsError
from gradesys.settings import read_settings


class Check(Struct, frozen=True):
    """One question. It is asked only when the checks it ``needs`` found no problem."""

    name: str
    look: Callable[[Site], Verdict]
    needs: tuple[str, ...] = ()


CHECKS: tuple[Check, ...] = (
    Check("address", check_address),
    Check("key vault", check_references),
    Check("webhook keys", check_keys, ("key vault",)),
    Check("marks", check_work, ("key vault",)),
    Check("backlog", check_backlog, ("marks",)),
    Check("parked", check_parked, ("marks",)),
    Check("python", check_python),
    Check("alerts", check_alerts),
    Check("telemetry", check_telemetry),
    Check("programs", check_programs, ("key vault",)),
    Check("rules", check_rules),
    Check("in force", check_in_force, ("rules", "marks")),
    Check("resync", check_resync, ("rules", "marks")),
    Check("catch-up", check_rounds, ("marks",)),
    Check("sign-in", check_sign_in, ("address", "key vault")),
    Check("reachable", check_reachable, ("sign-in",)),
    Check("organisation", check_organisation, ("reachable",)),
    Check("clock", check_clock, ("reachable",)),
    Check("tables", check_tables, ("rules", "reachable")),
    Check("privileges", check_privileges, ("rules", "organisation")),
    Check("tracking", check_tracking, ("rules", "reachable")),
    Check("outputs", check_outputs, ("rules", "reachable")),
    Check("steps", check_steps, ("rules", "reachable", "webhook keys")),
    Check("button", check_button, ("rules", "reachable")),
    Check("role", check_role, ("rules", "reachable")),
    Check("shown", check_shown, ("rules", "reachable")),
    Check("solution", check_solution, ("rules", "reachable")),
    Check("service", check_service, ("webhook keys",)),
)


def examine(
    environment: Mapping[str, str],
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    base_url: str | None = None,
) -> Iterator[Finding]:
    """The findings, one by one as they are made; ``settings`` first, the others as in CHECKS. The
    service itself is asked where ``base_url`` says where it is."""
    try:
        settings = read_settings(environment)
    except SettingsError as error:
        yield Finding("settings", verdict_of(error))
        return
    yield Finding("settings", ok("they can be read"))
    yield from _findings(Site(settings, clock, base_url))


def _findings(site: Site) -> Iterator[Finding]:
    failed: set[str] = set()
    with closing(site):
        for check in CHECKS:
            obstacle = next((name for name in check.needs if name in failed), "")
            finding = Finding(check.name, _skipped(obstacle) if obstacle else _asked(check, site))
            if obstacle or finding.bad:
                failed.add(check.name)
            yield finding


def _skipped(obstacle: str) -> Verdict:
    return warning(f"not checked, because of: {obstacle}", f"put {obstacle} right first")


def _asked(check: Check, site: Site) -> Verdict:
    try:
        return check.look(site)
    except GradesysError as error:
        return verdict_of(error)
