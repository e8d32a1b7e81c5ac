"""Weights: a number, or the first rule that hits (rules.md section 3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from gradesys.rules.conditions import Placed, compile_conditions, expressions_of
from gradesys.rules.expressions import Scope
from gradesys.rules.model import WeightRules


@dataclass(frozen=True, slots=True)
class CompiledWeight:
    """``weigh`` gives one record's weight; ``expressions`` are what it computes for it."""

    expressions: Placed
    weigh: Callable[[Scope], Decimal]


def compile_weight(weight: Decimal | WeightRules) -> CompiledWeight:
    """The weight of one indicator; raises RuleError for a bad condition."""
    if isinstance(weight, WeightRules):
        return _conditional(weight)
    return CompiledWeight((), lambda scope: weight)


def _conditional(node: WeightRules) -> CompiledWeight:
    conditions = compile_conditions((rule.condition for rule in node.rules), ("rules",))
    cases = tuple(zip(conditions, (rule.weight for rule in node.rules), strict=True))

    def weigh(scope: Scope) -> Decimal:
        hits = (weight for condition, weight in cases if condition.holds(scope))
        return next(hits, node.otherwise)

    return CompiledWeight(expressions_of(conditions), weigh)
