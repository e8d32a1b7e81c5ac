"""Grades as types: bands, and what bends them (rules.md section 6)."""

from decimal import Decimal
from typing import Annotated

from msgspec import field

from gradesys.rules.kinds import NOT_EMPTY, Formula
from gradesys.rules.nodes import Node, Title


class GradeBand(Node, frozen=True, kw_only=True):
    """A grade from ``min`` upwards, or for the best ``top_percent`` of the population; without
    either the band catches all that is left."""

    grade: str | Decimal
    min: Decimal | None = None
    top_percent: Decimal | None = None
    value: Decimal | None = None
    title: Title | None = None
    color: str | None = None
    advice: Title | None = None


class GradeRule(Node, frozen=True, kw_only=True):
    """Bounds or replaces the shown grade (section 6, step 16); exactly one action."""

    condition: Formula | None = field(default=None, name="if")
    at_most: str | Decimal | None = None
    at_least: str | Decimal | None = None
    set: str | Decimal | None = None


class Downgrade(Node, frozen=True, kw_only=True):
    """Protection of an earned grade."""

    hold: str | None = None
    until_end_of: str | None = None
    max_steps: Decimal | None = None


class Grades(Node, frozen=True, kw_only=True):
    """Bands, best first, and what bends them (section 6)."""

    by: str = "score"
    unknown: str | Decimal | None = None
    bands: Annotated[tuple[GradeBand, ...], NOT_EMPTY]
    rules: tuple[GradeRule, ...] = ()
    hysteresis: Decimal | None = None
    downgrade: Downgrade | None = None
