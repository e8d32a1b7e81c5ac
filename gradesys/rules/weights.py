"""Weights: a number, or the first rule that hits (rules.md section 3)."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from gradesys.rules.conditions import Condition, Placed, compile_conditions, expressions_of
from gradesys.rules.model import WeightRules

Cases = tuple[tuple[Condition, Decimal], ...]


class CompiledWeight(Struct, frozen=True):
    """The first case whose condition holds, else ``otherwise``; without cases a constant."""

    otherwise: Decimal
    cases: Cases = ()

    @property
    def expressions(self) -> Placed:
        """What is computed to find one record's weight."""
        return expressions_of(condition for condition, _ in self.cases)


def compile_weight(weight: Decimal | WeightRules) -> CompiledWeight:
    """The weight of one indicator; raises RuleError for a bad condition."""
    if not isinstance(weight, WeightRules):
        return CompiledWeight(weight)
    conditions = compile_conditions((rule.condition for rule in weight.rules), ("rules",))
    weights = (rule.weight for rule in weight.rules)
    return CompiledWeight(weight.otherwise, tuple(zip(conditions, weights, strict=True)))
