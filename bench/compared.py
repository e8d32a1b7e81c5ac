"""Everything against its peers in one run: ``python dev.py bench --quick`` or ``--full``."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import NamedTuple

from bench import goals, record, report, resync
from bench.data import SIZES, Size
from bench.resync import OURS

REQUIRED = ("zen-engine", "polars", "pandas")


class Mode(NamedTuple):
    """How much is measured; ``slack`` is allowed to every goal because small runs are noisy."""

    name: str
    record_rounds: int
    resync_rounds: int
    size: Size
    tripled: Size
    slack: float


QUICK = Mode("quick", 20, 2, Size(10_000, 100_000, 20_000), Size(10_000, 300_000, 60_000), 0.25)
FULL = Mode("full", 100, 3, SIZES["full"], SIZES["tripled"], 0.0)


def run(mode: Mode) -> int:
    """Measure, print, keep; 1 when a goal is missed or a required peer is not there."""
    machine = report.machine()
    absent = [name for name, found in report.versions(REQUIRED).items() if found is None]
    if absent and mode is FULL:
        _print([f"{name} is missing: python dev.py bench --full installs it" for name in absent])
        return 1
    _print([f"{name} {found or 'MISSING'}" for name, found in report.versions().items()])
    race = record.race(mode.record_rounds)
    _print(record.lines(race))
    compared = resync.compare(mode.size, mode.resync_rounds)
    _print(resync.lines(compared))
    tripled = resync.compare(mode.tripled, 1, (OURS,)).figures[OURS]
    verdicts = [*goals.of_record(race), *goals.of_resync(compared, tripled)]
    _print([each.line(mode.slack) for each in verdicts])
    told = {"mode": mode.name, "machine": machine, "versions": report.versions()}
    report.write(mode.name, told | report.figures(race, compared, verdicts))
    return 0 if all(each.met(mode.slack) for each in verdicts) else 1


def _print(lines: Iterable[str]) -> None:
    sys.stdout.write("\n".join(lines) + "\n\n")
    sys.stdout.flush()
