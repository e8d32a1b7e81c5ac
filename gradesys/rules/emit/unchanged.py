"""Whether a record keeps what is stored of it: the model's function once more, up to the outputs
that are compared, straight from typed cells and figures (architecture section 3).

It may always say no; then the ordinary way decides, with a scorecard. Written only for models whose
outputs depend on nothing else than the day, the row and its figures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from gradesys.records import Column, Kind, Value
from gradesys.rules.clock import Moment
from gradesys.rules.emit.code import Code
from gradesys.rules.emit.combining import write_score
from gradesys.rules.emit.figures import Cells, Unwritten, condition
from gradesys.rules.emit.frame import Frame, open_frame
from gradesys.rules.emit.grades import write_grades
from gradesys.rules.emit.model import unasked
from gradesys.rules.emit.module import built
from gradesys.rules.emit.points import write_points
from gradesys.rules.emit.reasons import write_reasons
from gradesys.rules.emit.values import NEVER_NULL, NUMBERS, write_values
from gradesys.rules.emit.weights import write_weights
from gradesys.rules.emit.writer import Writer
from gradesys.rules.functions import Kind as CodeKind
from gradesys.rules.model import AggregateIndicator, ColumnIndicator
from gradesys.rules.outputs import PARKED, status_told

if TYPE_CHECKING:
    from gradesys.rules.compile import CompiledModel
    from gradesys.rules.outputs import Output

Unchanged = Callable[[Any, list[Any], Moment], bool]
Told = Callable[[list[Any]], Value]


class Ground(Struct, frozen=True):
    """What there is to score from: ``columns`` of the typed rows in their order, and what tells an
    aggregate's value from figures, by indicator."""

    columns: tuple[Column, ...]
    told: Mapping[str, Told]

    @property
    def cells(self) -> Mapping[str, tuple[str, Column]]:
        """Attribute and column by name."""
        return {column.name: (f"c{i}", column) for i, column in enumerate(self.columns)}


def unchanged_function(model: CompiledModel, ground: Ground, moment: Moment) -> Unchanged | None:
    """``run(row, figures, moment)``; raises RecordError. None: it cannot be written."""
    if model.ranked or model.manual or model.model.lock_column or not _is_memoryless(model):
        return None
    writer = Writer()
    frame = open_frame(model, writer, unasked(model))
    try:
        frame.given.update(_given(frame, ground))
        with writer.block("def unchanged(row, figures, moment):"):
            _write_population(frame, ground, moment)
            _write_status(frame, ground)
            place = len(writer.lines)
            write_values(frame)
            write_points(frame)
            write_weights(frame)
            write_grades(frame, write_score(frame).score)
            write_reasons(frame)
            for output in model.outputs:
                _write_compared(frame, output, ground)
            writer.line("return True")
            if "notes" in writer.needs:
                writer.lines.insert(place, "    notes = []")
    except Unwritten:
        return None
    run: Unchanged = built(writer, "unchanged").run
    return run


def _is_memoryless(model: CompiledModel) -> bool:
    """Whether nothing is carried over from the day before."""
    grades, roles = model.grades, {output.role for output in model.outputs}
    protected = grades is not None and (grades.node.hysteresis or grades.downgrade)
    return not protected and not roles & {"state", "below_since", "grade_since"}


def _given(frame: Frame, ground: Ground) -> Iterator[tuple[str, Code]]:
    cells = ground.cells
    for name, each in frame.model.indicators.items():
        if isinstance(each.node, ColumnIndicator):
            attribute, column = cells[each.node.column]
            yield name, _cell(f"row.{attribute}", column.kind)
        elif isinstance(each.node, AggregateIndicator):
            told, op = frame.writer.object("told", name, ground.told[name]), each.node.op
            kind: CodeKind = "decimal" if op in NUMBERS else "any"
            yield name, Code(f"{told}(figures)", kind, op not in NEVER_NULL)


def _cell(text: str, kind: Kind) -> Code:
    if kind not in CELLS:
        raise Unwritten
    return CELLS[kind](text)


def _write_population(frame: Frame, ground: Ground, moment: Moment) -> None:
    """Who is outside has nothing to compare; the ordinary way knows what to do."""
    population = frame.model.population
    if not population.exact(moment):
        raise Unwritten
    attributes = {name: attribute for name, (attribute, _) in ground.cells.items()}
    kinds = {column.name: column.kind for column in ground.columns}
    cells = Cells(frame.writer, attributes, kinds)
    frame.writer.line(f"if not {condition(cells, population.narrow(moment))}: return False")


def _write_compared(frame: Frame, output: Output, ground: Ground) -> None:
    if output.role in COMPARED:
        attribute, column = ground.cells[output.column.name]
        result = COMPARED[output.role](frame, output, column)
        frame.writer.line(f"if row.{attribute} != {result}: return False")


def _write_status(frame: Frame, ground: Ground) -> None:
    """Who was set aside and can be scored is let go, which is a change."""
    for name, parked in status_told(frame.model.outputs, PARKED).items():
        attribute, _ = ground.cells[name]
        word = repr(int(parked)) if isinstance(parked, Decimal) else repr(parked)
        frame.writer.line(f"if row.{attribute} == {word}: return False")


def _score(frame: Frame, output: Output, column: Column) -> str:
    if column.kind not in (Kind.DECIMAL, Kind.MONEY, Kind.DOUBLE):
        raise Unwritten
    number = frame.writer.number
    for limit, sign in ((column.minimum, "<"), (column.maximum, ">")):
        if limit is not None:
            beyond = f"score is not None and score {sign} {number(limit).text}"
            frame.writer.line(f"if {beyond}: return False")
    places = column.places
    if places is None or places >= frame.model.model.score.decimals:
        return "score"
    unit = number(Decimal(1).scaleb(-places)).text
    return f"(None if score is None else quantize(score, {unit}))"


def _grade(frame: Frame, output: Output, column: Column) -> str:
    local = "grade" if output.role == "grade" else "raw"
    if column.kind is not Kind.CHOICE:
        return local
    options = {grade: repr(int(option)) for grade, option in output.target.options.items()}
    table = frame.writer.table("options", output.role, {None: "None", **options})
    return f"{table}.get({local}, -1)"


def _reasons(frame: Frame, output: Output, column: Column) -> str:
    return "None" if frame.model.model.reasons is None else "(','.join(reasons) or None)"


def _whole(text: str) -> Code:
    return Code(f"None if {text} is None else Decimal({text})", "decimal")


COMPARED: Mapping[str, Callable[[Frame, Output, Column], str]] = {
    "score": _score,
    "grade": _grade,
    "raw_grade": _grade,
    "reasons": _reasons,
}
"""What must be stored, by role."""
CELLS: Mapping[Kind, Callable[[str], Code]] = {
    **dict.fromkeys((Kind.DECIMAL, Kind.MONEY, Kind.DOUBLE), lambda text: Code(text, "decimal")),
    **dict.fromkeys((Kind.INTEGER, Kind.CHOICE), _whole),
    **dict.fromkeys((Kind.BOOLEAN, Kind.TEXT, Kind.MEMO, Kind.DATE), Code),
    Kind.INSTANT: lambda text: Code(f"in_utc({text})"),
}
"""Cells as rows would have them, by the kind of their column."""
