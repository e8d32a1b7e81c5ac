"""One loop over the typed rows of a page: which of them a narrowing leaves, and what they add up to
for each record that they lead to (rules.md 3.2, 3.4).

Written for reads whose narrowing is the filter itself, so it is the filter that is written here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from msgspec import Struct

from gradesys.errors import RecordError
from gradesys.records import AllOf, Compare, Figure, Kind, Narrowing, Read
from gradesys.rules.emit.module import built
from gradesys.rules.emit.writer import Writer

States = dict[str, list[Any]]
Opened = Callable[[str | None], list[Any] | None]
Loop = Callable[[Sequence[Any], States, Opened], None]
"""Adds rows to the figures of the records that they lead to; ``Opened`` finds those of a record
that has none yet, None where a row leads to no record."""

WHOLE = frozenset({Kind.INTEGER, Kind.CHOICE})
_OPERANDS: Mapping[Kind, type] = {
    **dict.fromkeys((*WHOLE, Kind.DECIMAL, Kind.MONEY), Decimal),
    Kind.BOOLEAN: bool,
    Kind.DATE: date,
    Kind.INSTANT: datetime,
}
_EQUALITY = {"eq": "==", "ne": "!="}
_ORDER = {"gt": ">", "ge": ">=", "lt": "<", "le": "<="}
_NULL = {"null": "is", "not_null": "is not"}


class Unwritten(Exception):
    """A condition that only the filter's own test decides."""


class Shape(Struct, frozen=True):
    """``kinds``: of the read's columns; ``single``: its lookup leads to no other table. The figures
    of a record stand in its list from ``place``: how many rows there are, then ``figures``."""

    kinds: tuple[Kind, ...]
    single: bool
    figures: tuple[Figure, ...]
    place: int


class Cells(Struct, frozen=True):
    """Where a row's cells are, and of which kinds."""

    writer: Writer
    attributes: Mapping[str, str]
    kinds: Mapping[str, Kind]


@lru_cache(maxsize=256)
def figures_loop(read: Read, shape: Shape) -> Loop | None:
    """None: the narrowing cannot be written."""
    writer = Writer()
    attributes = {name: f"c{place}" for place, name in enumerate(read.columns)}
    cells = Cells(writer, attributes, dict(zip(read.columns, shape.kinds, strict=True)))
    try:
        test = condition(cells, read.where)
    except Unwritten:
        return None
    key = attributes[read.key]
    with writer.block("def fold(rows, states, opened):"):
        writer.line("get = states.get")
        with writer.block("for row in rows:"), writer.block(f"if {test}:"):
            if not shape.single:
                leads = writer.object("leads", "", _leads(read))
                table = f"row.t{key[1:]}"
                writer.line(f"if {table} != {read.target!r} and not {leads}({table}, row.{key}):")
                writer.line("    continue")
            writer.line(f"state = get(row.{key}) or opened(row.{key})")
            writer.line("if state is None: continue")
            writer.line(f"state[{shape.place}] += 1")
            for place, figure in enumerate(shape.figures, shape.place + 1):
                writer.line(f"value = row.{attributes[figure.column]}")
                writer.line(FIGURES[figure.op](f"state[{place}]"))
    loop: Loop = built(writer, "fold").run
    return loop


def _leads(read: Read) -> Callable[[str | None, str | None], bool]:
    def leads(table: str | None, id: str | None) -> bool:
        if table is None and id is not None:
            raise RecordError(f"nothing tells the target table of {read.key}")
        return table is not None and table.lower() == read.target

    return leads


def condition(cells: Cells, where: Narrowing) -> str:
    """The code of a narrowing. Raises Unwritten."""
    if isinstance(where, Compare):
        return _compare(cells, where, frozenset())[0]
    if not isinstance(where, AllOf):
        return f"({' or '.join(condition(cells, part) for part in where.parts) or 'False'})"
    parts: list[str] = []
    known: frozenset[str] = frozenset()
    for part in where.parts:
        if isinstance(part, Compare):
            text, known = _compare(cells, part, known)
        else:
            text = condition(cells, part)
        parts.append(text)
    return f"({' and '.join(parts) or 'True'})"


def _compare(cells: Cells, compare: Compare, known: frozenset[str]) -> tuple[str, frozenset[str]]:
    """The code, and the locals that are known where it holds."""
    local = cells.attributes[compare.column]
    cell = f"row.{local}"
    if compare.op in _NULL:
        return f"{cell} {_NULL[compare.op]} None", known
    operand = _operand(cells, compare)
    if compare.op in _EQUALITY:
        return f"{cell} {_EQUALITY[compare.op]} {operand}", known
    ordered = f"{local} {_ORDER[compare.op]} {operand}"
    if local in known:
        return ordered, known
    return f"({local} := {cell}) is not None and {ordered}", known | {local}


def _operand(cells: Cells, compare: Compare) -> str:
    kind, operand = cells.kinds[compare.column], compare.operand
    if type(operand) is not _OPERANDS.get(kind):
        raise Unwritten
    if isinstance(operand, Decimal) and kind in WHOLE and operand == operand.to_integral_value():
        return repr(int(operand))
    return cells.writer.object("k", "", operand)


FIGURES: Mapping[str, Callable[[str], str]] = {
    "sum": lambda place: f"if value is not None: {place} += value",
    "count": lambda place: f"if value is not None: {place} += 1",
    "min": lambda place: _further(place, "<"),
    "max": lambda place: _further(place, ">"),
}
"""How a value of a row enters a figure."""


def _further(place: str, sign: str) -> str:
    better = f"({place} is None or value {sign} {place})"
    return f"if value is not None and {better}: {place} = value"
