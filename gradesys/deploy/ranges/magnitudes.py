"""How large the value of an indicator can become, as far as its column's type tells.

Only sums of money pass the range of a Decimal column in practice; a formula over other numbers is
taken to stay within it, and a score that does not is an error of its record, never cut silently.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from gradesys.deploy.ranges.intervals import UNKNOWN, Interval, between, hull
from gradesys.records import Column, Kind, Schema
from gradesys.rules.expressions import compile_expression
from gradesys.rules.model import (
    AggregateIndicator,
    AnyIndicator,
    ColumnIndicator,
    ExpressionIndicator,
    RuleModel,
)

MOST_ROWS = 10**7
"""Rows of one record; beyond that no live score is possible anyway."""
PLAIN = between(-(10**10), 10**10)
"""What a formula is taken to give when no amount of money enters it."""
WHOLE = between(-(2**31), 2**31 - 1)
_SHARES = frozenset({"any", "all", "none", "share"})
_COUNTS = frozenset({"count", "count_distinct"})
_OF_COLUMN = frozenset({"avg", "min", "max", "median", "mode", "first", "last"})


def value_range(model: RuleModel, indicator: AnyIndicator, schema: Schema | None) -> Interval:
    """The values of an indicator before its points; UNKNOWN where money is summed."""
    if isinstance(indicator, ExpressionIndicator):
        found = formula_range(model, compile_expression(indicator.expression).names, schema)
    elif isinstance(indicator, ColumnIndicator):
        found = _column_range(schema, model.table, indicator.column)
    else:
        found = _aggregate_range(indicator, schema)
    if indicator.transform is not None:
        found = UNKNOWN if found == UNKNOWN else hull((found, PLAIN))
    default = indicator.default
    return hull((found, between(default, default))) if isinstance(default, Decimal) else found


def formula_range(model: RuleModel, names: frozenset[str], schema: Schema | None) -> Interval:
    """What a formula over these names can give: unknown as soon as one of them is."""
    named = (model.indicators[name] for name in sorted(names) if name in model.indicators)
    unknown = any(value_range(model, indicator, schema) == UNKNOWN for indicator in named)
    return UNKNOWN if unknown else PLAIN


def _aggregate_range(indicator: AggregateIndicator, schema: Schema | None) -> Interval:
    if indicator.op in _SHARES:
        return between(0, 1)
    if indicator.op in _COUNTS:
        return between(0, MOST_ROWS)
    if indicator.op in _OF_COLUMN and indicator.column is not None:
        return _column_range(schema, indicator.of, indicator.column)
    return UNKNOWN


def _column_range(schema: Schema | None, table: str, dotted: str) -> Interval:
    columns = tuple(_columns(schema or {}, table, dotted))
    return hull(map(_kind_range, columns)) if columns else UNKNOWN


def _columns(schema: Schema, table: str, dotted: str) -> Iterator[Column]:
    """The columns that a name may mean: one for each target of a polymorphic lookup."""
    head, _, rest = dotted.partition(".")
    column = schema[table].columns.get(head) if table in schema else None
    if column is not None and rest:
        for target in column.targets:
            yield from _columns(schema, target, rest)
    elif column is not None:
        yield column


def _kind_range(column: Column) -> Interval:
    known = _KINDS.get(column.kind)
    return UNKNOWN if known is None else known(column)


def _declared(column: Column) -> Interval:
    return Interval(column.minimum, column.maximum)


_KINDS: Mapping[Kind, Callable[[Column], Interval]] = {
    Kind.BOOLEAN: lambda _: between(0, 1),
    Kind.CHOICE: lambda _: WHOLE,
    Kind.INTEGER: lambda _: WHOLE,
    Kind.DECIMAL: _declared,
    Kind.DOUBLE: _declared,
}
