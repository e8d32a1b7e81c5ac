"""What a run leaves behind: its figures with the versions and the machine they belong to."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from bench.goals import Verdict
from bench.record import Race
from bench.resync import Comparison

RESULTS = Path(__file__).with_name("results")
PACKAGES = (
    *("zen-engine", "cel-expr-python", "common-expression-language", "panzi-json-logic"),
    *("rule-engine", "orjson", "msgspec", "pandas", "numpy", "polars", "duckdb"),
)


def machine() -> dict[str, Any]:
    """Cores, load and Python; nothing that names the machine."""
    load = [round(each, 2) for each in os.getloadavg()]
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return {"cores": os.cpu_count(), "load": load, "python": python, "system": platform.machine()}


def versions(names: Iterable[str] = PACKAGES) -> dict[str, str | None]:
    """The installed version of each package; None: it is not."""
    return {name: _version(name) for name in names}


def figures(race: Race, resync: Comparison, verdicts: Iterable[Verdict]) -> dict[str, Any]:
    """One document of everything measured."""
    return {
        "record_us": {
            name: {"best": round(each.best * 1e6, 3), "median": round(each.median * 1e6, 3)}
            for name, each in race.times.items()
        },
        "resync": {
            "size": resync.size._asdict(),
            "figures": {name: _rounded(each) for name, each in resync.figures.items()},
        },
        "goals": [each._asdict() | {"met": each.met()} for each in verdicts],
        "skipped": [*race.missing, *resync.missing],
    }


def write(name: str, told: dict[str, Any]) -> Path:
    """The document as a file of ``bench/results``."""
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{name}.json"
    file.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return file


def _rounded(each: Any) -> dict[str, float]:
    return {name: round(value, 3) for name, value in each._asdict().items()}


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
