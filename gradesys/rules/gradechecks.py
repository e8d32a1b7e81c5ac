"""What must hold within `grades`, and between it and `manual`, lock and output (section 10)."""

from __future__ import annotations

from decimal import Decimal

from gradesys.rules.indicatorchecks import check_whole
from gradesys.rules.model import GradeBand, GradeRule, Grades, RuleModel
from gradesys.rules.nearest import nearest
from gradesys.rules.problems import Findings, Path

NEED_STATE = ("trend", "previous_score", "previous_grade", "grade_since")
"""Output roles that compare with yesterday."""


def check_grades(model: RuleModel, found: Findings) -> None:
    """Errors in bands, grade rules and protection."""
    grades = model.grades
    if grades is None:
        _check_without(model, found)
        return
    _check_bands(grades, found)
    names = [str(band.grade) for band in grades.bands]
    for index, rule in enumerate(grades.rules):
        _check_rule(rule, names, ("grades", "rules", index), found)
    if grades.hysteresis is not None and grades.hysteresis < 0:
        found.note(("grades", "hysteresis"), "a margin below 0 is none")
    if (down := grades.downgrade) is not None:
        check_whole(down.max_steps, 1, ("grades", "downgrade", "max_steps"), found)
        if down.hold is None and down.until_end_of is None and down.max_steps is None:
            found.note(("grades", "downgrade"), "one of hold, until_end_of, max_steps is needed")


def check_state(model: RuleModel, found: Findings) -> None:
    """Whatever depends on yesterday needs a column that keeps it (not asked of case files)."""
    if model.output.state is not None:
        return
    grades = model.grades
    for path, given in (
        (("grades", "hysteresis"), grades and grades.hysteresis),
        (("grades", "downgrade"), grades and grades.downgrade),
        (("lock_column",), model.lock_column),
        *((("output", role), getattr(model.output, role)) for role in NEED_STATE),
    ):
        if given is not None:
            found.note(path, "needs output.state, which keeps yesterday's grade")


def odd_grades(model: RuleModel, found: Findings) -> None:
    """Warnings: bands that no score reaches and nothing else shows."""
    grades = model.grades
    if grades is None or model.manual is not None:
        return
    shown = {grades.unknown, *(rule.set for rule in grades.rules)}
    shown |= {bound for rule in grades.rules for bound in (rule.at_most, rule.at_least)}
    caught: GradeBand | None = None
    widest = Decimal(0)
    for index, band in enumerate(grades.bands):
        path = ("grades", "bands", index)
        if band.top_percent is not None and band.top_percent <= widest:
            found.note(path, f"is never reached: a better band takes the top {widest} percent")
        widest = max(widest, band.top_percent or widest)
        if caught is not None and band.grade not in shown:
            found.note(path, f"is never reached: band '{caught.grade}' catches all that is left")
        caught = band if caught is None and _takes_all(band) else caught
        if grades.by == "score" and _above(band, model):
            found.note(path, f"is never reached: the score is at most {model.score.max}")


def _takes_all(band: GradeBand) -> bool:
    return band.min is None and band.top_percent is None


def _above(band: GradeBand, model: RuleModel) -> bool:
    return band.min is not None and model.score.max is not None and band.min > model.score.max


def _check_without(model: RuleModel, found: Findings) -> None:
    for path, given in (
        (("manual",), model.manual),
        (("lock_column",), model.lock_column),
        (("output", "grade"), model.output.grade),
        (("output", "raw_grade"), model.output.raw_grade),
    ):
        if given is not None:
            found.note(path, "needs grades")


def _check_bands(grades: Grades, found: Findings) -> None:
    seen: set[object] = set()
    lowest: GradeBand | None = None
    for index, band in enumerate(grades.bands):
        path = ("grades", "bands", index)
        if band.grade in seen:
            found.note((*path, "grade"), f"grade '{band.grade}' is there twice")
        seen.add(band.grade)
        check_whole(band.value, 0, (*path, "value"), found)
        _check_percent(band, path, found)
        if band.min is None:
            continue
        if lowest is not None and lowest.min is not None and band.min >= lowest.min:
            message = f"bands must descend: {band.min} is not below {lowest.min}"
            found.note((*path, "min"), message)
        lowest = band


def _check_percent(band: GradeBand, path: Path, found: Findings) -> None:
    if band.top_percent is None:
        return
    if band.min is not None:
        found.note((*path, "top_percent"), "only one of min, top_percent may be given")
    if not 0 < band.top_percent <= 100:
        message = f"a percentage above 0, at most 100, is needed, not {band.top_percent}"
        found.note((*path, "top_percent"), message)


def _check_rule(rule: GradeRule, names: list[str], path: Path, found: Findings) -> None:
    actions = {key: getattr(rule, key) for key in ("at_most", "at_least", "set")}
    given = {key: value for key, value in actions.items() if value is not None}
    if len(given) != 1:
        found.note(path, "exactly one of at_most, at_least, set is needed")
    for key, grade in given.items():
        if key != "set" and str(grade) not in names:
            found.note((*path, key), f"no band '{grade}'{nearest(str(grade), names)}")
