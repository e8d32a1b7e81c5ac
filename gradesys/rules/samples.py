"""Rows that give an indicator a wanted value: the material of generated boundary cases.

Nothing here is certain (a filter may be too clever to be satisfied); whoever uses a sample scores
it with the engine and looks whether the value came out.
"""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct, field

from gradesys.rules.hopnodes import ParentHop
from gradesys.rules.model import AggregateIndicator, ColumnIndicator, RuleModel
from gradesys.rules.samplecells import Cells, failing, satisfying
from gradesys.rules.sampleways import Spot, add_row, anchor, point, step, way_to
from gradesys.rules.standard import id_column, lookups

RECORD = "r1"
ONE_ROW = frozenset({"sum", "avg", "min", "max", "median", "mode", "first", "last"})
COUNTS = frozenset({"count", "count_distinct"})
MOST_ROWS = 60
MOST_PARTS = 20
"""Of how many rows a share is made."""

Tables = dict[str, list[Cells]]


class Sample(Struct):
    """Tables in which the record has some values; ``today`` is the local day of the case."""

    model: RuleModel
    today: date
    tables: Tables = field(default_factory=dict)
    record: Cells = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.record[id_column(None, self.model.table)] = RECORD
        self.record |= satisfying(self.model.population, self.today)
        self.tables[self.model.table] = [self.record]

    def copy(self) -> Sample:
        """The same rows, to be changed alone."""
        other = Sample(self.model, self.today)
        other.tables = deepcopy(self.tables)
        other.record = other.tables[self.model.table][0]
        return other

    def give(self, name: str, value: Any, day: date | None = None) -> bool:
        """Add what gives the indicator this value, in rows of this day; False: not known how."""
        node = self.model.indicators[name]
        if isinstance(node, ColumnIndicator):
            return self._column(node.column, value)
        if isinstance(node, AggregateIndicator):
            return self._rows(node, value, day or self.today)
        return False

    def _column(self, column: str, value: Any) -> bool:
        head, _, rest = column.partition(".")
        if not rest:
            self.record[column] = value
            return True
        targets = lookups(self.model.table).get(head, ())
        if not targets or "." in rest:
            return False
        row = add_row(self.tables, targets[0], {rest: value})
        point(self.record, (self.model.table, head), (targets[0], row.id))
        return True

    def _rows(self, node: AggregateIndicator, value: Any, day: date) -> bool:
        """Rows at the end of the aggregate's (first) way, each with its cells."""
        wanted = _values(node, value, self.today)
        if wanted is None:
            return False
        *between, last = way_to(node)
        start = Spot(self.model.table, RECORD, self.record)
        here = anchor(self.tables, start, node.hierarchy, between, self.today)
        for number, cells in enumerate(wanted):
            if number and isinstance(last, ParentHop):
                return False
            step(self.tables, here, last, self._dated(node, day) | cells)
        return True

    @staticmethod
    def _dated(node: AggregateIndicator, day: date) -> Cells:
        dates = [each.date for each in (node.window, node.decay) if each is not None]
        columns = [*filter(None, dates), *(key.column for key in node.order_by)]
        return dict.fromkeys(columns, day.isoformat())


def _values(node: AggregateIndicator, value: Any, today: date) -> list[Cells] | None:
    """The cells of each row that together make the value; None: not known how."""
    fitting = satisfying(node.filter, today)
    if node.op in COUNTS:
        if not isinstance(value, Decimal) or value != int(value) or not 0 <= value <= MOST_ROWS:
            return None
        column = {node.column} if node.column else set()
        return [fitting | dict.fromkeys(column, Decimal(n)) for n in range(int(value))]
    if node.op == "any":
        return [fitting]
    if node.op == "share":
        return _share(node, value, fitting, today)
    if node.op not in ONE_ROW or node.column is None:
        return None
    return [fitting | {node.column: value}]


def _share(node: AggregateIndicator, value: Any, fitting: Cells, today: date) -> list[Cells] | None:
    """The fewest rows of which just this share passes the filter."""
    counted = satisfying(node.among, today)
    parts = (n for n in range(1, MOST_PARTS + 1) if value * n == int(value * n))
    number = next(parts, None) if isinstance(value, Decimal) and 0 <= value <= 1 else None
    if number is None:
        return None
    hits = int(value * number)
    misses = [failing(node.filter, today) | counted] * (number - hits)
    return [counted | fitting] * hits + misses
