"""Which typed rows of a page a narrowing leaves, those that lead to no record aside (rules.md 3.2,
3.4).

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
from gradesys.records import AllOf, Compare, Kind, Narrowing, Read
from gradesys.rules.emit.module import built
from gradesys.rules.emit.writer import Writer

Leaving = Callable[[Sequence[Any]], list[Any]]

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


class Cells(Struct, frozen=True):
    """Where a row's cells are, and of which kinds."""

    writer: Writer
    attributes: Mapping[str, str]
    kinds: Mapping[str, Kind]


@lru_cache(maxsize=256)
def leaving(read: Read, kinds: tuple[Kind, ...], single: bool) -> Leaving | None:
    """``kinds``: of the read's columns; ``single``: its lookup leads to no other table. None: the
    narrowing cannot be written."""
    writer = Writer()
    attributes = {name: f"c{place}" for place, name in enumerate(read.columns)}
    cells = Cells(writer, attributes, dict(zip(read.columns, kinds, strict=True)))
    try:
        test = condition(cells, read.where)
    except Unwritten:
        return None
    key = attributes[read.key]
    test += f" and row.{key} is not None"
    if not single:
        leads, table = writer.object("leads", "", _leads(read)), f"row.t{key[1:]}"
        test += f" and ({table} == {read.target!r} or {leads}({table}, row.{key}))"
    with writer.block("def leaving(rows):"):
        writer.line(f"return [row for row in rows if {test}]")
    found: Leaving = built(writer, "leaving").run
    return found


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
