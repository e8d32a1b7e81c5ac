"""One indicator, checked: where its value comes from, its points and its weight."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from gradesys.rules.aggregates import CompiledAggregate, compile_aggregate
from gradesys.rules.conditions import Placed
from gradesys.rules.expressions import Expression, compile_expression
from gradesys.rules.filters import Place
from gradesys.rules.model import (
    AggregateIndicator,
    AnyIndicator,
    ColumnIndicator,
    ExpressionIndicator,
    Scalar,
)
from gradesys.rules.points import CompiledPoints, compile_points
from gradesys.rules.problems import Findings, Path, at
from gradesys.rules.weights import CompiledWeight, compile_weight


class Context(Struct, frozen=True):
    """What the indicators of one model share while they are compiled."""

    params: Mapping[str, Scalar]
    home: Place


class Source(Struct, frozen=True):
    """Where a raw value comes from. ``columns`` are of the scored row."""

    columns: frozenset[str] = frozenset()
    aggregate: CompiledAggregate | None = None
    expressions: Placed = ()


class CompiledIndicator(Struct, frozen=True):
    """``needs``: names that its value depends on (indicators or params)."""

    name: str
    node: AnyIndicator
    source: Source
    transform: Expression | None
    points: CompiledPoints
    weight: CompiledWeight

    @property
    def needs(self) -> frozenset[str]:
        """Names that the value depends on: indicators, params and ``value``."""
        return frozenset().union(*(each.names for _, each in self.before_points))

    @property
    def before_points(self) -> Placed:
        """The expressions that make the value."""
        transform = () if self.transform is None else ((("transform",), self.transform),)
        return (*self.source.expressions, *transform)


def compile_indicator(name: str, node: AnyIndicator, context: Context) -> CompiledIndicator:
    """Raises RuleError with every problem of the indicator, paths relative to it."""
    found = Findings()
    source = found.attempt((), lambda: SOURCES[node.type](name, node, context))
    transform = found.attempt(("transform",), lambda: _optional(node.transform))
    points = found.attempt(("points",), lambda: compile_points(node))
    weight = found.attempt(("weight",), lambda: compile_weight(node.weight))
    found.settle()
    assert source is not None and points is not None and weight is not None
    return CompiledIndicator(name, node, source, transform, points, weight)


def _optional(text: str | None) -> Expression | None:
    return None if text is None else compile_expression(text)


def _column(name: str, node: ColumnIndicator, context: Context) -> Source:
    return Source(frozenset({node.column}))


def _aggregate(name: str, node: AggregateIndicator, context: Context) -> Source:
    compiled = compile_aggregate(node, context.params, context.home)
    return Source(columns=compiled.reach.columns, aggregate=compiled)


def _expression(name: str, node: ExpressionIndicator, context: Context) -> Source:
    path: Path = ("expression",)
    return Source(expressions=((path, at(path, lambda: compile_expression(node.expression))),))


SOURCES: Mapping[str, Callable[[str, Any, Context], Source]] = {
    "column": _column,
    "aggregate": _aggregate,
    "expression": _expression,
}
