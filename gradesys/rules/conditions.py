"""The ``if`` of points, weights and grade rules: an expression as a condition, or always."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from gradesys.rules.expressions import Expression, compile_expression
from gradesys.rules.problems import Path, at

Placed = tuple[tuple[Path, Expression], ...]
"""Expressions with their key paths, for name checks and dependencies."""


class Condition(Struct, frozen=True):
    """Without an expression it always holds (rules.md section 3, common keys)."""

    path: Path
    expression: Expression | None


def compile_conditions(texts: Iterable[str | None], path: Path) -> tuple[Condition, ...]:
    """Conditions of the rules below ``path``, for error messages; raises RuleError."""
    return tuple(_compile(text, (*path, index, "if")) for index, text in enumerate(texts))


def expressions_of(conditions: Iterable[Condition]) -> Placed:
    """What the conditions compute."""
    return tuple((each.path, each.expression) for each in conditions if each.expression)


def _compile(text: str | None, path: Path) -> Condition:
    return Condition(path, None if text is None else at(path, lambda: compile_expression(text)))
