"""One model's function: a record's facts and yesterday's state in, a scorecard out.

The steps stand in the order of rules.md section 5. ``gradesys explain --compiled`` prints them.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from gradesys.rules.account import Entry, Figures, Sheet, Whole
from gradesys.rules.emit.code import listed
from gradesys.rules.emit.combining import Steps, write_score
from gradesys.rules.emit.frame import Frame, insert_head, open_frame
from gradesys.rules.emit.grades import Grading, write_grades
from gradesys.rules.emit.module import Generated, built
from gradesys.rules.emit.points import write_points
from gradesys.rules.emit.reasons import write_reasons
from gradesys.rules.emit.values import write_values
from gradesys.rules.emit.weights import weight, write_weights
from gradesys.rules.emit.writer import Writer
from gradesys.rules.points import kind_of

if TYPE_CHECKING:
    from gradesys.rules.compile import CompiledModel

FUNCTION = "score_record"


def model_function(model: CompiledModel) -> Generated:
    """``run(facts, previous)`` gives a Scorecard, within ``computing()``; raises RecordError.

    ``previous`` is the end of the local day before (section 6).
    """
    whole = cache(lambda: _function(model, frozenset(), None).run)
    return _function(model, _spared(model), whole)


def unasked(model: CompiledModel) -> frozenset[str]:
    """Helpers whose points no expression reads."""
    asked = {name for use in model.uses for name in use.expression.points_of}
    return frozenset(
        name
        for name, each in model.indicators.items()
        if not each.node.scored and name not in asked
    )


def _spared(model: CompiledModel) -> frozenset[str]:
    """Helpers whose points are worked out when somebody wants to see them; not those that leave
    notes."""
    return frozenset(
        name
        for name in unasked(model)
        if kind_of(model.indicators[name].node.points) not in ("rules", "quantiles")
    )


def _function(model: CompiledModel, spared: frozenset[str], whole: Whole | None) -> Generated:
    writer = Writer()
    frame = open_frame(model, writer, spared)
    sheet = writer.object("sheet", "", _sheet(model, frame.columns, whole if spared else None))
    with writer.block(f"def {FUNCTION}(facts, previous):"):
        with writer.block("try:"):
            _write_steps(frame, sheet)
        writer.line("except DecimalException: too_large()")
    return built(writer, FUNCTION)


def _write_steps(frame: Frame, sheet: str) -> None:
    _write_population(frame, sheet)
    place = len(frame.writer.lines)
    _write_day(frame)
    write_values(frame)
    write_points(frame)
    write_weights(frame)
    steps = write_score(frame)
    grading = write_grades(frame, steps.score)
    reasons = write_reasons(frame)
    insert_head(frame.writer, place)
    _write_met(frame, steps)
    kept = [
        *(sheet, "facts", "previous", "score", grading.graded, "raw", grading.earned, "grade"),
        *("met", _aside(frame, reasons, grading)),
    ]
    frame.writer.line(f"return Scorecard({', '.join(filter(None, kept))})")


def _aside(frame: Frame, reasons: str, grading: Grading) -> str:
    """The code of what few records or models have; empty where nothing can be meant."""
    kept = [reasons, grading.below_since, grading.since]
    is_noting = "notes" in frame.writer.needs
    if kept == ["()", "None", "None"]:
        return "Aside(remarks(notes)) if notes else NO_ASIDE" if is_noting else ""
    notes = "remarks(notes) if notes else ()" if is_noting else "()"
    return f"Aside({', '.join([notes, *kept])})"


def _write_population(frame: Frame, sheet: str) -> None:
    if frame.model.model.population:
        test = frame.writer.object("in_population", "", frame.model.population.test)
        outside = f"return Scorecard({sheet}, facts, previous)"
        frame.writer.line(f"if not {test}(facts.row, facts.moment): {outside}")


def _write_day(frame: Frame) -> None:
    """When the population was measured that the record is compared with."""
    writer = frame.writer
    if frame.model.ranked:
        cuts = writer.need("cuts")
        told = f"{writer.noting()}('cut points of ' + {cuts}.day.isoformat())"
        writer.line(f"if {cuts}.day is not None: {told}")


def _write_met(frame: Frame, steps: Steps) -> None:
    values = (
        local.value
        for local, column in zip(frame.locals.values(), frame.columns, strict=True)
        if column is None
    )
    landings = (
        "None" if name in frame.spared else local.landing if each.node.scored else local.points
        for (name, each), local in zip(
            frame.model.indicators.items(), frame.locals.values(), strict=True
        )
    )
    end = "combined", steps.bounded, _figures(frame, steps)
    frame.writer.line(f"met = {listed((*values, *landings, *end))}")


def _figures(frame: Frame, steps: Steps) -> str:
    """A constant where rows decide no weight, no clamp and no divisor, and none are folded."""
    writer, scored = frame.writer, tuple(frame.scored)
    fixed = tuple(local.fixed for _, local in scored if local.fixed is not None)
    is_fixed, divisor = len(fixed) == len(scored), steps.divisor.text
    folds = [each.source.aggregate and f"{local.fold}.rows" for each, local in scored]
    if is_fixed and not any(folds) and divisor != "divisor" and steps.clamps == "{}":
        known = Figures(fixed, (None,) * len(folds), {}, writer.constants.get(divisor))
        return writer.constant("figures", "", known)
    weights = listed(weight(frame, local) for _, local in scored)
    if is_fixed:
        weights = writer.constant("weights", "", fixed)
    rows = listed(fold or "None" for fold in folds)
    return f"Figures({weights}, {rows}, {steps.clamps}, {divisor})"


def _sheet(model: CompiledModel, columns: tuple[str | None, ...], whole: Whole | None) -> Sheet:
    names = tuple(model.indicators)
    entries = (
        Entry(
            name,
            names.index(name),
            each.node.group,
            None if each.source.aggregate is None else each.source.aggregate.window,
        )
        for name, each in model.indicators.items()
        if each.node.scored
    )
    score, grades = model.model.score, model.model.grades
    return Sheet(
        model.model.id, lambda: model.version, names, columns, tuple(entries), score, grades, whole
    )
