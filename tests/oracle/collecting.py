"""From a reached table to the rows an op sees: filter, window, row order, limit (3.2)."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from tests.oracle.aggregates import Seen, aggregate
from tests.oracle.arithmetic import ONE
from tests.oracle.clock import Clock
from tests.oracle.decay import factor
from tests.oracle.expressions import Scope, evaluate_text
from tests.oracle.filters import keeps
from tests.oracle.ordering import compare
from tests.oracle.reach import Reach
from tests.oracle.values import Node, Value
from tests.oracle.windows import in_window
from tests.oracle.world import Row, Target, World

_CONDITIONAL = ("all", "none", "share")


@dataclass(frozen=True, slots=True)
class Collector:
    """One aggregate indicator against a world, with the params its row expression may name."""

    world: World
    clock: Clock
    params: dict[str, Value]
    spec: dict[str, Node]

    def value(self, start: Target) -> Value:
        """The aggregate's raw value for the scored row."""
        return aggregate(self.spec["op"], self._seen(start))

    def _seen(self, start: Target) -> Seen:
        reached = Reach(self.world, self.clock).rows(self.spec, start)
        rows = self._limited(self._ordered([row for row in reached if self._counts(row)]))
        conditional = self.spec["op"] in _CONDITIONAL
        return Seen(
            clock=self.clock,
            values=[self._value(row) for row in rows],
            factors=[self._factor(row) for row in rows],
            holds=[self._keeps("filter", row) for row in rows] if conditional else [],
            keyed=[self._keyed(row) for row in rows],
        )

    def _read(self, row: Row, column: str) -> Value:
        return self.world.read(self.spec["of"], row, column)

    def _keeps(self, key: str, row: Row) -> bool:
        return keeps(self.spec.get(key), lambda column: self._read(row, column), self.clock)

    def _counts(self, row: Row) -> bool:
        key = "among" if self.spec["op"] in _CONDITIONAL else "filter"
        if not self._keeps(key, row):
            return False
        window = self.spec.get("window")
        return window is None or in_window(self._read(row, window["date"]), window, self.clock)

    def _ordered(self, rows: list[Row]) -> list[Row]:
        by_key = sorted(rows, key=lambda row: self.world.key(self.spec["of"], row))
        return sorted(by_key, key=cmp_to_key(self._before))

    def _before(self, a: Row, b: Row) -> int:
        for order in self.spec.get("order_by") or []:
            left, right = self._read(a, order["column"]), self._read(b, order["column"])
            if left is None or right is None:
                sign = (left is None) - (right is None)
            else:
                sign = compare(left, right, self.clock) * (-1 if order.get("desc") else 1)
            if sign:
                return sign
        return 0

    def _limited(self, rows: list[Row]) -> list[Row]:
        limit = self.spec.get("limit")
        return rows if limit is None else rows[: int(limit)]

    def _keyed(self, row: Row) -> bool:
        order = self.spec.get("order_by") or []
        return not order or self._read(row, order[0]["column"]) is not None

    def _factor(self, row: Row) -> Decimal:
        decay = self.spec.get("decay")
        return factor(decay, self._read(row, decay["date"]), self.clock) if decay else ONE

    def _value(self, row: Row) -> Value:
        if self.spec.get("row_expression") is not None:
            scope = Scope(self.clock, lambda name: self._column_or_param(row, name))
            return evaluate_text(self.spec["row_expression"], scope)
        column: Any = self.spec.get("column")
        return None if column is None else self._read(row, column)

    def _column_or_param(self, row: Row, name: str) -> Value:
        if name not in self.world.columns(self.spec["of"]) and name in self.params:
            return self.params[name]
        return self._read(row, name)
