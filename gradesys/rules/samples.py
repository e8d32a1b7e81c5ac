"""Rows that give an indicator a wanted value: the material of generated boundary cases.

Nothing here is certain (a filter may be too clever to be satisfied); whoever uses a sample scores
it with the engine and looks whether the value came out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from gradesys.rules.model import AggregateIndicator, ColumnIndicator, RuleModel
from gradesys.rules.standard import id_column, lookups
from gradesys.rules.windows import relative_day

RECORD = "r1"
ONE_ROW = frozenset({"sum", "avg", "min", "max", "median", "mode", "first", "last"})
COUNTS = frozenset({"count", "count_distinct"})
MOST_ROWS = 60

Cells = dict[str, Any]
Tables = dict[str, list[Cells]]


@dataclass(slots=True)
class Sample:
    """Tables in which the record has some values; ``today`` is the local day of the case."""

    model: RuleModel
    today: date
    tables: Tables = field(default_factory=dict)
    record: Cells = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.record[id_column(None, self.model.table)] = RECORD
        self.record |= satisfying(self.model.population, self.today)
        self.tables[self.model.table] = [self.record]

    def give(self, name: str, value: Any, day: date | None = None) -> bool:
        """Add what gives the indicator this value, in rows of this day; False: not known how."""
        node = self.model.indicators[name]
        if isinstance(node, ColumnIndicator):
            return self._column(node.column, value)
        if isinstance(node, AggregateIndicator) and node.lookup is not None:
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
        self._point(self.record, self.model.table, head, targets[0], f"{targets[0]}1")
        parent = {id_column(None, targets[0]): f"{targets[0]}1", rest: value}
        self.tables.setdefault(targets[0], []).append(parent)
        return True

    def _rows(self, node: AggregateIndicator, value: Any, day: date) -> bool:
        if node.op in COUNTS:
            known = bool(value == int(value) and 0 <= value <= MOST_ROWS)
            values: list[Any] = [Decimal(n) for n in range(int(value))] if known else []
        else:
            values, known = [value], node.op in ONE_ROW and node.column is not None
        rows = self.tables.setdefault(node.of, [])
        rows += [self._row(node, each, day, len(rows) + n) for n, each in enumerate(values)]
        return known

    def _row(self, node: AggregateIndicator, value: Any, day: date, number: int) -> Cells:
        row: Cells = {id_column(None, node.of): f"{node.of}{number + 1}"}
        self._point(row, node.of, node.lookup or "", self.model.table, RECORD)
        row |= satisfying(node.filter, self.today)
        dates = (node.window and node.window.date, node.decay and node.decay.date)
        row |= {column: day.isoformat() for column in dates if column}
        for key in node.order_by:
            row.setdefault(key.column, day.isoformat())
        return row | ({node.column: value} if node.column else {})

    @staticmethod
    def _point(row: Cells, table: str, lookup: str, target: str, id: str) -> None:
        row[lookup] = id
        if lookups(table).get(lookup) != (target,):
            row[f"{lookup}@type"] = target


def satisfying(filter: Mapping[str, Any] | None, today: date) -> Cells:
    """Cells that a row must have to pass the filter, as far as that is simple."""
    found: Cells = {}
    for key, condition in (filter or {}).items():
        if key in ("all", "any"):
            members = condition[: 1 if key == "any" else None]
            found |= {k: v for each in members for k, v in satisfying(each, today).items()}
        elif key != "not" and "." not in key:
            found.update((key, value) for value in _values(condition, today))
    return found


def _values(condition: Any, today: date) -> Iterator[Any]:
    if isinstance(condition, list | tuple):
        yield from [_plain(condition[0], today)] if condition else []
    elif isinstance(condition, Mapping):
        for name, operand in condition.items():
            if name in _FITTING:
                yield _FITTING[name](operand, today)
    elif condition is not None:
        yield _plain(condition, today)


def _plain(operand: Any, today: date) -> Any:
    relative = relative_day(operand) if isinstance(operand, str) else None
    return operand if relative is None else relative(today).isoformat()


def _first(operand: Any, today: date) -> Any:
    return _plain(operand[0], today)


def _moved(steps: int) -> Callable[[Any, date], Any]:
    """A number or a day so many steps beside the operand."""

    def move(operand: Any, today: date) -> Any:
        plain = _plain(operand, today)
        if isinstance(plain, Decimal):
            return plain + steps
        try:
            return (date.fromisoformat(plain) + timedelta(days=steps)).isoformat()
        except (TypeError, ValueError):
            return plain

    return move


_FITTING: Mapping[str, Callable[[Any, date], Any]] = {
    **dict.fromkeys(("eq", "ge", "le", "contains", "starts_with", "ends_with"), _plain),
    **dict.fromkeys(("in", "between"), _first),
    "gt": _moved(1),
    "lt": _moved(-1),
    "within": lambda operand, today: today.isoformat(),
}
"""Operator -> a value that passes it."""
