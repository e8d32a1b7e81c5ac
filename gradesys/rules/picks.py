"""What one row contributes to an aggregate (rules.md 3.2): a column, a row expression, the outcome
of a condition, or the row itself; with ``decay`` times the factor of its age.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from msgspec import Struct, field
from msgspec.structs import replace

from gradesys.records import Schema, Value
from gradesys.rules.aggregatechecks import CONDITIONAL
from gradesys.rules.arithmetic import EXACT
from gradesys.rules.decay import compile_decay
from gradesys.rules.emit.rows import row_function
from gradesys.rules.expressions import Expression, compile_expression
from gradesys.rules.filters import Place, compile_predicate
from gradesys.rules.folds import Pick
from gradesys.rules.model import AggregateIndicator, Scalar
from gradesys.rules.nearest import nearest
from gradesys.rules.problems import Findings, at
from gradesys.rules.rowscope import RowScope
from gradesys.rules.values import number

Weigh = Callable[[date | None, date], Decimal]


class Source(Struct, frozen=True):
    """``params``: those that a row expression may see, no column hides them."""

    pick: Pick
    columns: frozenset[str] = frozenset()
    params: Mapping[str, Value] = field(default_factory=dict)
    moves: bool = False
    volatile: bool = False


def compile_source(node: AggregateIndicator, params: Mapping[str, Scalar], place: Place) -> Source:
    """Raises RuleError, paths relative to the node."""
    source = _plain(node, params, place)
    if node.decay is None:
        return source
    decay = node.decay
    weigh = at(("decay",), lambda: compile_decay(decay))
    return replace(source, pick=_decayed(source.pick, decay.date, weigh))


def _plain(node: AggregateIndicator, params: Mapping[str, Scalar], place: Place) -> Source:
    if node.op in CONDITIONAL:
        condition = at(("filter",), lambda: compile_predicate(node.filter, place))
        return Source(
            lambda scope: condition.test(scope.row, scope.moment),
            condition.columns,
            moves=condition.moves,
        )
    if node.op in ("count", "any"):
        return Source(lambda scope: Decimal(1))
    if node.row_expression is not None:
        text = node.row_expression
        return at(("row_expression",), lambda: _expression(text, params, place))
    column = node.column or ""
    return Source(lambda scope: scope.row.get(column), frozenset({column}))


def _expression(text: str, params: Mapping[str, Scalar], place: Place) -> Source:
    expression = compile_expression(text)
    hidden = _check_names(expression, params, place)
    return Source(
        row_function(expression),
        expression.names - (params.keys() - hidden) if place.schema else expression.names,
        {name: value for name, value in params.items() if name not in hidden},
        expression.time_dependent,
        expression.volatile,
    )


def _check_names(
    expression: Expression, params: Mapping[str, Scalar], place: Place
) -> frozenset[str]:
    """The table's own columns; without a schema each row tells which params it hides."""
    found = Findings()
    if expression.points_of:
        found.note((), "points() is not available here")
    columns = frozenset(_columns(place.schema, place.table))
    for name in sorted(expression.names - columns - params.keys()) if place.schema else ():
        found.note((), f"unknown column '{name}'{nearest(name, {*columns, *params})}")
    found.settle()
    return columns


def _columns(schema: Schema | None, table: str) -> tuple[str, ...]:
    return () if schema is None or table not in schema else tuple(schema[table].columns)


def _decayed(pick: Pick, column: str, weigh: Weigh) -> Pick:
    def decayed(scope: RowScope) -> Value:
        value = number(pick(scope))
        if value is None:
            return None
        day = scope.moment.local_date(scope.row.get(column))
        return EXACT.multiply(value, weigh(day, scope.moment.today))

    return decayed
