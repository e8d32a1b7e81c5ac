"""What every variant must find, so that their times may be compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from bench.data import Pages

WINDOW = ("2025-06-16", "2026-06-16")
"""Instants of the last 365 days of bench.expected, from and before, as ISO texts compare."""
LINES = {"paid": 20_000, "pipeline": 50_000, "employees": 1_000}
"""The value at which each line reaches 100 points."""


class Outcome(NamedTuple):
    """The sum of all scores in hundredths, how many have each grade, and how many rows a resync
    would write."""

    hundredths: int
    grades: dict[str, int]
    changed: int


def outcome(results: Iterable[tuple[int, str, bool]]) -> Outcome:
    """The outcome of score in hundredths, grade, and whether it differs from what is stored."""
    total = changed = 0
    grades: Counter[str] = Counter()
    for hundredths, grade, differs in results:
        total += hundredths
        grades[grade] += 1
        changed += differs
    return Outcome(total, dict(sorted(grades.items())), changed)


def expected(pages: Pages) -> Outcome:
    """What plain arithmetic found when the pages were made."""
    stale = pages.stale()
    told = pages.expected().items()
    return outcome((int(right.score * 100), right.grade, id in stale) for id, right in told)
