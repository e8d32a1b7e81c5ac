"""Raw, earned and shown grade (rules.md section 6, steps 14 to 18)."""

from __future__ import annotations

from msgspec import Struct

from gradesys.rules.emit.code import Code, decimal, truth
from gradesys.rules.emit.frame import Frame
from gradesys.rules.grades import CompiledGrades, acted
from gradesys.rules.model import GradeRule


class Grading(Struct, frozen=True):
    """Codes of what a card keeps beside ``raw`` and ``grade``."""

    graded: str = "None"
    earned: str = "None"
    below_since: str = "None"
    since: str = "None"


def write_grades(frame: Frame, score: Code) -> Grading:
    """Writes ``raw`` and ``grade``, and what leads from one to the other."""
    writer, grades = frame.writer, frame.model.grades
    if grades is None:
        writer.line("raw = grade = None")
        return Grading()
    by = grades.node.by
    writer.comment("grade by ", by)
    value = score if by == "score" else frame.values[by]
    graded = value.text
    if value.kind != "decimal":
        graded = "graded"
        writer.line(f"graded = {decimal(value)}")
    _write_raw(frame, grades, graded, value.null)
    earned, below_since = _write_earned(frame, grades, graded)
    writer.line(f"grade = {earned}")
    for place, (condition, rule) in enumerate(grades.rules):
        expression = condition.expression
        writer.comment("grade rule: ", "always" if expression is None else expression.text)
        _write_rule(frame, grades, place, rule)
    _write_replaced(frame)
    wanted = frame.model.model.output.grade_since is not None
    since = f"grade_since(grade, previous, {writer.need('moment')}.today)" if wanted else "None"
    return Grading(graded, earned, below_since, since)


def _write_raw(frame: Frame, grades: CompiledGrades, graded: str, null: bool) -> None:
    writer, unknown = frame.writer, frame.writer.literal(grades.node.unknown).text
    for band in grades.node.bands if frame.model.percents else ():
        if band.top_percent is not None:
            lacking = f"{writer.literal(band.grade).text} not in {writer.need('cuts')}.grades"
            remark = f"provisional: grade {band.grade} has no cut point yet"
            writer.line(f"if {lacking}: {writer.noting()}({remark!r})")
    branches = [(f"{graded} is None", f"raw = {unknown}")] if null else []
    rest = unknown
    for band in grades.node.bands:
        grade = writer.literal(band.grade).text
        if band.top_percent is not None:
            found = f"{writer.need('cuts')}.grades.get({grade})"
            cut = f"(cut := {found}) is not None and {graded} >= cut"
        elif band.min is not None:
            cut = f"{graded} >= {writer.number(band.min).text}"
        else:
            rest = grade
            break
        branches.append((cut, f"raw = {grade}"))
    writer.choice(branches, f"raw = {rest}")


def _write_earned(frame: Frame, grades: CompiledGrades, graded: str) -> tuple[str, str]:
    """The codes of the earned grade and since when it is above the raw one. Without protection the
    earned grade is the raw one."""
    if grades.node.hysteresis is None and grades.downgrade is None:
        return "raw", "None"
    known = frame.writer.object("grades", "", grades)
    today = f"{frame.writer.need('moment')}.today"
    call = f"earned_grade({known}, raw, {graded}, previous, {today})"
    frame.writer.line(f"earned, below_since = {call}")
    return "earned", "below_since"


def _write_rule(frame: Frame, grades: CompiledGrades, place: int, rule: GradeRule) -> None:
    writer, (condition, _) = frame.writer, grades.rules[place]
    bound = {"score": Code("score", "decimal", True, True), "grade": Code("grade", atom=True)}
    holds = "True"
    if condition.expression is not None:
        holds = truth(frame.code(condition.expression, **bound))
    if rule.set is not None:
        writer.line(f"if {holds}: grade = {writer.literal(rule.set).text}")
    else:
        name = writer.constant("r", str(place + 1), dict(acted(grades, rule)))
        writer.line(f"if {holds}: grade = {name}.get(grade, grade)")


def _write_replaced(frame: Frame) -> None:
    """A manual grade, then the lock."""
    writer, manual, lock = frame.writer, frame.model.manual, frame.model.model.lock_column
    if manual is not None:
        known = writer.object("manual", "", manual)
        row, moment = map(writer.need, ("row", "moment"))
        writer.line(f"typed = manual_grade({known}, {row}, {moment}, {writer.noting()})")
        writer.line("if typed is not None: grade = typed")
    if lock is not None:
        held = f"is_locked({lock!r}, {writer.need('row')}) and previous.grade is not None"
        writer.line(f"if {held}: grade = previous.grade")
