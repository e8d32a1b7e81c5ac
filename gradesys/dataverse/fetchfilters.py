"""Narrowings as FetchXML conditions, as far as they can be said soundly; the rest is left out.

Days are widened by two on either side, because FetchXML counts them in the caller's time zone and
the rules decide by their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from xml.etree.ElementTree import Element, SubElement

from gradesys.dataverse.literals import literal
from gradesys.dataverse.odata import column_of
from gradesys.records import DATES, AllOf, Column, Compare, Kind, Narrowing, Ref, Table, Value

_SLACK = timedelta(days=2)
_EARLIEST, _LATEST = date(1754, 1, 1), date(9998, 1, 1)


def add_filter(table: Table, entity: Element, where: Narrowing) -> None:
    """Append what can be said of ``where`` to an entity."""
    node = _node(table, where)
    if node is not None:
        SubElement(entity, "filter").append(node)


def _node(table: Table, where: Narrowing) -> Element | None:
    """A condition or a filter; None leaves nothing out."""
    if isinstance(where, Compare):
        return _compare(table, where)
    parts = [_node(table, part) for part in where.parts]
    known = [part for part in parts if part is not None]
    if isinstance(where, AllOf):
        return _group("and", known) if known else None
    if not parts:
        return _condition(table.id_column, "null")
    return _group("or", known) if len(known) == len(parts) else None


def _compare(table: Table, compare: Compare) -> Element | None:
    if "." in compare.column:
        return None
    column = column_of(table, compare.column)
    return _WRITERS[compare.op](column, compare)


def _null(column: Column, compare: Compare) -> Element:
    return _condition(column.name, "null" if compare.op == "null" else "not-null")


def _equal(column: Column, compare: Compare) -> Element | None:
    """``eq`` and ``in``; null among the operands is the test for null."""
    if column.kind in DATES:
        return None
    values = _texts(column, compare)
    parts = [_condition(column.name, "in", *values)] if values else []
    parts += [_condition(column.name, "null")] if None in _operands(compare) else []
    return _group("or", parts or [_nothing(column)])


def _differs(column: Column, compare: Compare) -> Element | None:
    """``ne`` and ``not_in``, true for null unless null is among the operands."""
    if column.kind in DATES:
        return None
    values = _texts(column, compare)
    other = [_condition(column.name, "not-in", *values)] if values else []
    if None in _operands(compare):
        return _group("and", [_condition(column.name, "not-null"), *other])
    return _group("or", [*other, _condition(column.name, "null")]) if other else None


def _ordered(column: Column, compare: Compare) -> Element | None:
    operand = compare.operand
    if isinstance(operand, date):
        return _around(column, compare.op, date(operand.year, operand.month, operand.day))
    (value,) = _texts(column, compare)
    return _condition(column.name, compare.op, value)


def _around(column: Column, op: str, day: date) -> Element | None:
    if not _EARLIEST < day < _LATEST:
        return None
    if op in ("gt", "ge"):
        return _condition(column.name, "on-or-after", (day - _SLACK).isoformat())
    return _condition(column.name, "on-or-before", (day + _SLACK).isoformat())


_WRITERS: Mapping[str, Callable[[Column, Compare], Element | None]] = {
    **dict.fromkeys(("eq", "in"), _equal),
    **dict.fromkeys(("ne", "not_in"), _differs),
    **dict.fromkeys(("gt", "ge", "lt", "le"), _ordered),
    **dict.fromkeys(("null", "not_null"), _null),
}


def _operands(compare: Compare) -> tuple[Value, ...]:
    operand = compare.operand
    return operand if isinstance(operand, tuple) and not isinstance(operand, Ref) else (operand,)


def _texts(column: Column, compare: Compare) -> tuple[str, ...]:
    return tuple(_told(column.kind, _operands(compare)))


def _told(kind: Kind, operands: tuple[Value, ...]) -> Iterator[str]:
    for value in operands:
        if isinstance(value, bool):
            yield str(int(value))
        elif value is not None:
            yield literal(kind, value)


def _nothing(column: Column) -> Element:
    """What no row meets."""
    return _group("and", [_condition(column.name, op) for op in ("null", "not-null")])


def _group(kind: str, parts: list[Element]) -> Element:
    if len(parts) == 1:
        return parts[0]
    group = Element("filter", {"type": kind})
    group.extend(parts)
    return group


def _condition(column: str, operator: str, *values: str) -> Element:
    many = operator in ("in", "not-in")
    value = {} if many or not values else {"value": values[0]}
    condition = Element("condition", {"attribute": column, "operator": operator, **value})
    for text in values if many else ():
        SubElement(condition, "value").text = text
    return condition
