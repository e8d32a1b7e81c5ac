"""One record in one model: values, points, score, grade and reasons (rules.md section 5).

The steps are those of section 5, in their order, each operation at 28 digits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal, DecimalException, localcontext

from gradesys.errors import RecordError
from gradesys.rules.arithmetic import CONTEXT
from gradesys.rules.compile import CompiledModel
from gradesys.rules.conditions import Condition
from gradesys.rules.grades import earned_grade, next_grade, raw_grade, ruled_grade
from gradesys.rules.indicators import CompiledIndicator
from gradesys.rules.manual import is_locked, manual_grade
from gradesys.rules.model import Grades
from gradesys.rules.points import baseline, clamped
from gradesys.rules.reasons import Gap, reason_codes
from gradesys.rules.score import total
from gradesys.rules.scorecard import Breakdown, Graded, Part, Scorecard
from gradesys.rules.state import Grade, Snapshot
from gradesys.rules.values import number
from gradesys.rules.workspace import Facts, Workspace


def score_record(model: CompiledModel, facts: Facts, previous: Snapshot) -> Scorecard:
    """The scorecard of one record; ``previous`` is the end of the local day before (section 6).

    Raises RecordError where the record cannot be scored.
    """
    moment = facts.moment
    card = Scorecard(
        model=model.model.id,
        version=model.version,
        as_of=moment.now,
        today=moment.today,
        in_population=False,
        previous=previous,
    )
    if not model.population.test(facts.row, moment):
        return card
    try:
        with localcontext(CONTEXT):
            return _scored(model, Workspace(facts, model.model.params), card)
    except DecimalException as error:
        raise RecordError("a number is too large") from error


def _scored(model: CompiledModel, workspace: Workspace, card: Scorecard) -> Scorecard:
    if model.ranked and workspace.cuts.day is not None:
        workspace.note(f"cut points of {workspace.cuts.day.isoformat()}")
    for name in model.order:
        workspace.known[name] = model.indicators[name].value(workspace)
    breakdown = breakdown_of(model, workspace)
    score = breakdown.score
    graded = _graded(model, workspace, score, card.previous)
    return replace(
        card,
        in_population=True,
        score=score,
        raw_grade=graded.raw,
        earned=graded.earned,
        grade=graded.shown,
        below_since=graded.below_since,
        grade_since=_grade_since(model, graded.shown, card),
        reasons=() if score is None else _reasons(model, breakdown.parts),
        values=workspace.known,
        points=workspace.scored,
        breakdown=breakdown,
        next_grade=graded.next_grade,
        notes=tuple(workspace.notes),
    )


def breakdown_of(model: CompiledModel, workspace: Workspace) -> Breakdown:
    """Steps 3 to 13, from the values that the workspace knows."""
    unclamped = {name: _points(each, workspace) for name, each in model.indicators.items()}
    parts = tuple(_parts(model, workspace, unclamped))
    return total(model.model.score, parts, lambda: _formula(model, workspace))


def _points(indicator: CompiledIndicator, workspace: Workspace) -> Decimal | None:
    """Store the clamped points; returns them before the clamp, None when missing."""
    name, node = indicator.name, indicator.node
    try:
        value = workspace.known[name]
        own = indicator.points.pick(value, workspace.binding(value=value))
    except RecordError:
        if node.scored:
            raise
        workspace.scored[name] = None
        return None
    workspace.scored[name] = clamped(node, node.missing_points if own is None else own)
    return own


def _parts(
    model: CompiledModel, workspace: Workspace, unclamped: dict[str, Decimal | None]
) -> Iterator[Part]:
    for name, each in model.indicators.items():
        points = workspace.scored[name]
        if not each.node.scored or points is None:
            continue
        own, value = unclamped[name], workspace.known[name]
        aggregate = each.source.aggregate
        window = None if aggregate is None else aggregate.window
        yield Part(
            indicator=name,
            points=points,
            weight=each.weight.weigh(workspace.binding(value=value)),
            missing=own is None,
            group=each.node.group,
            value=value,
            rows=each.source.rows(workspace.facts),
            window=None if window is None else window(workspace.moment.today),
            lost_to_cap=max(Decimal(0), (points if own is None else own) - points),
        )


def _formula(model: CompiledModel, workspace: Workspace) -> Decimal | None:
    return None if model.formula is None else number(model.formula.evaluate(workspace))


def _graded(
    model: CompiledModel, workspace: Workspace, score: Decimal | None, previous: Snapshot
) -> Graded:
    if model.grades is None:
        return Graded()
    by = model.grades.node.by
    value = score if by == "score" else number(workspace.known[by])
    _note_cuts(model.grades.node, workspace)
    raw = raw_grade(model.grades.node, value, workspace.cuts)
    earned = earned_grade(model.grades, raw, value, previous, workspace.moment.today)

    def holds(condition: Condition, grade: Grade | None) -> bool:
        return condition.holds(workspace.binding(score=score, grade=grade))

    shown = ruled_grade(model.grades, earned.grade, holds)
    return Graded(
        raw=raw,
        earned=earned.grade,
        shown=_replaced(model, workspace, shown, previous),
        below_since=earned.below_since,
        next_grade=next_grade(model.grades.node, value, workspace.cuts),
    )


def _note_cuts(node: Grades, workspace: Workspace) -> None:
    for band in node.bands:
        if band.top_percent is not None and band.grade not in workspace.cuts.grades:
            workspace.note(f"provisional: grade {band.grade} has no cut point yet")


def _replaced(
    model: CompiledModel, workspace: Workspace, shown: Grade | None, previous: Snapshot
) -> Grade | None:
    """Steps 17 and 18: a manual grade, then the lock."""
    row = workspace.facts.row
    if model.manual is not None:
        typed = manual_grade(model.manual, row, workspace)
        shown = shown if typed is None else typed
    if is_locked(model.model.lock_column, row) and previous.grade is not None:
        return previous.grade
    return shown


def _grade_since(model: CompiledModel, shown: Grade | None, card: Scorecard) -> date | None:
    """The local day since which this grade is shown; kept only for its output role."""
    if model.model.output.grade_since is None or shown is None:
        return None
    same = shown == card.previous.grade
    return (card.previous.grade_since if same else None) or card.today


def _reasons(model: CompiledModel, parts: tuple[Part, ...]) -> tuple[str, ...]:
    wanted = model.model.reasons
    if wanted is None:
        return ()
    exclude = model.model.score.missing == "exclude"
    present = [part for part in parts if not (part.missing and exclude)]
    return reason_codes(_gaps(model, present), wanted.count)


def _gaps(model: CompiledModel, parts: list[Part]) -> Iterator[Gap]:
    for part in parts:
        each = model.indicators[part.indicator]
        best = baseline(each.node, each.points, part.weight)
        if each.node.reason is not None and best is not None:
            yield Gap(each.node.reason, part.weight * (best - part.points))
