"""From a graded value to the grade that is shown (rules.md section 6, steps 14-18).

The raw grade follows the value (the bands become code in emit.grades); the earned one is protected
by hysteresis and downgrade; rules, a manual grade and the lock only replace what is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from msgspec import Struct

from gradesys.rules.arithmetic import CONTEXT
from gradesys.rules.clock import Calendar
from gradesys.rules.conditions import Condition, compile_conditions
from gradesys.rules.cutpoints import Cutpoints, floors
from gradesys.rules.downgrade import CompiledDowngrade, compile_downgrade
from gradesys.rules.model import GradeRule, Grades
from gradesys.rules.problems import at
from gradesys.rules.state import Grade, Snapshot


class CompiledGrades(Struct, frozen=True):
    """``position``: band grade -> index, best first. ``rules``: condition and its action."""

    node: Grades
    position: dict[Grade, int]
    rules: tuple[tuple[Condition, GradeRule], ...]
    downgrade: CompiledDowngrade | None

    @property
    def names(self) -> frozenset[Grade]:
        """Every grade that can be shown: bands, ``unknown`` and what rules set."""
        others = (self.node.unknown, *(rule.set for rule in self.node.rules))
        return frozenset(self.position) | {grade for grade in others if grade is not None}


def compile_grades(node: Grades, calendar: Calendar) -> CompiledGrades:
    """Raises RuleError for a bad condition or duration."""
    conditions = compile_conditions((rule.condition for rule in node.rules), ("rules",))
    return CompiledGrades(
        node,
        {band.grade: index for index, band in enumerate(node.bands)},
        tuple(zip(conditions, node.rules, strict=True)),
        at(("downgrade",), lambda: _downgrade(node, calendar)),
    )


def _downgrade(node: Grades, calendar: Calendar) -> CompiledDowngrade | None:
    return None if node.downgrade is None else compile_downgrade(node.downgrade, calendar)


def next_grade(
    node: Grades, value: Decimal | None, cuts: Cutpoints
) -> tuple[Grade, Decimal] | None:
    """The nearest better band and what is missing to it; None at the top."""
    if value is None:
        return None
    better: list[tuple[Decimal, Grade]] = []
    for grade, low in floors(node, cuts):
        if low is None or value >= low:
            break
        better.append((low, grade))
    if not better:
        return None
    nearest, grade = min(better, key=lambda pair: pair[0])
    return grade, CONTEXT.subtract(nearest, value)


def earned_grade(
    grades: CompiledGrades,
    raw: Grade | None,
    value: Decimal | None,
    previous: Snapshot,
    today: date,
) -> tuple[Grade | None, date | None]:
    """Step 15: the raw grade, or the earlier one while it is protected; and the first local day
    below it."""
    here, earlier = _index(grades, raw), _index(grades, previous.earned)
    if value is None or here is None or earlier is None or here <= earlier:
        return raw, None
    if _within_margin(grades.node, earlier, value):
        return previous.earned, None
    if grades.downgrade is None:
        return raw, None
    since = previous.below_since or today
    if not grades.downgrade.is_over(since, today):
        return previous.earned, since
    reached = min(here, earlier + grades.downgrade.steps(here - earlier))
    return grades.node.bands[reached].grade, None if reached == here else today


def acted(grades: CompiledGrades, rule: GradeRule) -> Mapping[Grade, Grade]:
    """Step 16: what a bounding rule makes of each band's grade; other grades stay."""
    worst, best = _index(grades, rule.at_least), _index(grades, rule.at_most)
    last = len(grades.node.bands) - 1
    bounds = (0 if best is None else best, last if worst is None else worst)
    return {
        grade: grades.node.bands[min(max(here, bounds[0]), bounds[1])].grade
        for grade, here in grades.position.items()
    }


def _within_margin(node: Grades, earlier: int, value: Decimal) -> bool:
    floor = node.bands[earlier].min
    return (
        node.hysteresis is not None
        and floor is not None
        and value >= CONTEXT.subtract(floor, node.hysteresis)
    )


def _index(grades: CompiledGrades, grade: Grade | None) -> int | None:
    return None if grade is None else grades.position.get(grade)
