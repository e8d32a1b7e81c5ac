"""What must hold in a model beyond its types (rules.md section 10), with and without metadata."""

from __future__ import annotations

import pytest

from gradesys.rules.document import load_document
from gradesys.rules.parse import parse_data
from gradesys.rules.validate import check_model
from tests.rules.org import CUSTOMER_GRADE, ORDER_PRIORITY
from tests.rules.validated import BANDS, COLUMN, HEAD, MEMBERS, OUT, ROWS, found, indicators, warned


def test_links_of_the_organisations_own_are_taken_as_written() -> None:
    assert (found(MEMBERS), warned(MEMBERS)) == ([], [])


@pytest.mark.parametrize("text", [CUSTOMER_GRADE, ORDER_PRIORITY])
def test_a_good_model_has_no_errors_and_no_warnings(text: str) -> None:
    assert (found(text), found(text, org=True)) == ([], [])
    assert warned(text, org=True) == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("id: a b\ntable: account\noutput: {score: s}", "id: 'a b' is no id"),
        (
            f"{HEAD}output: {{score: s, previous_score: s}}",
            "output.score: column 's' has two roles",
        ),
        (f"{OUT}timezone: Asia/Teheran", "timezone: unknown time zone 'Asia/Teheran'"),
        (f"{OUT}params: {{score: 1}}", "params.score: the name 'score' is reserved"),
        (f"{OUT}params: {{d: '2026-01-01T10:00'}}", "params.d: '2026-01-01T10:00' needs an offset"),
        (f"{OUT}score: {{combine: expression}}", "score.expression: expression and combine"),
        (f"{OUT}score: {{expression: '1'}}", "score.expression: expression and combine"),
        (f"{OUT}score: {{scale: {{from: [1, 1], to: [0, 9]}}}}", "score.scale.from: the two ends"),
        (f"{OUT}score: {{min: 2, max: 1}}", "score.max: the maximum 1 lies below the minimum 2"),
        (f"{OUT}score: {{groups: {{g: {{min: 2, max: 1}}}}}}", "score.groups.g.max: the maximum 1"),
        (f"{OUT}score: {{decimals: 0.5}}", "score.decimals: a whole number of at least 0"),
        (f"{OUT}score: {{decimals: 11}}", "score.decimals: at most 10 decimals"),
        (f"{OUT}score: {{min_indicators: -1}}", "score.min_indicators: a whole number of at least"),
        (f"{OUT}reasons: {{count: 1.5}}", "reasons.count: a whole number of at least 0"),
        (
            f"{OUT}population: {{statecode: {{egal: 1}}}}",
            "population.statecode.egal: unknown operator",
        ),
        (f"{HEAD}output: {{grade: g}}", "output.grade: needs grades"),
        (f"{OUT}manual: {{grade_column: g}}", "manual: needs grades"),
    ],
)
def test_a_mistake_in_the_head_or_the_score_is_named(text: str, complaint: str) -> None:
    assert complaint in "\n".join(found(text))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            f"{COLUMN}, points: {{bands: [{{points: 1, min: 2}}, {{points: 2, min: 2}}]}}",
            "points.bands.1.min: bands must ascend: 2 is not above 2",
        ),
        (
            f"{COLUMN}, points: {{bands: [{{points: 1}}, {{points: 2}}]}}",
            "points.bands.1: only the first band may omit min",
        ),
        (
            f"{COLUMN}, points: {{linear: {{from: [1, 1], to: [0, 1]}}}}",
            "points.linear.from: the two ends are equal",
        ),
        (f"{COLUMN}, min_points: 2, max_points: 1", "max_points: the maximum 1 lies below"),
        (f"{COLUMN}, default: '2026-01-01T10:00'", "default: '2026-01-01T10:00' needs an offset"),
        (f"{COLUMN}, transform: valu", "transform: unknown name 'valu'; did you mean 'value'?"),
        (f"{COLUMN}, transform: 'value ** 17'", "transform: column 10: an exponent lies within"),
        (f"{COLUMN}, transform: x0", "indicators.x0: cycle: x0 needs x0"),
        (f"{COLUMN}, weight: {{rules: [{{if: points(y), weight: 2}}]}}", "unknown indicator 'y'"),
        (f"{ROWS}, op: summ, column: a", "op: unknown operation 'summ'; did you mean 'sum'?"),
        (f"{ROWS}, op: sum", "op: needs column or row_expression"),
        (f"{ROWS}, op: first, column: a", "op: first and last need order_by"),
        (f"{ROWS}, op: count, limit: 5", "limit: needs order_by"),
        (f"{ROWS}, op: share", "op: needs filter as its condition"),
        (f"{ROWS}, op: count, among: {{a: 1}}", "among: belongs to all, none and share"),
        (f"{ROWS}, op: avg, column: a, decay: {{date: d, until: 3 days}}", "decay: belongs to sum"),
        (
            f"{ROWS}, op: count, decay: {{date: d, until: 3 months}}",
            "decay.until: a decay is measured",
        ),
        (
            f"{ROWS}, op: count, decay: {{date: d, every: 3 days, rate: 2}}",
            "rate lies between 0 and 1",
        ),
        (
            f"{ROWS}, op: count, window: {{date: d, last: 3 moons}}",
            "window.last: unknown unit 'moons'",
        ),
        (
            f"{ROWS}, op: count, filter: {{a: {{gt: '2026-01-01T10:00'}}}}",
            "filter.a.gt: the date-time",
        ),
    ],
)
def test_a_mistake_in_an_indicator_is_named(text: str, complaint: str) -> None:
    assert complaint in "\n".join(found(indicators(text)))


@pytest.mark.parametrize("name", ["value", "score", "grade", "grades", "None"])
def test_reserved_names_are_refused(name: str) -> None:
    text = f"{HEAD}output: {{score: s}}\nindicators: {{{name}: {{{COLUMN}}}}}"
    assert f"indicators.{name}: the name '{name}' is reserved" in found(text)


def test_a_param_may_be_called_grades_but_not_like_an_indicator() -> None:
    text = f"{indicators(COLUMN)}params: {{grades: 1, x0: 2}}"
    assert found(text) == ["indicators.x0: 'x0' is also the name of a param"]


@pytest.mark.parametrize(
    ("weights", "complaint"),
    [
        (("0", "0"), "score.combine: all weights are zero"),
        (("1", "-1"), "indicators.x1.weight: an average takes no negative weight"),
        (("{rules: [{weight: -1}]}",), "indicators.x0.weight: an average takes no negative weight"),
    ],
)
def test_an_average_needs_weights_that_add_up(weights: tuple[str, ...], complaint: str) -> None:
    text = indicators(*(f"{COLUMN}, weight: {weight}" for weight in weights))
    assert found(f"{text}score: {{combine: weighted_average}}") == [complaint]
    assert found(f"{text}score: {{combine: sum}}") == []


@pytest.mark.parametrize(
    ("grades", "complaint"),
    [
        ("bands: [{grade: A, min: 1}, {grade: B, min: 1}]", "bands.1.min: bands must descend"),
        ("bands: [{grade: A, min: 1}, {grade: X}, {grade: B, min: 2}]", "bands.2.min: bands must"),
        ("bands: [{grade: A}, {grade: A}]", "bands.1.grade: grade 'A' is there twice"),
        ("bands: [{grade: A, value: 1.5}]", "bands.0.value: a whole number"),
        (f"{BANDS}, by: scor", "grades.by: unknown indicator 'scor'; did you mean 'score'?"),
        (f"{BANDS}, rules: [{{at_most: AA}}]", "rules.0.at_most: no band 'AA'; did you mean 'A'?"),
        (f"{BANDS}, rules: [{{at_least: 1}}]", "rules.0.at_least: no band '1'"),
        (f"{BANDS}, rules: [{{set: Z, at_most: A}}]", "rules.0: exactly one of at_most, at_least"),
        (f"{BANDS}, rules: [{{if: scor > 1, set: Z}}]", "rules.0.if: unknown name 'scor'"),
        (f"{BANDS}, hysteresis: -1", "grades.hysteresis: a margin below 0 is none"),
        (f"{BANDS}, downgrade: {{}}", "downgrade: one of hold, until_end_of, max_steps is needed"),
        (f"{BANDS}, downgrade: {{max_steps: 0}}", "max_steps: a whole number of at least 1"),
        (f"{BANDS}, downgrade: {{hold: 3 moons}}", "hold: unknown unit 'moons'"),
        (
            f"{BANDS}, downgrade: {{until_end_of: yaer}}",
            "until_end_of: 'yaer' is no period; did you mean 'year'?",
        ),
    ],
)
def test_a_mistake_in_the_grades_is_named(grades: str, complaint: str) -> None:
    text = f"{HEAD}output: {{score: s, grade: g, state: t}}\ngrades: {{{grades}}}"
    assert [complaint in line for line in found(text)] == [True]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (f"grades: {{{BANDS}, hysteresis: 3}}\noutput: {{score: s}}", "grades.hysteresis"),
        (
            f"grades: {{{BANDS}, downgrade: {{max_steps: 1}}}}\noutput: {{score: s}}",
            "grades.downgrade",
        ),
        (f"grades: {{{BANDS}}}\nlock_column: l\noutput: {{score: s}}", "lock_column"),
        ("output: {score: s, trend: t}", "output.trend"),
        ("output: {score: s, grade_since: t}", "output.grade_since"),
    ],
)
def test_what_compares_with_yesterday_needs_the_state_but_not_in_a_case_file(
    text: str, key: str
) -> None:
    assert found(HEAD + text) == [f"{key}: needs output.state, which keeps yesterday's grade"]
    model = parse_data(load_document(f"table: account\n{text}", "case"))
    assert check_model(model, None, case=True).errors == ()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (indicators("type: column, column: modifiedon"), "indicators.x0.column"),
        (indicators("type: column, column: parentaccountid.modifiedon"), "indicators.x0.column"),
        (f"{OUT}grades: {{{BANDS}}}\npopulation: {{versionnumber: {{gt: 1}}}}", "population"),
    ],
)
def test_stamps_of_the_scored_table_are_refused_as_inputs(text: str, complaint: str) -> None:
    assert [line.split(": every write of account moves")[0] for line in found(text)] == [complaint]
