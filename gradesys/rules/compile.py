"""One model, checked and taken apart: everything that can be decided before a row is seen.

Compiling checks what needs no metadata (names, cycles, expressions, windows, filters) and reports
every problem at once; the function that scores a record is generated when it is first needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property, partial

from msgspec import Struct

from gradesys.records import Column, Schema
from gradesys.rules.clock import Calendar, calendar_of
from gradesys.rules.cutpoints import percents_of, shares_of
from gradesys.rules.emit.model import model_function
from gradesys.rules.emit.module import Generated
from gradesys.rules.emit.statistics import Measure, score_function, value_function
from gradesys.rules.expressions import Expression, compile_expression
from gradesys.rules.filters import CompiledFilter, Place, compile_filter
from gradesys.rules.grades import CompiledGrades, compile_grades
from gradesys.rules.indicators import CompiledIndicator, Context, compile_indicator
from gradesys.rules.manual import CompiledManual, compile_manual
from gradesys.rules.model import RuleModel
from gradesys.rules.names import Use, check_names, dependency_order
from gradesys.rules.nearest import nearest
from gradesys.rules.outputs import Outputs, columns_read, compile_outputs
from gradesys.rules.problems import Findings
from gradesys.rules.standard import id_column
from gradesys.rules.state import Grade
from gradesys.rules.version import model_version

_VALUE = frozenset({"value"})


class CompiledModel(Struct, frozen=True, dict=True):
    """A model ready to score. ``order``: indicators by dependency; ``indicators``: as declared.

    ``columns``: of the scored row, with those of its own outputs that a comparison needs.
    ``known``: what metadata tells of all columns of the scored table; ``uses``: all expressions.
    ``time_dependent``: the score may move at midnight; ``volatile``: also within the day.
    ``shares``: by indicator, into how many the population is cut; ``percents``: by grade.
    """

    model: RuleModel
    calendar: Calendar
    population: CompiledFilter
    indicators: Mapping[str, CompiledIndicator]
    order: tuple[str, ...]
    formula: Expression | None
    grades: CompiledGrades | None
    manual: CompiledManual | None
    outputs: Outputs
    id_column: str
    columns: frozenset[str]
    known: Mapping[str, Column]
    uses: tuple[Use, ...]
    time_dependent: bool
    volatile: bool
    shares: Mapping[str, int]
    percents: Mapping[Grade, Decimal]

    @cached_property
    def version(self) -> str:
        """Which rules a score came from."""
        return model_version(self.model)

    @property
    def ranked(self) -> bool:
        """Whether points or grades depend on the rest of the population."""
        return bool(self.shares or self.percents)

    @cached_property
    def scorer(self) -> Generated:
        """The function that scores one record, and its source."""
        return model_function(self)

    @cached_property
    def measures(self) -> Mapping[str, Measure]:
        """What quantiles are taken of, by indicator."""
        return {name: value_function(self, name) for name in self.shares}

    @cached_property
    def graded(self) -> Measure:
        """What grades are given for."""
        by = "score" if self.grades is None else self.grades.node.by
        return score_function(self) if by == "score" else value_function(self, by)


def compile_model(model: RuleModel, schema: Schema | None) -> CompiledModel:
    """Pure; ``schema`` None for case files. Raises RuleError with all problems."""
    calendar = calendar_of(model)
    found = Findings()
    population = found.attempt(
        ("population",), lambda: compile_filter(model.population, model.table, schema, calendar)
    )
    indicators = _indicators(
        model, Context(model.params, Place(model.table, schema, calendar)), found
    )
    formula = found.attempt(("score", "expression"), lambda: _formula(model))
    grades = found.attempt(("grades",), lambda: _grades(model, calendar))
    order = dependency_order({name: each.needs for name, each in indicators.items()}, found)
    uses = [*_uses(indicators), *_late_uses(formula, grades)]
    check_names(uses, model.indicators, model.params, found)
    _check_graded_value(model, found)
    found.settle()
    assert population is not None
    manual = compile_manual(model, grades, schema)
    outputs = compile_outputs(model, schema, calendar)
    inputs = [population.columns, *(each.source.columns for each in indicators.values())]
    return CompiledModel(
        model=model,
        calendar=calendar,
        population=population,
        indicators=indicators,
        order=order,
        formula=formula,
        grades=grades,
        manual=manual,
        outputs=outputs,
        id_column=id_column(schema, model.table),
        columns=frozenset().union(*inputs, _own_columns(model, manual, outputs)),
        uses=tuple(uses),
        known=schema[model.table].columns if schema and model.table in schema else {},
        time_dependent=_moves_daily(model, population, indicators, uses),
        volatile=_moves_hourly(indicators, uses),
        shares=shares_of(model),
        percents=percents_of(model),
    )


def _indicators(
    model: RuleModel, context: Context, found: Findings
) -> dict[str, CompiledIndicator]:
    compiled = {
        name: found.attempt(("indicators", name), partial(compile_indicator, name, node, context))
        for name, node in model.indicators.items()
    }
    return {name: each for name, each in compiled.items() if each is not None}


def _formula(model: RuleModel) -> Expression | None:
    text = model.score.expression
    return None if text is None else compile_expression(text)


def _grades(model: RuleModel, calendar: Calendar) -> CompiledGrades | None:
    return None if model.grades is None else compile_grades(model.grades, calendar)


def _uses(indicators: Mapping[str, CompiledIndicator]) -> Iterator[Use]:
    for name, each in indicators.items():
        home = ("indicators", name)
        for path, expression in each.source.expressions:
            yield Use(home + path, expression)
        if each.transform is not None:
            yield Use((*home, "transform"), each.transform, _VALUE)
        for path, expression in each.points.expressions:
            yield Use((*home, "points", *path), expression, _VALUE)
        for path, expression in each.weight.expressions:
            yield Use((*home, "weight", *path), expression, _VALUE, points=True)


def _late_uses(formula: Expression | None, grades: CompiledGrades | None) -> Iterator[Use]:
    if formula is not None:
        yield Use(("score", "expression"), formula, points=True)
    for condition, _ in () if grades is None else grades.rules:
        if condition.expression is not None:
            bound = frozenset({"score", "grade"})
            yield Use(("grades", *condition.path), condition.expression, bound, points=True)


def _check_graded_value(model: RuleModel, found: Findings) -> None:
    by = "score" if model.grades is None else model.grades.by
    if by != "score" and by not in model.indicators:
        hint = nearest(by, ["score", *model.indicators])
        found.note(("grades", "by"), f"unknown indicator '{by}'{hint}")


def _own_columns(
    model: RuleModel, manual: CompiledManual | None, outputs: Outputs
) -> frozenset[str]:
    lock = () if model.lock_column is None else (model.lock_column,)
    columns = () if manual is None else manual.columns
    return frozenset({*lock, *columns, *columns_read(outputs, model.leave)})


def _moves_daily(
    model: RuleModel,
    population: CompiledFilter,
    indicators: Mapping[str, CompiledIndicator],
    uses: list[Use],
) -> bool:
    grades, manual = model.grades, model.manual
    return (
        bool(shares_of(model) or percents_of(model))
        or population.time_dependent
        or any(use.expression.time_dependent for use in uses)
        or any(a.source.aggregate.time_dependent for a in indicators.values() if a.source.aggregate)
        or (grades is not None and grades.downgrade is not None)
        or (manual is not None and manual.until_column is not None)
    )


def _moves_hourly(indicators: Mapping[str, CompiledIndicator], uses: list[Use]) -> bool:
    return any(use.expression.volatile for use in uses) or any(
        each.source.aggregate.volatile for each in indicators.values() if each.source.aggregate
    )
