"""Narrowings as OData text: typed literals only, and no reliance on the server's null rule.

SQL's «unknown» never decides here: whatever is true for null says so with its own ``eq null``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from gradesys.dataverse.literals import literal
from gradesys.errors import MissingMetadata, PermanentError
from gradesys.records import (
    AllOf,
    Column,
    Compare,
    Kind,
    Narrowing,
    Ref,
    Schema,
    Table,
    Value,
)

NAME = re.compile(r"[a-z][a-z0-9_]{0,127}")
TRUE = ""
_TRUE_FOR_NULL = frozenset({"ne", "not_in", "null"})


def filter_text(schema: Schema, table: Table, where: Narrowing) -> str:
    """``where`` as ``$filter`` text, not URL-encoded; ``TRUE`` when it leaves nothing out."""
    if isinstance(where, Compare):
        return _compare(schema, table, where)
    if isinstance(where, AllOf):
        return _all(filter_text(schema, table, part) for part in where.parts)
    # An alternative must not narrow by parents: whether rows without one would still be seen is
    # not documented.
    parts = [
        TRUE if _has_parent(part) else filter_text(schema, table, part) for part in where.parts
    ]
    if TRUE in parts:
        return TRUE
    return _join("or", parts) or f"{table.id_column} eq null"


def column_of(table: Table, name: str) -> Column:
    """The column called ``name``. Raises ``MissingMetadata``, naming it."""
    column = table.columns.get(name) if NAME.fullmatch(name) else None
    if column is None:
        raise MissingMetadata(f"table {table.name} has no column {name!r}")
    return column


def table_of(schema: Schema, name: str) -> Table:
    """The table called ``name``. Raises ``MissingMetadata``, naming it."""
    table = schema.get(name)
    if table is None:
        raise MissingMetadata(f"there is no table {name!r}")
    return table


def property_of(column: Column) -> str:
    """The OData property that holds the column's own value."""
    return f"_{column.name}_value" if column.kind is Kind.LOOKUP else column.name


def _all(parts: Iterable[str]) -> str:
    return _join("and", [part for part in parts if part != TRUE])


def _has_parent(where: Narrowing) -> bool:
    if isinstance(where, Compare):
        return "." in where.column
    return any(map(_has_parent, where.parts))


def _compare(schema: Schema, table: Table, compare: Compare) -> str:
    if "." in compare.column:
        return _parent_compare(schema, table, compare)
    column = column_of(table, compare.column)
    return _condition(property_of(column), column.kind, compare)


def _parent_compare(schema: Schema, table: Table, compare: Compare) -> str:
    # Whether a broken lookup counts as null on the server is not documented, so conditions that
    # are true for null, and lookups with several targets, are left to the rules.
    lookup_name, _, name = compare.column.partition(".")
    lookup = column_of(table, lookup_name)
    target = schema.get(lookup.targets[0]) if len(lookup.targets) == 1 else None
    navigation = table.navigations.get((lookup_name, target.name)) if target else None
    if target is None or navigation is None or "." in name or _is_true_for_null(compare):
        return TRUE
    column = column_of(target, name)
    return _condition(f"{navigation}/{property_of(column)}", column.kind, compare)


def _is_true_for_null(compare: Compare) -> bool:
    return compare.op in _TRUE_FOR_NULL or (
        compare.op in ("eq", "in") and None in _operands(compare)
    )


def _condition(name: str, kind: Kind, compare: Compare) -> str:
    write = _OPERATORS.get(compare.op)
    if write is None:
        raise PermanentError(f"{compare.op!r} is no operator of a narrowing")
    return write(name, compare.op, [_operand(kind, value) for value in _operands(compare)])


def _operands(compare: Compare) -> tuple[Value, ...]:
    operand = compare.operand
    if isinstance(operand, tuple) and not isinstance(operand, Ref):
        return operand
    return (operand,)


def _operand(kind: Kind, value: Value) -> str:
    return "null" if value is None else literal(kind, value)


def _plain(name: str, op: str, operands: list[str]) -> str:
    if operands[0] == "null" and op != "eq":
        raise PermanentError(f"{op} needs a value")
    return f"{name} {op} {operands[0]}"


def _differs(name: str, op: str, operands: list[str]) -> str:
    if not operands:
        return TRUE
    different = _join("and", [f"{name} ne {operand}" for operand in operands])
    if "null" in operands:
        return different
    return _join("or", [part for part in (different, f"{name} eq null") if part])


def _among(name: str, op: str, operands: list[str]) -> str:
    # Nothing is among no values: a condition that no row meets.
    equal = [f"{name} eq {operand}" for operand in operands]
    return _join("or", equal) or f"({name} eq null and {name} ne null)"


_OPERATORS: dict[str, Callable[[str, str, list[str]], str]] = {
    **dict.fromkeys(("eq", "gt", "ge", "lt", "le"), _plain),
    "ne": _differs,
    "not_in": _differs,
    "in": _among,
    "null": lambda name, op, operands: f"{name} eq null",
    "not_null": lambda name, op, operands: f"{name} ne null",
}


def _join(word: str, parts: list[str]) -> str:
    return f"({f' {word} '.join(parts)})" if len(parts) > 1 else "".join(parts)
