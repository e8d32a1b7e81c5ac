"""What an evaluation gives: the same words that `expect` of a case file uses (13)."""

from dataclasses import dataclass, field
from decimal import Decimal

from tests.oracle.values import Value

Grade = str | Decimal | None


@dataclass(frozen=True, slots=True)
class Result:
    """One record at one instant. Outside the population everything is null or empty (15.9)."""

    in_population: bool
    score: Decimal | None = None
    grade: Grade = None
    raw_grade: Grade = None
    earned: Grade = None
    below_since: str | None = None
    values: dict[str, Value] = field(default_factory=dict)
    points: dict[str, Decimal | None] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    error: str | None = None
