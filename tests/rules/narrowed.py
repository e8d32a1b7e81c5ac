"""A store that leaves out all that a read's narrowing allows, as an organisation would."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from gradesys.records import AllOf, AnyOf, Compare, Link, Narrowing, Read, Ref, Row, Scope, Value
from gradesys.rules.pool import identity
from gradesys.rules.tables import MemoryTable, TableStore


class NarrowedStore(TableStore):
    """Counts the rows that it left out."""

    def __init__(self, tables: Mapping[str, MemoryTable]) -> None:
        super().__init__(tables)
        self.left_out = 0

    def rows(self, read: Read, scope: Scope) -> Iterable[Row]:
        """Only rows that satisfy the narrowing, and lead back to the scope."""
        found = list(super().rows(read, scope))
        ids = None if scope.ids is None else self._with_those_below(read, scope.ids)
        kept = [
            row
            for row in found
            if (ids is None or self._leads_to(row, read.way, read.key, ids))
            and self._satisfies(row, read.where)
        ]
        self.left_out += len(found) - len(kept)
        return kept

    def _with_those_below(self, read: Read, ids: Iterable[str]) -> frozenset[str]:
        seen, level = frozenset[str](), frozenset(ids)
        depth = read.below.depth if read.below else 0
        while level - seen:
            seen |= level
            if read.below is None or depth == 0:
                break
            below = (self._tables[read.target].holding(read.below.lookup, id) for id in level)
            level = frozenset(str(row[f"{read.target}id"]) for rows in below for row in rows)
            depth = None if depth is None else depth - 1
        return seen

    def _leads_to(self, row: Row, way: tuple[Link, ...], key: str, ids: frozenset[str]) -> bool:
        if not way:
            return row.get(key) is not None and identity(row[key]) in ids
        link, table = way[0], self._tables.get(way[0].table)
        if table is None or row.get(link.near) is None:
            return False
        onward = table.holding(link.far, identity(row[link.near]))
        return any(self._leads_to(each, way[1:], key, ids) for each in onward)

    def _satisfies(self, row: Row, where: Narrowing) -> bool:
        if isinstance(where, AllOf):
            return all(self._satisfies(row, part) for part in where.parts)
        if isinstance(where, AnyOf):
            return any(self._satisfies(row, part) for part in where.parts)
        return _holds(where, self._value(row, where.column))


def _holds(condition: Compare, value: Value) -> bool:
    if condition.op in ("ne", "not_in", "null", "not_null"):
        positive = {"ne": "eq", "not_in": "in", "null": "null", "not_null": "null"}
        holds = _positive(positive[condition.op], value, condition.operand)
        return holds if condition.op == "null" else not holds
    return _positive(condition.op, value, condition.operand)


def _positive(op: str, value: Value, operand: Any) -> bool:
    if op == "null" or value is None:
        return op == "null" and value is None
    if op == "in":
        return any(_equal(value, one) for one in operand)
    return _equal(value, operand) if op == "eq" else _ORDERS[op](value, operand)


def _equal(value: Value, operand: Any) -> bool:
    """Ids are equal by their lower-case text, whatever the target."""
    if isinstance(value, Ref) and not isinstance(operand, Ref):
        return value.id == str(operand).lower()
    return type(value) is type(operand) and value == operand


_ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}
