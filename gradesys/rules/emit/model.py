"""One model's function: a record's facts and yesterday's state in, a scorecard out.

The steps stand in the order of rules.md section 5. ``gradesys explain --compiled`` prints them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradesys.rules.account import Entry, Sheet
from gradesys.rules.emit.code import listed
from gradesys.rules.emit.combining import Steps, write_score
from gradesys.rules.emit.frame import Frame, insert_head, open_frame
from gradesys.rules.emit.grades import write_grades
from gradesys.rules.emit.module import Generated, built
from gradesys.rules.emit.points import write_points
from gradesys.rules.emit.reasons import write_reasons
from gradesys.rules.emit.values import write_values
from gradesys.rules.emit.weights import weight, write_weights
from gradesys.rules.emit.writer import Writer

if TYPE_CHECKING:
    from gradesys.rules.compile import CompiledModel

FUNCTION = "score_record"


def model_function(model: CompiledModel) -> Generated:
    """``run(facts, previous)`` gives a Scorecard; raises RecordError.

    ``previous`` is the end of the local day before (section 6). It computes in the rules' own
    decimal context; whoever scores many opens ``computing()`` once for all of them.
    """
    writer = Writer()
    frame = open_frame(model, writer)
    sheet = writer.object("sheet", "", _sheet(model))
    with writer.block(f"def {FUNCTION}(facts, previous):"):
        again = f"return computed({FUNCTION}, facts, previous)"
        writer.line(f"if getcontext() is not CONTEXT: {again}")
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
    write_grades(frame, steps.score)
    write_reasons(frame)
    insert_head(frame.writer, place)
    _write_card(frame, sheet, steps)


def _write_population(frame: Frame, sheet: str) -> None:
    if frame.model.model.population:
        test = frame.writer.object("in_population", "", frame.model.population.test)
        outside = f"return Scorecard({sheet}, facts, previous)"
        frame.writer.line(f"if not {test}(facts.row, facts.moment): {outside}")


def _write_day(frame: Frame) -> None:
    """When the population was measured that the record is compared with."""
    writer = frame.writer
    if frame.model.ranked:
        cuts, notes = map(writer.need, ("cuts", "notes"))
        told = f"{notes}.append('cut points of ' + {cuts}.day.isoformat())"
        writer.line(f"if {cuts}.day is not None: {told}")


def _write_card(frame: Frame, sheet: str, steps: Steps) -> None:
    writer = frame.writer
    values = (local.value for local in frame.locals.values())
    landings = (
        frame.locals[each.name].landing if each.node.scored else frame.locals[each.name].points
        for each in frame.model.indicators.values()
    )
    writer.line(f"met = {listed((*values, *landings))}")
    notes = "remarks(notes) if notes else ()" if "notes" in writer.needs else "()"
    writer.line(f"return Scorecard({sheet}, facts, previous, True, score, raw,")
    writer.line("    earned, grade, below_since, since, reasons, graded, met,")
    writer.line(f"    {_figures(frame, steps)}, combined, {steps.bounded}, {notes})")


def _figures(frame: Frame, steps: Steps) -> str:
    """A constant where rows decide no weight, no clamp and no divisor, and none are folded."""
    writer, scored = frame.writer, tuple(frame.scored)
    weights = listed(weight(frame, local) for _, local in scored)
    rows = listed(
        "None" if each.source.aggregate is None else f"{local.fold}.rows" for each, local in scored
    )
    code = f"Figures({weights}, {rows}, {steps.clamps}, {steps.divisor.text})"
    is_fixed = all(
        each.source.aggregate is None and local.fixed is not None for each, local in scored
    )
    if not is_fixed or steps.divisor.text == "divisor" or steps.clamps == "clamps":
        return code
    name = writer.name("figures")
    writer.constants[name] = code
    return name


def _sheet(model: CompiledModel) -> Sheet:
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
    return Sheet(model.model.id, model.version, names, tuple(entries), score, grades)
