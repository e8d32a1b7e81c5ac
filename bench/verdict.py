"""What was measured beside what was wanted: a table for the reader, a file for the record."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("results")
PACKAGES = ("msgspec", "requests", "starlette", "uvicorn")


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure that may be ``most`` at most, or a part ``slack`` more: where times are measured on
    a machine that does other things too."""

    name: str
    found: float
    most: float
    slack: float = 0.0

    @property
    def met(self) -> bool:
        """Whether it is met, with the slack."""
        return self.found <= self.most * (1 + self.slack)

    def line(self) -> str:
        """For a reader."""
        slack = f" (+{self.slack:.0%})" if self.slack else ""
        word = "met" if self.found <= self.most else "met with slack" if self.met else "MISSED"
        return f"  {self.name:<58} {self.found:>10,.4g}   at most {self.most:,.4g}{slack}: {word}"


def conclude(name: str, figures: Mapping[str, Any], goals: Sequence[Goal]) -> int:
    """Print and store; 1 when a goal is missed."""
    lines = [goal.line() for goal in goals]
    sys.stdout.write("\n".join([f"{name}: goals", *lines, ""]))
    told = [asdict(goal) | {"met": goal.met} for goal in goals]
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps({"machine": _machine(), "figures": figures, "goals": told}, indent=1)
    (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    return 0 if all(goal.met for goal in goals) else 1


def _machine() -> dict[str, Any]:
    load = os.getloadavg() if hasattr(os, "getloadavg") else ()
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
        "cores": os.cpu_count(),
        "load": [round(each, 2) for each in load],
    }
