"""The goals that peers decide: ratios within one run; and the peak of memory."""

from __future__ import annotations

from collections.abc import Iterator

from bench.peers.ours import NAME as OURS
from bench.record import Race
from bench.resync import JSON_PANDAS, LIMIT, POLARS, Comparison, Figures
from bench.resync import OURS as RESYNC
from bench.verdict import Goal

AGAINST = (
    ("the fastest path of zen-engine", "zen ", 1.5),
    ("zen-engine's graph", "zen graph, one expression node", 4),
    ("zen-engine's decision tables", "zen graph, decision tables", 10),
    ("rule-engine", "rule-engine", 50),
)
"""Goal 1: who is outrun, by the beginning of their names, and how many times."""
BESIDE = (
    ("speed beside a bare orjson.loads", LIMIT, 0.6),
    ("times as fast as json + pandas", JSON_PANDAS, 5),
    ("times as fast as polars with all pages in memory", POLARS, 1),
)
"""Goal 2, by CPU."""
PEAK_MB, GROWTH = 160, 1.1


def of_record(race: Race, slack: float) -> Iterator[Goal]:
    """Goal 1."""
    ours = race.times[OURS].best
    for whom, begins, bound in AGAINST:
        found = [times.best / ours for name, times in race.times.items() if name.startswith(begins)]
        times_as_fast = min(found, default=None)
        yield Goal(f"1: times as fast as {whom}", times_as_fast, bound, slack, least=True)


def of_resync(found: Comparison, tripled: Figures, slack: float) -> Iterator[Goal]:
    """Goals 2 and 3; ``tripled`` is ours with three times the related rows."""
    ours = found.figures[RESYNC]
    for what, name, bound in BESIDE:
        other = found.figures.get(name)
        share = None if other is None else other.cpu / ours.cpu
        yield Goal(f"2: {what}", share, bound, slack, least=True)
    yield Goal("3: MB at the peak", ours.peak_mb, PEAK_MB, slack)
    growth = tripled.peak_mb / ours.peak_mb
    yield Goal("3: times the peak when related rows triple", growth, GROWTH, slack)
