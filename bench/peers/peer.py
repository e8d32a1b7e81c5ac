"""What every engine offers to the measurement, and what a score of binary floats is held to."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from bench.peers.card import Card
from gradesys.records import Row

NINTH = Decimal("1e-9")
HUNDREDTH = Decimal("0.01")


class Peer(NamedTuple):
    """``prepare`` makes of a row what the engine reads fastest, before the clock runs; ``score``
    is what is measured; ``told`` reads score and grade from its answer, after the clock."""

    name: str
    packages: tuple[str, ...]
    prepare: Callable[[Row], Any]
    score: Callable[[Any], Any]
    told: Callable[[Any], tuple[Decimal, str]]


def plain(row: Row) -> dict[str, Any]:
    """The row in Python's own numbers: whole ones as int, others as float."""
    return {name: _number(value) for name, value in row.items()}


def floats(row: Row) -> dict[str, Any]:
    """The row with every number as float."""
    return {name: _float(value) for name, value in row.items()}


def quantised(answer: tuple[float | Decimal, str]) -> tuple[Decimal, str]:
    """A score to two decimals, half up as the rules say, once binary noise is rounded off: a
    float's last digits may lie on the wrong side of a half."""
    score, grade = answer
    clean = Decimal(str(score)).quantize(NINTH, ROUND_HALF_EVEN)
    return clean.quantize(HUNDREDTH, ROUND_HALF_UP), grade


def starts(card: Card) -> tuple[tuple[str, float], ...]:
    """Where grades begin before the score is rounded: 79.995 rounds to 80. No engine then needs
    to round while it is timed."""
    return tuple((grade, least - 0.005) for grade, least in card.grades)


def grader(card: Card) -> Callable[[float], str]:
    """Grades by a score that is not rounded yet, for engines whose expression gives a number."""
    *graded, (worst, _) = starts(card)

    def grade_of(score: float) -> str:
        for grade, least in graded:
            if score >= least:
                return grade
        return worst

    return grade_of


def graded(number: Callable[[Any], Any], card: Card) -> Callable[[Any], tuple[Any, str]]:
    """A score for engines whose expression gives a number."""
    grade_of = grader(card)

    def score(record: Any) -> tuple[Any, str]:
        found = number(record)
        return found, grade_of(found)

    return score


def _number(value: object) -> object:
    if not isinstance(value, Decimal):
        return value
    return int(value) if value == value.to_integral_value() else float(value)


def _float(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else value
