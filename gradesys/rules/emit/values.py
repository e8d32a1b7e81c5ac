"""Indicator values: raw value, ``transform``, ``default`` (rules.md section 5, step 2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from gradesys.rules.emit.code import Code, joined, listed
from gradesys.rules.emit.frame import Frame
from gradesys.rules.emit.writer import escaped
from gradesys.rules.functions import Kind
from gradesys.rules.model import AggregateIndicator, ColumnIndicator, ExpressionIndicator

if TYPE_CHECKING:
    from gradesys.rules.indicators import CompiledIndicator

NUMBERS = frozenset({"count", "sum", "avg", "median", "stddev", "count_distinct", "share"})
"""Operations that give numbers whatever their rows hold."""
NEVER_NULL = frozenset({"count", "sum", "count_distinct"})


def write_values(frame: Frame) -> None:
    """One step an indicator, in dependency order."""
    _write_columns(frame)
    for name in frame.model.order:
        _write(frame, frame.model.indicators[name])


def _write_columns(frame: Frame) -> None:
    """All cells at once: a store tells every column, other callers may leave some out."""
    columns = {
        frame.locals[name].value: each.node.column
        for name, each in frame.model.indicators.items()
        if isinstance(each.node, ColumnIndicator) and name not in frame.given
    }
    if not columns:
        return
    writer, row = frame.writer, frame.writer.need("row")
    with writer.block("try:"):
        for local, column in columns.items():
            writer.line(f"{local} = {row}[{column!r}]")
    cells = listed(f"{row}.get({column!r})" for column in columns.values())
    writer.line(f"except KeyError: {', '.join(columns)}, = {cells}")


def _write(frame: Frame, each: CompiledIndicator) -> None:
    writer, local = frame.writer, frame.locals[each.name].value
    raw = frame.given.get(each.name) or SOURCES[each.node.type](frame, each.node, each)
    if raw.text != local:
        writer.line(f"{local} = {raw.text}")
    value = Code(local, raw.kind, raw.null, True, cell=raw.cell)
    if each.transform is not None and value.null:
        with writer.block(f"if {local} is not None:"):
            value = _transformed(frame, each, value)
    elif each.transform is not None:
        value = _transformed(frame, each, value)
    default = writer.literal(each.node.default)
    if each.node.default is not None and value.null:
        writer.line(f"if {local} is None: {local} = {default.text}")
        value = Code(local, joined(value, default), False, True)
    frame.values[each.name] = value


def _transformed(frame: Frame, each: CompiledIndicator, value: Code) -> Code:
    assert each.transform is not None
    known = Code(value.text, value.kind, False, True)
    result = frame.code(each.transform, value=known)
    frame.writer.line(f"{value.text} = {result.text}  # {escaped(each.transform.text)}")
    return Code(value.text, result.kind, value.null or result.null, True)


def _column(frame: Frame, node: ColumnIndicator, each: CompiledIndicator) -> Code:
    return Code(frame.locals[each.name].value, atom=True)


def _aggregate(frame: Frame, node: AggregateIndicator, each: CompiledIndicator) -> Code:
    writer = frame.writer
    aggregate = each.source.aggregate
    assert aggregate is not None
    keeps = f"of each record {aggregate.keeps} in memory"
    writer.comment("", f"{each.name}: {node.op} of {node.of}; {keeps}")
    fold = frame.locals[each.name].fold
    writer.line(f"{fold} = tally({writer.need('folds')}[{each.name!r}])")
    if node.row_expression is not None:
        told = f"{writer.noting()}({f'{each.name}: '!r} + remark)"
        writer.line(f"for remark in {fold}.notes: {told}")
    kind: Kind = "decimal" if node.op in NUMBERS else "any"
    return Code(f"{fold}.value", kind, node.op not in NEVER_NULL)


def _expression(frame: Frame, node: ExpressionIndicator, each: CompiledIndicator) -> Code:
    ((_, expression),) = each.source.expressions
    frame.writer.comment("", f"{each.name}: {expression.text}")
    return frame.code(expression)


SOURCES: Mapping[str, Callable[[Frame, Any, CompiledIndicator], Code]] = {
    "column": _column,
    "aggregate": _aggregate,
    "expression": _expression,
}
