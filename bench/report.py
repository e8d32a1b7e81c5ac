"""What a run leaves behind: its figures with the versions and the machine they belong to."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple

from bench.goals import Verdict
from bench.record import Race
from bench.resync import Comparison, Figures
from bench.wire import Wire

RESULTS = Path(__file__).with_name("results")
PACKAGES = (
    *("zen-engine", "cel-expr-python", "common-expression-language", "panzi-json-logic"),
    *("rule-engine", "orjson", "msgspec", "pandas", "numpy", "polars", "duckdb"),
    "PowerPlatform-Dataverse-Client",
)


class Measured(NamedTuple):
    """A whole run; ``tripled`` is our resync with three times the related rows."""

    race: Race
    resync: Comparison
    tripled: Figures
    wire: Wire


def machine() -> dict[str, Any]:
    """Cores, load and Python; nothing that names the machine."""
    load = [round(each, 2) for each in os.getloadavg()]
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return {"cores": os.cpu_count(), "load": load, "python": python, "system": platform.machine()}


def versions(names: Iterable[str] = PACKAGES) -> dict[str, str | None]:
    """The installed version of each package; None: it is not."""
    return {name: _version(name) for name in names}


def document(measured: Measured, verdicts: Iterable[Verdict]) -> dict[str, Any]:
    """Everything measured, as plain values."""
    race, resync, wire = measured.race, measured.resync, measured.wire
    return {
        "record_us": {
            name: {"best": round(each.best * 1e6, 3), "median": round(each.median * 1e6, 3)}
            for name, each in race.times.items()
        },
        "resync": {"size": resync.size._asdict(), "figures": _rounded(resync.figures)},
        "tripled": _rounded({"gradesys": measured.tripled}),
        "wire": {"rows": wire.rows, "figures": _rounded(wire.figures)},
        "goals": [each._asdict() | {"met": each.met()} for each in verdicts],
        "skipped": [*race.missing, *resync.missing, *wire.missing],
    }


def write(name: str, told: dict[str, Any]) -> Path:
    """The document as a file of ``bench/results``."""
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{name}.json"
    file.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return file


def _rounded(figures: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    return {
        name: {what: round(value, 3) for what, value in each._asdict().items()}
        for name, each in figures.items()
    }


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
