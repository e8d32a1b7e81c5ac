"""Scorecards as column values, and what is worth writing (architecture section 3)."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from gradesys.records import Value
from gradesys.rules.state import DayState, Snapshot, write_state
from gradesys.rules.validate import check_model
from tests.rules.accounts import SCHEMA
from tests.rules.org import source
from tests.rules.scored import NOON, compiled, result

BANDS = "bands: [{grade: A, min: 80, title: {en: Excellent}}, {grade: B}]"


def written(head: str, output: str, row: str, now: datetime = NOON) -> dict[str, Value]:
    model = compiled(
        f"{head} indicators: {{x: {{type: column, column: x, reason: low, max_points: 100}}}},"
        f" grades: {{{BANDS}}}, reasons: {{}}, output: {{{output}}}}}",
        SCHEMA,
    )
    found = result([model], f"{{account: [{{accountid: a1, {row}}}]}}", None, now)
    for error in found.errors.values():
        raise error
    return {} if found.change is None else dict(found.change.values)


@pytest.mark.parametrize(
    ("output", "x", "column", "expected"),
    [
        ("score: gs_score", "60.25", "gs_score", Decimal("60.3")),
        ("score: gs_score", "-60.25", "gs_score", Decimal("-60.3")),
        ("score: gs_whole", "60.5", "gs_whole", Decimal(61)),
        ("score: gs_double", "60.25", "gs_double", Decimal("60.25")),
        ("score: gs_grade", "60.25", "gs_grade", "60.25"),
        ("grade: gs_grade", "90", "gs_grade", "A"),
        ("grade: gs_choice", "90", "gs_choice", Decimal(11)),
        ("grade: gs_choice", "10", "gs_choice", Decimal(12)),
        ("raw_grade: gs_choice", "10", "gs_choice", Decimal(12)),
        ("reasons: gs_reasons", "10", "gs_reasons", "low"),
    ],
)
def test_a_result_is_fitted_to_its_column(
    output: str, x: str, column: str, expected: Value
) -> None:
    assert written("", output, f"x: {x}") == {column: expected}


CARRIED = "score: gs_score, "


@pytest.mark.parametrize(
    ("output", "column", "expected"),
    [
        ("scored_on: gs_scoredon", "gs_scoredon", datetime(2026, 6, 15, 8, 30, tzinfo=UTC)),
        ("scored_on: gs_scoredday", "gs_scoredday", date(2026, 6, 15)),
        ("scored_on: gs_local", "gs_local", datetime.combine(date(2026, 6, 15), time(12))),
        ("scored_on: gs_grade", "gs_grade", "2026-06-15T08:30:00Z"),
        ("grade_since: gs_since", "gs_since", date(2026, 6, 15)),
        ("trend: gs_trend", "gs_trend", None),
        ("previous_score: gs_before", "gs_before", None),
    ],
)
def test_a_carried_result_is_written_with_a_compared_one(
    output: str, column: str, expected: Value
) -> None:
    assert written("", CARRIED + output, "x: 60")[column] == expected


def test_the_explanation_is_stored_as_json() -> None:
    found = written("", "score: gs_score, explanation: gs_explanation", "x: 60")

    assert json.loads(str(found["gs_explanation"]))["score"] == "60.00"


def test_without_a_grade_there_is_no_day_since_when() -> None:
    score = "score: {combine: expression, expression: x / 0},"

    found = written(score, "score: gs_score, state: gs_state, grade_since: gs_since", "gs_score: 5")

    assert (found["gs_score"], found["gs_since"]) == (None, None)


def test_a_choice_that_has_every_word_of_a_trend_can_hold_it() -> None:
    model = source(
        "id: m\ntable: account\nindicators: {x: {type: column, column: x}}\nscore: {decimals: 1}\n"
        "output: {score: gs_score, trend: gs_trend, state: gs_state}"
    ).model

    assert check_model(model, {**SCHEMA}).errors == ()


@pytest.mark.parametrize(
    ("output", "x", "message"),
    [
        ("score: gs_score", "101", "101.0 is outside gs_score, which holds -100 to 100"),
        ("score: gs_whole", "-1", "outside gs_whole"),
        ("score: gs_scoredon", "1", "cannot be stored in gs_scoredon"),
        ("grade: gs_score", "1", "cannot be stored in gs_score"),
        ("grade: gs_trend", "1", "gs_trend has no option for 'B'"),
        ("score: gs_lock", "1", "cannot be stored in gs_lock"),
        ("score: gs_version", "1", ""),
    ],
)
def test_what_does_not_fit_is_an_error_that_names_the_limits(
    output: str, x: str, message: str
) -> None:
    model = compiled(
        f"indicators: {{x: {{type: column, column: x}}}}, grades: {{{BANDS}}},"
        f" score: {{decimals: 20}}, output: {{{output}}}}}",
        SCHEMA,
    )
    if not message:
        message = "a text of 22 characters does not fit gs_version, which holds 12"

    found = result([model], f"{{account: [{{accountid: a1, x: {x}}}]}}", None)

    assert message in str(found.errors["case"])
    assert found.change is None


STATE = "score: gs_score, grade: gs_grade, state: gs_state"
MONDAY, SUNDAY = date(2026, 6, 15), date(2026, 6, 14)


def stored(day: date, before: Snapshot, now: Snapshot) -> str:
    return f"gs_state: '{write_state(DayState(day, before, now))}'"


@pytest.mark.parametrize(
    ("output", "row"),
    [
        ("score: gs_score, scored_on: gs_scoredon", "x: 60.25, gs_score: 60.30"),
        ("grade: gs_choice, explanation: gs_explanation", "x: 60, gs_choice: 12"),
        ("reasons: gs_reasons", "x: 100"),
        ("reasons: gs_reasons, model_version: gs_version", "x: 10, gs_reasons: low"),
        (
            STATE,
            "x: 60, gs_score: 60, gs_grade: B, "
            + stored(SUNDAY, Snapshot(), Snapshot("A", "B", None, Decimal(1))),
        ),
    ],
)
def test_nothing_is_written_when_no_compared_value_differs(output: str, row: str) -> None:
    assert written("", output, row) == {}


@pytest.mark.parametrize(
    "row",
    [
        "x: 60, gs_score: 60, gs_grade: B",
        "x: 60, gs_score: 60, gs_grade: B, gs_state: gold",
        "x: 60, gs_score: 60, gs_grade: B, "
        + stored(SUNDAY, Snapshot(), Snapshot("B", "A", None, Decimal(60))),
        "x: 60, gs_score: 60, gs_grade: B, "
        + stored(SUNDAY, Snapshot(), Snapshot("B", "B", SUNDAY, Decimal(60))),
    ],
)
def test_what_only_the_state_keeps_is_compared_too(row: str) -> None:
    assert written("", STATE, row).keys() == {"gs_score", "gs_grade", "gs_state"}


TRENDS = f"{STATE}, trend: gs_trend, previous_score: gs_before, previous_grade: gs_gradebefore"


@pytest.mark.parametrize(
    ("x", "trend"), [("60", Decimal(1)), ("50", Decimal(2)), ("40", Decimal(3))]
)
@pytest.mark.parametrize(
    "state",
    [
        stored(SUNDAY, Snapshot("B", "B", None, Decimal(1)), Snapshot("A", "A", None, Decimal(50))),
        stored(MONDAY, Snapshot("A", "A", None, Decimal(50)), Snapshot("B", "B", None, Decimal(1))),
    ],
)
def test_trend_and_previous_come_from_the_day_before(x: str, trend: Decimal, state: str) -> None:
    found = written("", TRENDS, f"x: {x}, {state}")

    assert (found["gs_trend"], found["gs_before"]) == (trend, Decimal("50.00"))
    assert found["gs_gradebefore"] == "A"


def test_the_state_keeps_what_the_day_started_from() -> None:
    before, dip = Snapshot("A", "A", None, Decimal(90)), Snapshot("B", "B", None, Decimal(1))

    text = written("", STATE, f"x: 95, gs_score: 1, {stored(MONDAY, before, dip)}")["gs_state"]

    assert text == write_state(DayState(MONDAY, before, Snapshot("A", "A", None, Decimal("95.00"))))


@pytest.mark.parametrize(
    ("shown", "row", "expected"),
    [
        ("B", "gs_since: '2026-01-02'", date(2026, 1, 2)),
        ("A", "gs_since: '2026-01-02'", MONDAY),
        ("B", "", MONDAY),
    ],
)
def test_grade_since_moves_only_with_the_grade(shown: str, row: str, expected: date) -> None:
    state = stored(SUNDAY, Snapshot(), Snapshot(shown, "B", None, Decimal(50)))

    found = written("", f"{STATE}, grade_since: gs_since", f"x: 1, {state}, {row}")

    assert found["gs_since"] == expected


OUTSIDE = "population: {x: {gt: 1000}},"


@pytest.mark.parametrize(
    ("leave", "row", "expected"),
    [
        ("", "gs_score: 5", {}),
        ("leave: clear,", "gs_score: 5", {"gs_score": None, "gs_status": None}),
        ("leave: clear,", "gs_status: parked", {"gs_score": None, "gs_status": None}),
        ("leave: clear,", "", {}),
    ],
)
def test_leaving_the_population_keeps_or_clears(
    leave: str, row: str, expected: dict[str, Value]
) -> None:
    output = "score: gs_score, status: gs_status"

    assert written(OUTSIDE + leave, output, f"x: 1, {row}") == expected


def test_a_choice_column_with_a_manual_grade_is_read_by_its_label() -> None:
    model = compiled(
        f"manual: {{grade_column: m}}, indicators: {{x: {{type: column, column: x}}}},"
        f" grades: {{{BANDS}}}, output: {{grade: gs_choice}}}}",
        SCHEMA,
    )

    found = result([model], "{account: [{accountid: a1, x: 1, m: 11}]}", None)

    assert found.cards["case"].grade == "A"
    assert found.change is not None
    assert found.change.values == {"gs_choice": Decimal(11)}


def test_models_of_one_table_are_written_together_and_fail_alone() -> None:
    good = compiled(
        "id: good, indicators: {x: {type: column, column: x}}, output: {score: gs_score}}", SCHEMA
    )
    other = compiled(
        "id: other, indicators: {x: {type: column, column: x}}, output: {score: gs_before}}", SCHEMA
    )
    bad = compiled(
        "id: bad, indicators: {x: {type: column, column: gs_grade}}, output: {score: gs_whole}}",
        SCHEMA,
    )

    found = result([good, bad, other], "{account: [{accountid: a1, x: 1, gs_grade: tea}]}", None)

    assert found.cards.keys() == {"good", "other"}
    assert found.errors.keys() == {"bad"}
    assert found.change is not None
    assert found.change.values == {"gs_score": Decimal(1), "gs_before": Decimal(1)}
