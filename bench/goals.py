"""The goals that this harness can judge: ratios within one run, and the peak of memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bench.peers.ours import NAME as OURS
from bench.record import Race
from bench.resync import JSON_PANDAS, LIMIT, POLARS, Comparison, Figures
from bench.resync import OURS as RESYNC

AGAINST = (
    ("the fastest path of zen-engine", "zen ", 1.5),
    ("zen-engine's graph", "zen graph, one expression node", 4),
    ("zen-engine's decision tables", "zen graph, decision tables", 10),
    ("rule-engine", "rule-engine", 50),
)
"""Goal 1: who is outrun, by the beginning of their names, and how many times."""
PEAK_MB = 160.0
GROWTH = 1.1


class Verdict(NamedTuple):
    """``measured`` is None where a peer was missing. What must be reached is ``need``; what must
    not be passed, too, if ``most``."""

    goal: int
    what: str
    need: float
    measured: float | None
    most: bool = False

    def met(self, slack: float = 0.0) -> bool:
        """Whether it is met, give or take a share of it."""
        if self.measured is None:
            return False
        if self.most:
            return self.measured <= self.need * (1 + slack)
        return self.measured >= self.need * (1 - slack)

    def line(self, slack: float = 0.0) -> str:
        """For the terminal; slack is told where it was needed."""
        word = "at most" if self.most else "at least"
        found = "not measured" if self.measured is None else f"{self.measured:.2f}"
        judged = "met" if self.met() else f"within {slack:.0%}" if self.met(slack) else "MISSED"
        return f"goal {self.goal}: {self.what}: {found}, {word} {self.need:g}: {judged}"


def of_record(race: Race) -> Iterator[Verdict]:
    """Goal 1."""
    ours = race.times[OURS].best
    for whom, begins, need in AGAINST:
        found = [times.best / ours for name, times in race.times.items() if name.startswith(begins)]
        yield Verdict(1, f"times as fast as {whom}", need, min(found, default=None))


def of_resync(found: Comparison, tripled: Figures) -> Iterator[Verdict]:
    """Goals 2 and 3; ``tripled`` is ours with three times the related rows."""
    ours = found.figures[RESYNC]
    for what, name, need in (
        ("of the speed of a bare orjson.loads", LIMIT, 0.6),
        ("times as fast as json + pandas", JSON_PANDAS, 5),
        ("times as fast as polars with all pages in memory", POLARS, 1),
    ):
        other = found.figures.get(name)
        yield Verdict(2, what, need, None if other is None else other.cpu / ours.cpu)
    yield Verdict(3, "MB at the peak", PEAK_MB, ours.peak_mb, most=True)
    growth = tripled.peak_mb / ours.peak_mb
    yield Verdict(3, "times the peak when related rows triple", GROWTH, growth, most=True)
