"""Whether what a model reads is there, and whether it can be relied upon (rules.md section 10)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gradesys.records import DATES, Kind, Schema
from gradesys.rules.compile import CompiledModel
from gradesys.rules.dependencies import readings, watched
from gradesys.rules.model import AggregateIndicator, ColumnIndicator, RuleModel
from gradesys.rules.outputchecks import KINDS
from gradesys.rules.problems import Findings, Path
from gradesys.rules.shapes import DEEPEST, Shape, column_at, shape_at, table_at

STAMPS = ("modifiedon", "versionnumber")
"""Columns that every write moves, ours included."""

SUMMED = ("sum", "avg", "median", "stddev")


def check_columns(model: RuleModel, schema: Schema, found: Findings) -> None:
    """Note a missing table, and missing or unfit columns that the scored row is asked for."""
    if found.attempt(("table",), lambda: table_at(schema, model.table)) is None:
        return
    for name, node in model.indicators.items():
        if isinstance(node, ColumnIndicator):
            _shape(model, schema, node.column, ("indicators", name, "column"), found)
    for path, (column, kinds) in _typed_columns(model).items():
        shape = _shape(model, schema, column, path, found)
        if shape is not None and shape.kind not in kinds:
            needed = ", ".join(sorted(kinds))
            found.note(path, f"column '{column}' is of kind {shape.kind}, not one of {needed}")


def check_depth(compiled: CompiledModel, found: Findings) -> None:
    """Note dotted columns that follow more lookups than one read can join."""
    for reading in readings(compiled):
        if reading.column.count(".") > DEEPEST:
            found.note(reading.path, f"'{reading.column}' follows more than {DEEPEST} lookups")


def check_stamps(compiled: CompiledModel, schema: Schema | None, found: Findings) -> None:
    """Note inputs that our own write of the score would move."""
    _note_stamps(compiled, schema, found, lambda table: table == compiled.model.table)


def odd_inputs(compiled: CompiledModel, schema: Schema | None, odd: Findings) -> None:
    """Warnings: columns that change without an event or with every one, mixed currencies."""
    _note_stamps(compiled, schema, odd, lambda table: table != compiled.model.table)
    if schema is None:
        return
    for reading in readings(compiled):
        column = column_at(schema, reading.table, reading.column)
        if column is not None and not column.stored:
            message = f"'{reading.column}' is a rollup or calculated column: it raises no events"
            odd.note(reading.path, message)
    for name, node in compiled.model.indicators.items():
        if isinstance(node, AggregateIndicator) and _mixes_currencies(node, schema):
            home = ("indicators", name, "column")
            odd.note(home, f"sums over currencies; '{node.column}_base' is in one")


def _note_stamps(
    compiled: CompiledModel,
    schema: Schema | None,
    found: Findings,
    concerned: Callable[[str], bool],
) -> None:
    for reading in readings(compiled):
        for watch in watched(reading, schema):
            if watch.column in STAMPS and concerned(watch.table):
                found.note(reading.path, f"every write of {watch.table} moves {watch.column}")


def _mixes_currencies(node: AggregateIndicator, schema: Schema) -> bool:
    if node.column is None or node.op not in SUMMED or node.column.endswith("_base"):
        return False
    column = column_at(schema, node.of, node.column)
    return column is not None and column.kind is Kind.MONEY


def _shape(
    model: RuleModel, schema: Schema, column: str, path: Path, found: Findings
) -> Shape | None:
    return found.attempt(path, lambda: shape_at(schema, model.table, column))


def _typed_columns(model: RuleModel) -> Mapping[Path, tuple[str, frozenset[Kind]]]:
    """Columns of the scored row that must be of certain kinds, by the key that names them."""
    found: dict[Path, tuple[str, frozenset[Kind]]] = {}
    if model.lock_column is not None:
        found["lock_column",] = model.lock_column, frozenset({Kind.BOOLEAN})
    if model.manual is not None:
        found["manual", "grade_column"] = model.manual.grade_column, frozenset(KINDS["grade"])
        if model.manual.until_column is not None:
            found["manual", "until_column"] = model.manual.until_column, DATES
    return found
