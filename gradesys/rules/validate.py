"""Everything that must hold in a model beyond its types (rules.md section 10), and what looks odd.

The checks are small functions in tables. Without metadata they see what a file can tell; with it
they also see whether tables, columns and lookups are there and fit.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from gradesys.errors import Problem
from gradesys.records import Schema
from gradesys.rules.compile import CompiledModel, compile_model
from gradesys.rules.gradechecks import check_grades, check_state, odd_grades
from gradesys.rules.indicatorchecks import check_indicators, odd_indicators
from gradesys.rules.inputchecks import check_columns, check_depth, check_stamps, odd_inputs
from gradesys.rules.model import RuleModel
from gradesys.rules.outputchecks import check_outputs
from gradesys.rules.problems import Findings
from gradesys.rules.scorechecks import check_head, check_score, odd_score
from gradesys.rules.standardchecks import check_standard

ERRORS: tuple[Callable[[RuleModel, Findings], None], ...] = (
    check_head,
    check_indicators,
    check_score,
    check_grades,
)
ORG_ERRORS: tuple[Callable[[RuleModel, Schema, Findings], None], ...] = (
    check_columns,
    check_outputs,
)
WARNINGS: tuple[Callable[[RuleModel, Findings], None], ...] = (odd_score, odd_grades)


class Verdict(Struct, frozen=True):
    """Errors and warnings with key paths and without places; ``compiled``: None where the model
    cannot even be compiled."""

    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    compiled: CompiledModel | None


def check_model(model: RuleModel, schema: Schema | None, case: bool = False) -> Verdict:
    """Everything about one model. ``schema`` None: no metadata. ``case``: the model of a case
    file, which is never written."""
    found, odd = Findings(), Findings()
    for check in ERRORS if case else (*ERRORS, check_state):
        check(model, found)
    for check_in_org in ORG_ERRORS if schema is not None else ():
        assert schema is not None
        check_in_org(model, schema, found)
    for warn in WARNINGS:
        warn(model, odd)
    compiled = found.attempt((), lambda: compile_model(model, schema))
    if compiled is not None and not case:
        check_depth(compiled, found)
        check_stamps(compiled, schema, found)
        if schema is None:
            check_standard(compiled, found)
        odd_inputs(compiled, schema, odd)
        odd_indicators(model, odd, _used(compiled))
    return Verdict(_distinct(found), _distinct(odd), compiled)


def _used(compiled: CompiledModel) -> frozenset[str]:
    """The indicators that something refers to by name."""
    expressions = [] if compiled.formula is None else [compiled.formula]
    for each in compiled.indicators.values():
        placed = (*each.before_points, *each.points.expressions, *each.weight.expressions)
        expressions += [expression for _, expression in placed]
    if compiled.grades is not None:
        conditions = (condition.expression for condition, _ in compiled.grades.rules)
        expressions += [expression for expression in conditions if expression is not None]
    by = () if compiled.model.grades is None else (compiled.model.grades.by,)
    names = (expression.names | expression.points_of for expression in expressions)
    return frozenset(by).union(*names)


def _distinct(found: Findings) -> tuple[Problem, ...]:
    return tuple(dict.fromkeys(found.problems))
