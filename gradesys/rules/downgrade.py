"""How long, and how far at once, a worse value is kept from lowering a grade (section 6)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from msgspec import Struct

from gradesys.errors import Problem, RuleError
from gradesys.rules.calendars import PERIODS, duration, period_at, shifted
from gradesys.rules.clock import Calendar
from gradesys.rules.model import Downgrade
from gradesys.rules.nearest import nearest
from gradesys.rules.problems import at

Ends = Callable[[date], date]
"""First day below -> the first day on which the grade may fall."""


class CompiledDowngrade(Struct, frozen=True):
    """When protection ends, and how far the grade falls then (None: all the way)."""

    ends: Ends
    max_steps: Decimal | None

    def is_over(self, since: date, today: date) -> bool:
        """True when the protection that began on ``since`` has run out."""
        return today >= self.ends(since)

    def steps(self, wanted: int) -> int:
        """How many bands the grade may fall of those it should."""
        return wanted if self.max_steps is None else min(wanted, int(self.max_steps))


def compile_downgrade(node: Downgrade, calendar: Calendar) -> CompiledDowngrade:
    """``hold`` counts from the first day below, ``until_end_of`` is the period that holds it."""
    if node.hold is not None:
        return CompiledDowngrade(_held(node.hold, calendar), node.max_steps)
    if node.until_end_of is not None:
        return CompiledDowngrade(_period(node.until_end_of, calendar), node.max_steps)
    return CompiledDowngrade(lambda since: since, node.max_steps)


def _held(hold: str, calendar: Calendar) -> Ends:
    length = at(("hold",), lambda: duration(hold))
    return lambda since: shifted(since, length, 1, calendar)


def _period(name: str, calendar: Calendar) -> Ends:
    if name not in PERIODS:
        message = f"'{name}' is no period{nearest(name, PERIODS)}"
        raise RuleError((Problem(("until_end_of",), message),))
    return lambda since: period_at(since, name, 0, calendar)[1]
