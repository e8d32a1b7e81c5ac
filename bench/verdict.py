"""What was measured beside what was wanted: a table for the reader, a file for the record."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("results")
PACKAGES = ("msgspec", "requests", "starlette", "uvicorn")


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure that may be ``bound`` at most, or must be at least that, or a part ``slack`` off
    where times are measured on a machine that does other things too. ``found`` None: somebody who
    belongs to it was missing, so it is missed."""

    name: str
    found: float | None
    bound: float
    slack: float = 0.0
    least: bool = False

    @property
    def met(self) -> bool:
        """Whether it is met, with the slack."""
        return self._met(self.slack)

    def line(self) -> str:
        """For a reader."""
        sign, limit = ("-", "at least") if self.least else ("+", "at most")
        slack = f" ({sign}{self.slack:.0%})" if self.slack else ""
        word = "met" if self._met(0) else "met with slack" if self.met else "MISSED"
        found = "unknown" if self.found is None else f"{self.found:,.4g}"
        return f"  {self.name:<58} {found:>10}   {limit} {self.bound:,.4g}{slack}: {word}"

    def _met(self, slack: float) -> bool:
        if self.found is None:
            return False
        if self.least:
            return self.found >= self.bound * (1 - slack)
        return self.found <= self.bound * (1 + slack)


def conclude(
    name: str,
    figures: Mapping[str, Any],
    goals: Sequence[Goal],
    packages: Sequence[str] = PACKAGES,
) -> int:
    """Print and store, with the versions of ``packages``; 1 when a goal is missed."""
    lines = [goal.line() for goal in goals]
    sys.stdout.write("\n".join([f"{name}: goals", *lines, ""]))
    told = [asdict(goal) | {"met": goal.met} for goal in goals]
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps({"machine": _machine(packages), "figures": figures, "goals": told}, indent=1)
    (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    return 0 if all(goal.met for goal in goals) else 1


def versions(packages: Sequence[str]) -> dict[str, str | None]:
    """The installed version of each package; None: it is not."""
    return {name: _version(name) for name in packages}


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _machine(packages: Sequence[str]) -> dict[str, Any]:
    load = os.getloadavg() if hasattr(os, "getloadavg") else ()
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "packages": versions(packages),
        "cores": os.cpu_count(),
        "load": [round(each, 2) for each in load],
    }
