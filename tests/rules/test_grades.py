"""From a graded value to the grade that is shown (rules.md section 6)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from gradesys.errors import RecordError
from gradesys.rules.state import NOTHING, Snapshot
from tests.rules.scored import card

BANDS = "bands: [{grade: A, min: 80}, {grade: B, min: 50}, {grade: C, min: 20}, {grade: D}]"


def model(grades: str, more: str = "") -> str:
    return f"{more} indicators: {{x: {{type: column, column: x}}}}, grades: {{{grades}}}}}"


@pytest.mark.parametrize(
    ("grades", "value", "expected"),
    [
        (BANDS, "80", "A"),
        (BANDS, "79.994", "B"),
        (BANDS, "79.995", "A"),
        (BANDS, "-5", "D"),
        ("bands: [{grade: A, min: 80}]", "1", None),
        ("bands: [{grade: A, min: 80}], unknown: none", "1", "none"),
        ("bands: [{grade: A, min: 80}, {grade: B}, {grade: C, min: 1}]", "5", "B"),
        ("bands: [{grade: 1, min: 80}, {grade: 2}]", "5", Decimal(2)),
    ],
)
def test_raw_grade_is_the_first_band_reached(
    grades: str, value: str, expected: str | Decimal | None
) -> None:
    assert card(model(grades), f"x: {value}").raw_grade == expected


@pytest.mark.parametrize(
    ("row", "expected"), [("x: 60.5", "B"), ("x: true", "D"), ("", "U"), ("x: 9", "D")]
)
def test_an_indicator_can_be_graded_instead_of_the_score(row: str, expected: str) -> None:
    assert card(model(f"by: x, unknown: U, {BANDS}"), row).grade == expected


def test_a_graded_text_is_an_error_of_the_record() -> None:
    text = model(f"by: t, {BANDS}").replace(
        "indicators: {", "indicators: {t: {type: column, column: t, scored: false}, "
    )

    with pytest.raises(RecordError, match="number"):
        card(text, "x: 1, t: tea")


MAY = date(2026, 5, 1)
TODAY = date(2026, 6, 15)


@pytest.mark.parametrize(
    ("grades", "value", "previous", "expected"),
    [
        ("hysteresis: 3", "77", Snapshot(earned="A"), ("A", None)),
        ("hysteresis: 3", "76.99", Snapshot(earned="A"), ("B", None)),
        ("hysteresis: 60", "21", Snapshot(earned="A"), ("A", None)),
        ("hysteresis: 3", "81", Snapshot(earned="B"), ("A", None)),
        ("hysteresis: 3", "1", Snapshot(earned="gone"), ("D", None)),
        ("hysteresis: 3", "1", NOTHING, ("D", None)),
        ("downgrade: {hold: 90 days}", "60", Snapshot(earned="A"), ("A", TODAY)),
        ("downgrade: {hold: 90 days}", "60", Snapshot(earned="A", below_since=MAY), ("A", MAY)),
        ("downgrade: {hold: 45 days}", "10", Snapshot(earned="A", below_since=MAY), ("D", None)),
        (
            "downgrade: {hold: 45 days, max_steps: 1}",
            "10",
            Snapshot(earned="A", below_since=MAY),
            ("B", TODAY),
        ),
        (
            "downgrade: {hold: 1 month, max_steps: 2}",
            "20",
            Snapshot(earned="A", below_since=MAY),
            ("C", None),
        ),
        ("downgrade: {max_steps: 1}", "10", Snapshot(earned="B"), ("C", TODAY)),
        (
            "downgrade: {until_end_of: month}",
            "10",
            Snapshot(earned="A", below_since=date(2026, 6, 1)),
            ("A", date(2026, 6, 1)),
        ),
        (
            "downgrade: {until_end_of: month}",
            "10",
            Snapshot(earned="A", below_since=date(2026, 5, 31)),
            ("D", None),
        ),
        ("downgrade: {hold: 9 days}", "90", Snapshot(earned="A", below_since=MAY), ("A", None)),
    ],
)
def test_an_earned_grade_is_protected_from_a_worse_value(
    grades: str, value: str, previous: Snapshot, expected: tuple[str, date | None]
) -> None:
    scored = card(model(f"{grades}, {BANDS}"), f"x: {value}", previous)

    assert (scored.earned, scored.below_since) == expected


def test_a_null_value_earns_unknown_whatever_was_earned_before() -> None:
    text = model(f"by: x, unknown: D, downgrade: {{hold: 90 days}}, {BANDS}")

    scored = card(text, "", Snapshot(earned="A", below_since=MAY))

    assert (scored.raw_grade, scored.earned, scored.below_since) == ("D", "D", None)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ("[{if: x > 10, at_most: C}]", "C"),
        ("[{if: x > 100, at_most: C}]", "A"),
        ("[{at_least: B}]", "A"),
        ("[{at_most: C}, {if: grade == 'C', at_least: B}]", "B"),
        ("[{if: score > 10, set: Gold}, {at_most: D}]", "Gold"),
        ("[{if: points(x) > limit, set: Over}]", "Over"),
        ("[{set: Gold}, {if: grade == 'Gold', set: D}]", "D"),
    ],
)
def test_rules_bound_or_replace_the_shown_grade_in_order(rules: str, expected: str) -> None:
    scored = card(model(f"rules: {rules}, {BANDS}", "params: {limit: 50},"), "x: 90")

    assert (scored.raw_grade, scored.earned, scored.grade) == ("A", "A", expected)


def test_rules_run_for_a_null_score_too() -> None:
    text = model(
        f"rules: [{{if: is_null(x), set: Never bought}}], {BANDS}", "score: {min_indicators: 1},"
    )

    assert card(text).grade == "Never bought"


VALUES = "bands: [{grade: A, min: 80, value: 11}, {grade: B}], rules: [{if: x < 0, set: Gold}]"
MANUAL = "manual: {grade_column: m, until_column: u},"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("m: A", "A"),
        ("m: a", "B"),
        ("m: 11", "A"),
        ("m: 12", "B"),
        ("m: Gold", "Gold"),
        ("m: A, u: '2026-06-15'", "A"),
        ("m: A, u: '2026-06-14'", "B"),
        ("m: A, u: '2026-06-15T20:29:59Z'", "A"),
        ("m: A, u: '2026-06-14T20:29:59Z'", "B"),
        ("u: '2026-06-15'", "B"),
    ],
)
def test_a_valid_manual_grade_is_shown(row: str, expected: str) -> None:
    scored = card(model(VALUES, MANUAL), f"x: 1, {row}")

    assert (scored.raw_grade, scored.grade) == ("B", expected)


def test_other_text_in_the_manual_column_is_noted() -> None:
    (note,) = card(model(VALUES, MANUAL), "x: 1, m: best").notes

    assert "manual" in note


@pytest.mark.parametrize(
    ("row", "previous", "expected"),
    [
        ("l: true, m: A", Snapshot(grade="Gold"), "Gold"),
        ("l: true, m: A", NOTHING, "A"),
        ("l: false", Snapshot(grade="Gold"), "B"),
        ("", Snapshot(grade="Gold"), "B"),
    ],
)
def test_the_lock_keeps_the_grade_shown_before(row: str, previous: Snapshot, expected: str) -> None:
    assert (
        card(model(VALUES, f"lock_column: l, {MANUAL}"), f"x: 1, {row}", previous).grade == expected
    )


def test_a_lock_that_is_neither_true_nor_false_is_an_error_of_the_record() -> None:
    with pytest.raises(RecordError, match="l must be true or false to lock a grade"):
        card(model(VALUES, "lock_column: l,"), "x: 1, l: locked")


def test_jalali_year_ends_with_the_last_day_of_esfand() -> None:
    text = model(f"downgrade: {{until_end_of: year}}, {BANDS}", "calendar: jalali,")
    before = Snapshot(earned="A", below_since=date(2026, 3, 21))

    grades = [
        card(text, "x: 1", before, datetime.fromisoformat(f"{day}T12:00:00+03:30")).grade
        for day in ("2027-03-20", "2027-03-21")
    ]

    assert grades == ["A", "D"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [("77.5", ("A", Decimal("2.5"))), ("10", ("C", Decimal(10))), ("80", None)],
)
def test_the_next_grade_tells_what_is_missing(
    value: str, expected: tuple[str, Decimal] | None
) -> None:
    assert card(model(BANDS), f"x: {value}").next_grade == expected


def test_without_a_score_no_grade_is_next() -> None:
    assert card(model(BANDS, "score: {min_indicators: 1},")).next_grade is None


def test_below_every_limit_the_next_grade_is_the_lowest_band() -> None:
    bands = "bands: [{grade: A, min: 80}, {grade: B, min: 50}]"

    assert card(model(bands), "x: 10").next_grade == ("B", Decimal(40))
