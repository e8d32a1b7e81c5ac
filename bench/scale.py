"""What resyncs cost as rows grow, and under Dataverse's limits: ``python -m bench.scale``.

Populations of which each is ten times the one before are resynced twice in an emulator; four
processes resync one under throttling; and five million accounts are only calculated, from what our
own planner would ask for. ``--quick`` takes smaller populations than ``--full``.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from bench.bound import DOCUMENTED
from bench.data import Size
from bench.growth import Step, measure
from bench.imagined import Forecast, Shape, forecast
from bench.throttling import PROCESSES, Throttled
from bench.throttling import measure as throttle
from bench.verdict import Goal, conclude
from gradesys.resync.share import AT_ONCE

TIMES = (1, 10, 100)
LANES = PROCESSES * AT_ONCE
"""Partitions at once."""
IMAGINED = (10_000, 200_000, 1_000_000, 5_000_000)
SHAPES = {"5 % differ": Shape(), "all differ": Shape(changed=1.0)}


class Sizes(NamedTuple):
    """Accounts of the smallest population, and of the throttled one, whose server time ends within
    a window: at its edge the bound, which counts whole windows, is one more or less by chance."""

    smallest: int
    throttled: int


QUICK, FULL = Sizes(50, 2_500), Sizes(1_000, 8_000)


def main(arguments: Sequence[str] = ()) -> int:
    """Measure, print, store; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the default")
    parser.add_argument("--full", action="store_true")
    sizes = FULL if parser.parse_args(arguments).full else QUICK
    with tempfile.TemporaryDirectory(prefix="bench-scale-") as folder:
        steps = [measure(Path(folder), _size(times * sizes.smallest)) for times in TIMES]
        throttled = throttle(Path(folder), _size(sizes.throttled))
    forecasts = {
        name: [forecast(accounts, shape, LANES, DOCUMENTED) for accounts in IMAGINED]
        for name, shape in SHAPES.items()
    }
    return _concluded(steps, throttled, forecasts)


def _size(accounts: int) -> Size:
    return Size(accounts, 10 * accounts, 2 * accounts)


def _concluded(
    steps: Sequence[Step], throttled: Throttled, forecasts: dict[str, list[Forecast]]
) -> int:
    lines = ["full resyncs, first (all written) and second (nothing differs):"]
    lines += [line for step in steps for line in _told(step)]
    lines.append(_throttled(throttled))
    for name, each in forecasts.items():
        lines.append(f"calculated under {DOCUMENTED.requests:,} requests, 1,200 s, 52: {name}")
        lines += map(_forecast, each)
    sys.stdout.write("\n".join([*lines, ""]))
    figures: dict[str, Any] = {
        "growth": [asdict(step) for step in steps],
        "throttled": asdict(throttled) | {"ratio": throttled.ratio},
        "calculated": {name: [asdict(f) for f in each] for name, each in forecasts.items()},
    }
    return conclude("scale", figures, _goals(steps, throttled, forecasts))


def _goals(
    steps: Sequence[Step], throttled: Throttled, forecasts: dict[str, list[Forecast]]
) -> list[Goal]:
    runs = [run for step in steps for run in (step.first, step.second)]
    every = [each for some in forecasts.values() for each in some]
    unwritten = throttled.accounts - throttled.written + throttled.failed
    return [
        Goal("requests of a resync, of the bound", max(r.requests / r.most for r in runs), 1),
        Goal("requests calculated, of the bound", max(f.requests / f.most for f in every), 1),
        Goal("rows written by a second resync", sum(step.second.written for step in steps), 0),
        Goal("rows that failed", sum(run.failed for run in runs), 0),
        Goal("throttled: rows that failed or were not written", unwritten, 0),
        Goal("throttled: most in flight", throttled.in_flight, DOCUMENTED.concurrent),
        Goal("throttled: time, of the least", throttled.ratio, 1.15, 0.25),
    ]


def _told(step: Step) -> list[str]:
    head = f"  {step.accounts:>8,} accounts, {step.rows:>10,} rows"
    return [
        f"{head}: {run.requests:>5} requests of {run.most:,.0f}, CPU {run.cost.cpu_s:.2f} s, "
        f"peak {run.cost.peak_mb:4.0f} MB, {run.cost.seconds:6.1f} s, {run.written:,} written"
        for run in (step.first, step.second)
    ]


def _throttled(ran: Throttled) -> str:
    return (
        f"throttled, four processes: {ran.requests} requests in {ran.seconds:.1f} s, least "
        f"{ran.bound_s:.1f} s; {ran.refused} refused in {ran.pauses} pauses, {ran.failed} failed, "
        f"at most {ran.in_flight} in flight"
    )


def _forecast(told: Forecast) -> str:
    return (
        f"  {told.accounts:>9,} accounts: {told.partitions:>3} partitions, {told.requests:>6,} "
        f"requests (at most {told.most:,.0f}), server {told.server_s:>8,.0f} s, least "
        f"{told.least_s:>6,.0f} s, our schedule {told.seconds:>7,.0f} s, {told.pauses} pauses"
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
