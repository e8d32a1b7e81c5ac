"""Everything against its peers in one run: ``python dev.py bench --quick`` or ``--full``."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import NamedTuple

from bench import chart, goals, record, resync, wire
from bench.data import SIZES, Size
from bench.report import Measured, document
from bench.resync import OURS
from bench.verdict import RESULTS, conclude, versions

PACKAGES = (
    *("zen-engine", "cel-expr-python", "common-expression-language", "panzi-json-logic"),
    *("rule-engine", "orjson", "msgspec", "pandas", "numpy", "pyarrow", "polars", "duckdb"),
    "PowerPlatform-Dataverse-Client",
)
REQUIRED = ("zen-engine", "polars", "pandas")


class Mode(NamedTuple):
    """How much is measured; ``slack`` is allowed to every goal because small runs are noisy."""

    name: str
    record_rounds: int
    resync_rounds: int
    size: Size
    tripled: Size
    wire: Size
    slack: float


QUICK = Mode(
    name="quick",
    record_rounds=20,
    resync_rounds=2,
    size=Size(10_000, 100_000, 20_000),
    tripled=Size(10_000, 300_000, 60_000),
    wire=SIZES["tiny"],
    slack=0.25,
)
FULL = Mode(
    name="full",
    record_rounds=100,
    resync_rounds=2,
    size=SIZES["full"],
    tripled=SIZES["tripled"],
    wire=Size(1_000, 10_000, 2_000),
    slack=0.0,
)


def run(mode: Mode) -> int:
    """Measure, print, keep; 1 when a goal is missed or a required peer is not there."""
    known = versions(PACKAGES)
    absent = [name for name in REQUIRED if known[name] is None]
    if absent and mode is FULL:
        _print([f"{name} is missing: python dev.py bench --full installs it" for name in absent])
        return 1
    _print([f"{name} {found or 'MISSING'}" for name, found in known.items()])
    measured = _measure(mode)
    if chart.possible():
        chart.draw(measured, RESULTS / f"{mode.name}.svg")
    wanted = [
        *goals.of_record(measured.race, mode.slack),
        *goals.of_resync(measured.resync, measured.tripled, mode.slack),
    ]
    return conclude(mode.name, document(measured), wanted, PACKAGES)


def _measure(mode: Mode) -> Measured:
    """Each part is printed as soon as it is known."""
    race = record.race(mode.record_rounds)
    _print(record.lines(race))
    compared = resync.compare(mode.size, mode.resync_rounds)
    _print(resync.lines(compared))
    tripled = resync.compare(mode.tripled, 1, (OURS,)).figures[OURS]
    read = wire.compare(mode.wire, 1)
    _print(wire.lines(read))
    return Measured(race, compared, tripled, read, (mode.record_rounds, mode.resync_rounds))


def _print(lines: Iterable[str]) -> None:
    sys.stdout.write("\n".join(lines) + "\n\n")
    sys.stdout.flush()
