"""Whether a record keeps what is stored of it: the model's function once more, up to the outputs
that are compared, straight from typed cells and figures (architecture section 3).

It may always say no; then the ordinary way decides, with a scorecard. Written only for models whose
outputs depend on nothing else than the day, the row and its figures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from gradesys.records import Column, Kind
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
from gradesys.rules.heldfigures import HeldCells, Worth
from gradesys.rules.model import AggregateIndicator, ColumnIndicator
from gradesys.rules.outputs import PARKED, status_told

if TYPE_CHECKING:
    from gradesys.rules.compile import CompiledModel
    from gradesys.rules.outputs import Output

Record = tuple[int, tuple[Any, HeldCells]]
"""A place, and what stands there: a typed row (null: none) and its figures."""
Unchanged = Callable[[Iterable[Record], Moment, bytearray], None]


class Ground(Struct, frozen=True):
    """What there is to score from: ``columns`` of the typed rows in their order, and what the
    aggregates are ``worth``, by indicator."""

    columns: tuple[Column, ...]
    worth: Mapping[str, Worth]

    @property
    def cells(self) -> Mapping[str, tuple[str, Column]]:
        """Attribute and column by name."""
        return {column.name: (f"c{i}", column) for i, column in enumerate(self.columns)}


def unchanged_function(model: CompiledModel, ground: Ground, moment: Moment) -> Unchanged | None:
    """Marks the places of those who would not change. None: it cannot be written."""
    if model.ranked or model.manual or model.model.lock_column or not _is_memoryless(model):
        return None
    writer = Writer()
    frame = open_frame(model, writer, unasked(model))
    try:
        frame.given.update(_given(frame, ground))
        with (
            writer.block("def unchanged(records, moment, kept):"),
            writer.block("for place, (row, figures) in records:"),
        ):
            writer.line("if row is None: continue")
            with writer.block("try:"):
                _write_test(frame, ground, moment)
                writer.line("kept[place] = 1")
            writer.line("except (RecordError, DecimalException): continue")
    except Unwritten:
        return None
    run: Unchanged = built(writer, "unchanged").run
    return run


def _write_test(frame: Frame, ground: Ground, moment: Moment) -> None:
    """The model's function for one record, which ends at what differs."""
    writer = frame.writer
    _write_population(frame, ground, moment)
    _write_status(frame, ground)
    place, depth = len(writer.lines), writer.depth
    write_values(frame)
    write_points(frame)
    write_weights(frame)
    write_grades(frame, write_score(frame).score)
    write_reasons(frame)
    for output in frame.model.outputs:
        _write_compared(frame, output, ground)
    if "notes" in writer.needs:
        writer.lines.insert(place, "    " * depth + "notes = None")


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
            op, text = each.node.op, _worth(frame.writer, name, ground.worth[name])
            kind: CodeKind = "decimal" if op in NUMBERS else "any"
            yield name, Code(text, kind, op not in NEVER_NULL)


def _worth(writer: Writer, name: str, worth: Worth) -> str:
    """Straight from the cell, where this is simple; a product with the unit of a sum has 28 digits,
    as the aggregate has."""
    held, cell = worth.held, f"figures[{worth.at}]"
    if held is not None and held.figure.op == "sum" and held.places is not None:
        unit = writer.number(Decimal(1).scaleb(-held.places)).text
        zero = writer.number(Decimal(0)).text
        return f"{zero} if {cell} == {held.blank} else Decimal({cell}) * {unit}"
    if held is not None and held.kind is Kind.INSTANT and held.figure.op != "count":
        return f"in_utc({cell})"
    return f"{writer.object('worth', name, worth.value)}(figures)"


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
    frame.writer.line(f"if not {condition(cells, population.narrow(moment))}: continue")


def _write_compared(frame: Frame, output: Output, ground: Ground) -> None:
    if output.role in COMPARED:
        attribute, column = ground.cells[output.column.name]
        result = COMPARED[output.role](frame, output, column)
        frame.writer.line(f"if row.{attribute} != {result}: continue")


def _write_status(frame: Frame, ground: Ground) -> None:
    """Who was set aside and can be scored is let go, which is a change."""
    for name, parked in status_told(frame.model.outputs, PARKED).items():
        attribute, _ = ground.cells[name]
        word = repr(int(parked)) if isinstance(parked, Decimal) else repr(parked)
        frame.writer.line(f"if row.{attribute} == {word}: continue")


def _score(frame: Frame, output: Output, column: Column) -> str:
    if column.kind not in (Kind.DECIMAL, Kind.MONEY, Kind.DOUBLE):
        raise Unwritten
    number = frame.writer.number
    for limit, sign in ((column.minimum, "<"), (column.maximum, ">")):
        if limit is not None:
            beyond = f"score is not None and score {sign} {number(limit).text}"
            frame.writer.line(f"if {beyond}: continue")
    places = column.places
    if places is None or places >= frame.model.model.score.decimals:
        return "score"
    unit = number(Decimal(1).scaleb(-places)).text
    return f"(None if score is None else quantize(score, {unit}))"


def _grade(frame: Frame, output: Output, column: Column) -> str:
    local = "grade" if output.role == "grade" else "raw"
    if column.kind is not Kind.CHOICE:
        return local
    options = {grade: int(option) for grade, option in output.target.options.items()}
    table = frame.writer.constant("options", output.role, {None: None, **options})
    return f"{table}.get({local}, -1)"


def _reasons(frame: Frame, output: Output, column: Column) -> str:
    return "None" if frame.model.model.reasons is None else "(','.join(reasons) or None)"


def _whole(text: str) -> Code:
    return Code(f"None if {text} is None else Decimal({text})", "decimal", cell=text)


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
    Kind.BOOLEAN: lambda text: Code(text, cell=text),
    **dict.fromkeys((Kind.TEXT, Kind.MEMO, Kind.DATE), Code),
    Kind.INSTANT: lambda text: Code(f"in_utc({text})"),
}
"""Cells as rows would have them, by the kind of their column."""
