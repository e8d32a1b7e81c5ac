"""What compiling a model finds wrong, and what it tells about the model (rules.md 7, 10, 15.2)."""

from __future__ import annotations

import pytest

from gradesys.errors import RuleError
from tests.rules.accounts import SCHEMA
from tests.rules.scored import compiled


def model(more: str = "", x: str = "", rest: str = "") -> str:
    """A model with indicator x, which has these keys, further indicators and further keys."""
    return f"indicators: {{x: {{type: column, column: x, {x}}}, {more}}}, {rest}}}"


def formula(text: str) -> str:
    return model(f"y: {{type: expression, expression: '{text}'}}", rest="params: {limit: 1}")


def graded(text: str) -> str:
    return model(rest=f"grades: {{bands: [{{grade: A}}], {text}}}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (formula("z"), "indicators.y.expression: unknown name 'z'"),
        (formula("limitt"), "did you mean 'limit'?"),
        (formula("y"), "indicators.y: cycle: y needs y"),
        (formula("points(x)"), "points() is not available here"),
        (formula("1 +"), "indicators.y.expression"),
        (formula("x.y"), "indicators.y.expression"),
        (model(x="transform: value + x"), "indicators.x: cycle: x needs x"),
        (
            model(x="points: {rules: [{if: score > 1, points: 1}]}"),
            "indicators.x.points.rules.0.if: unknown name 'score'",
        ),
        (
            model(x="weight: {rules: [{if: points(y) > 1, weight: 1}]}"),
            "indicators.x.weight.rules.0.if: unknown indicator 'y'",
        ),
        (
            model(rest="score: {combine: expression, expression: value}"),
            "score.expression: unknown name 'value'",
        ),
        (graded("by: z"), "grades.by: unknown indicator 'z'"),
        (graded("rules: [{if: value > 1, set: B}]"), "grades.rules.0.if: unknown name 'value'"),
        (graded("downgrade: {hold: soon}"), "grades.downgrade.hold: 'soon' is no duration"),
        (graded("downgrade: {until_end_of: yaer}"), "did you mean 'year'?"),
    ],
)
def test_a_wrong_model_is_refused_with_the_path(text: str, message: str) -> None:
    with pytest.raises(RuleError) as caught:
        compiled(text)

    assert message in str(caught.value)


def test_a_longer_cycle_is_told_in_order() -> None:
    with pytest.raises(RuleError, match=r"cycle: (a needs b needs a|b needs a needs b)"):
        compiled(
            "indicators: {a: {type: expression, expression: b},"
            " b: {type: column, column: x, transform: value + a}}}"
        )


def test_all_problems_are_reported_at_once() -> None:
    with pytest.raises(RuleError) as caught:
        compiled(
            "indicators: {a: {type: expression, expression: z},"
            " b: {type: expression, expression: '1 +', transform: nope},"
            " c: {type: expression, expression: c}}, grades: {by: q, bands: [{grade: A}]}}"
        )

    paths = {".".join(map(str, problem.path)) for problem in caught.value.problems}
    assert paths >= {
        "indicators.a.expression",
        "indicators.b.expression",
        "indicators.c",
        "grades.by",
    }


WINDOWED = (
    "y: {type: aggregate, of: invoice, lookup: customerid, op: count,"
    " window: {date: createdon, last: 3 days}}"
)
MANUAL = "grades: {bands: [{grade: A}]}, manual: {grade_column: m"


@pytest.mark.parametrize(
    ("text", "daily", "hourly"),
    [
        (model(), False, False),
        (model(x="transform: days_since(value)"), True, False),
        (model(x="transform: hours_since(value)"), True, True),
        (model(x="points: {rules: [{if: today() > '2026-01-01', points: 1}]}"), True, False),
        (model(rest="population: {x: {gt: '@today'}}"), True, False),
        (model(WINDOWED), True, False),
        (graded("hysteresis: 3"), False, False),
        (graded("downgrade: {max_steps: 1}"), True, False),
        (model(rest=f"{MANUAL}}}"), False, False),
        (model(rest=f"{MANUAL}, until_column: u}}"), True, False),
    ],
)
def test_a_model_knows_whether_time_moves_it(text: str, daily: bool, hourly: bool) -> None:
    found = compiled(text)

    assert (found.time_dependent, found.volatile) == (daily, hourly)


def test_columns_are_all_inputs_and_the_outputs_that_exist() -> None:
    found = compiled(
        model(
            rest="population: {statecode: 0}, manual: {grade_column: m}, lock_column: gs_local,"
            " grades: {bands: [{grade: A}]}, output: {score: gs_score, grade: gs_missing}"
        ),
        SCHEMA,
    )

    assert found.columns == {"statecode", "x", "m", "gs_local", "gs_score"}
    assert found.id_column == "accountid"
