"""What the service runs on: Python, the packages that it was tested with, and where metrics go."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec

from gradesys.doctor.site import Site
from gradesys.doctor.verdicts import Cause, Verdict, ok, problem, warning
from gradesys.telemetry import ENDPOINTS

OLDEST = (3, 11)
PINNED = re.compile(r"([A-Za-z0-9._-]+)==([^\s;]+)")
"""A requirement without conditions; those with one depend on the Python."""


def check_python(site: Site) -> Verdict:
    """The interpreter, and packages that differ from the pinned ones."""
    running = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST:
        hint = "install Python 3.11 or newer"
        return problem(f"Python {running} is too old", hint, Cause.CONFIGURATION)
    others = list(_others())
    if others:
        hint = "pip install -r requirements.txt; the tests ran with the pinned versions"
        return warning(f"Python {running}; not as pinned: {', '.join(others)}", hint)
    return ok(f"Python {running}, packages as pinned")


def _others() -> Iterator[str]:
    for name, pinned in _pins():
        try:
            found = version(name)
        except PackageNotFoundError:
            found = "missing"
        if found != pinned:
            yield f"{name} {found} instead of {pinned}"


def _pins() -> Iterator[tuple[str, str]]:
    try:
        needed = requires("gradesys") or []
    except PackageNotFoundError:
        # Azure runs the sources as they are and installs requirements.txt itself.
        return
    for requirement in needed:
        if pin := PINNED.fullmatch(requirement):
            yield pin.group(1), pin.group(2)


def check_telemetry(site: Site) -> Verdict:
    """Whether the standard variables name a collector that can be told."""
    endpoint = next((name for name in ENDPOINTS if os.environ.get(name)), None)
    if endpoint is None:
        return ok("metrics are on the health page only")
    if find_spec("opentelemetry") is None:
        hint = "pip install gradesys[otel], on Azure the lines of requirements-otel.txt"
        return warning(f"{endpoint} is set, but OpenTelemetry is not installed", hint)
    return ok(f"metrics go where {endpoint} says")


def check_alerts(site: Site) -> Verdict:
    """Whether anybody hears of red."""
    if site.settings.alert_url:
        return ok("a hook is told when the service turns red")
    return ok("no alert hook: somebody has to look at /api/health (GRADESYS_ALERT_URL)")
