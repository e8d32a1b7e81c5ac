"""What one model says about one record: the result that outputs, explanations and cases read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from gradesys.records import Value
from gradesys.rules.state import NOTHING, Grade, Snapshot

Span = tuple[date | None, date | None]
"""Local days ``[start, end)``; None is open."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one scored indicator brought. ``contribution`` is its share of the score before groups,
    base, scale and rounding: weight x points, divided by the live weights for an average, 0 for
    an excluded one. ``lost_to_cap``: points that ``max_points`` took away."""

    indicator: str
    points: Decimal
    weight: Decimal
    missing: bool
    group: str | None = None
    value: Value = None
    rows: int | None = None
    window: Span | None = None
    lost_to_cap: Decimal = Decimal(0)
    contribution: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Breakdown:
    """How the score came about. ``groups``: what each group's clamp added; ``scale``: what scale
    and the score's own clamp added; ``rounding``: what is left to the stored digits. Parts, groups,
    base, scale and rounding add up exactly to a sum or average that is not null."""

    score: Decimal | None
    parts: tuple[Part, ...] = ()
    groups: Mapping[str, Decimal] = field(default_factory=dict)
    base: Decimal = Decimal(0)
    scale: Decimal = Decimal(0)
    rounding: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Graded:
    """Steps 14 to 18. ``next_grade``: the next better band and what is missing to its ``min``."""

    raw: Grade | None = None
    earned: Grade | None = None
    shown: Grade | None = None
    below_since: date | None = None
    next_grade: tuple[Grade, Decimal] | None = None


@dataclass(frozen=True, slots=True)
class Scorecard:
    """One record in one model. Outside the population everything but the ids is empty."""

    model: str
    version: str
    as_of: datetime
    today: date
    in_population: bool
    score: Decimal | None = None
    raw_grade: Grade | None = None
    earned: Grade | None = None
    grade: Grade | None = None
    below_since: date | None = None
    grade_since: date | None = None
    reasons: tuple[str, ...] = ()
    values: Mapping[str, Value] = field(default_factory=dict)
    points: Mapping[str, Decimal | None] = field(default_factory=dict)
    breakdown: Breakdown = Breakdown(None)
    next_grade: tuple[Grade, Decimal] | None = None
    previous: Snapshot = NOTHING
    notes: tuple[str, ...] = ()

    @property
    def snapshot(self) -> Snapshot:
        """What tomorrow's evaluation will start from."""
        return Snapshot(self.grade, self.earned, self.below_since, self.score, self.grade_since)
