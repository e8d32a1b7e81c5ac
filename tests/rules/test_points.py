"""Value to points, weights and clamps (rules.md section 4)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gradesys.errors import RecordError
from gradesys.records import Ref
from gradesys.rules.arithmetic import CONTEXT
from gradesys.rules.textmap import MOST, TextMap
from tests.rules.scored import card

D = Decimal
BANDS = "{bands: [{points: 0}, {min: 10, points: 5}, {min: 50, points: 15}]}"
BANDS_FROM_10 = "{bands: [{min: 10, points: 5}, {min: 50, points: 15}]}"
MAP = "{map: {1: 30, true: 7, شركت: 3, tea: 2}, otherwise: 1}"
RULES = (
    "{hit: HIT, rules: [{if: value >= 100, points: 5}, {if: value >= 10, points: 2},"
    " {if: value > 1000, points: 9}]}"
)


@pytest.mark.parametrize(
    ("points", "value", "expected"),
    [
        ("identity", "12.5", "12.5"),
        ("identity", "true", "1"),
        ("identity", "null", "0"),
        (BANDS, "9.999", "0"),
        (BANDS, "10", "5"),
        (BANDS, "-3", "0"),
        (BANDS, "50", "15"),
        (BANDS_FROM_10, "9", "0"),
        ("{linear: {from: [0, 500000], to: [0, 100]}}", "420000", "84"),
        ("{linear: {from: [0, 500000], to: [0, 100]}}", "600000", "100"),
        ("{linear: {from: [10, 0], to: [0, 100]}}", "2.5", "75"),
        ("{linear: {from: [10, 0], to: [0, 100]}}", "99", "0"),
        (MAP, "1.00", "30"),
        (MAP, "true", "7"),
        (MAP, "TEA", "2"),
        (MAP, "شرکت", "3"),
        (MAP, "false", "1"),
        ("{map: {5: 1}}", "4", "0"),
        (RULES.replace("HIT", "first"), "2000", "5"),
        (RULES.replace("HIT", "sum"), "2000", "16"),
        (RULES.replace("HIT", "max"), "2000", "9"),
        (RULES.replace("HIT", "min"), "2000", "2"),
        (RULES.replace("HIT", "sum"), "1", "0"),
        ("{rules: [{if: true, points: 4}, {points: 1}]}", "3", "4"),
        ("{map: {U1: 4}}", "U1, n@type: systemuser", "4"),
        ("{rules: [{if: is_null(value), points: 4}, {points: 1}]}", "null", "4"),
        ("{rules: [{if: is_null(value), points: 4}, {points: 1}]}", "3", "1"),
    ],
)
def test_points_of_a_value(points: str, value: str, expected: str) -> None:
    scored = card(
        f"indicators: {{x: {{type: column, column: n, points: {points}}}}}}}", f"n: {value}"
    )

    assert scored.points["x"] == Decimal(expected)


@pytest.mark.parametrize(
    ("x", "n", "expected"),
    [
        ("type: expression, expression: n > 9", "10", "5"),
        ("type: expression, expression: n > 9", "9", "0"),
        ("type: column, column: n, default: 1", "null", "5"),
        ("type: column, column: n, default: 1", "false", "0"),
        ("type: column, column: n, default: 1", "7", "5"),
    ],
)
def test_a_truth_and_a_value_with_a_default_have_bands_like_any_number(
    x: str, n: str, expected: str
) -> None:
    helper, bands = "n: {type: column, column: n, scored: false}", "{bands: [{min: 1, points: 5}]}"
    scored = card(f"indicators: {{{helper}, x: {{{x}, points: {bands}}}}}}}", f"n: {n}")

    assert scored.points["x"] == Decimal(expected)


def test_a_cell_that_the_row_lacks_is_null_and_the_others_count() -> None:
    indicators = (f"{name}: {{type: column, column: {name}}}" for name in ("a", "b", "c"))
    scored = card(f"indicators: {{{', '.join(indicators)}}}}}", "a: 1, c: 3")

    assert scored.values == {"a": Decimal(1), "b": None, "c": Decimal(3)}


@pytest.mark.parametrize(
    ("keys", "value", "expected"),
    [
        ("missing_points: 4", "null", "4"),
        ("missing_points: 4, default: 9", "null", "9"),
        ("missing_points: 40, max_points: 30", "null", "30"),
        ("min_points: 5, max_points: 30", "2", "5"),
        ("min_points: 5, max_points: 30", "31", "30"),
        ("transform: value / (value - 2), missing_points: 6", "2", "6"),
        ("transform: value * 10, default: 3", "null", "3"),
        ("transform: value * 10, default: 3", "2", "20"),
    ],
)
def test_missing_points_defaults_and_clamps(keys: str, value: str, expected: str) -> None:
    scored = card(f"indicators: {{x: {{type: column, column: n, {keys}}}}}}}", f"n: {value}")

    assert scored.points["x"] == Decimal(expected)


@pytest.mark.parametrize(
    ("weight", "expected"),
    [
        ("2", "200"),
        ("{rules: [{if: value > 50, weight: 3}]}", "300"),
        ("{rules: [{if: value > 500, weight: 3}]}", "100"),
        ("{rules: [{if: value > 500, weight: 3}], otherwise: 0.5}", "50"),
        ("{rules: [{if: points(x) == 100, weight: -1}]}", "-100"),
        ("{rules: [{if: half == 1, weight: 3}, {weight: 7}]}", "700"),
    ],
)
def test_weight_is_a_number_or_the_first_rule_that_hits(weight: str, expected: str) -> None:
    text = (
        f"params: {{half: 0.5}}, indicators: {{x: {{type: column, column: n, weight: {weight}}}}}}}"
    )

    assert card(text, "n: 100").score == Decimal(expected)


@pytest.mark.parametrize("value", ["tea", '"2026-01-01"'])
@pytest.mark.parametrize("points", ["identity", BANDS, "{linear: {from: [0, 1], to: [0, 1]}}"])
def test_text_and_dates_are_no_points(points: str, value: str) -> None:
    text = f"indicators: {{x: {{type: column, column: n, points: {points}}}}}}}"

    with pytest.raises(RecordError, match="number"):
        card(text, f"n: {value}")


def test_points_of_a_helper_that_cannot_be_computed_are_null() -> None:
    scored = card("indicators: {x: {type: column, column: n, scored: false}}}", "n: tea")

    assert scored.points == {"x": None}
    assert scored.score == 0


@pytest.mark.parametrize(("hit", "expected"), [("sum", "-14"), ("max", "-10"), ("min", "6")])
def test_points_of_several_rules_may_decide_their_own_weight(hit: str, expected: str) -> None:
    weight = "{rules: [{if: points(x) > 4, weight: -2}], otherwise: 3}"
    points = RULES.replace("HIT", hit)
    text = f"indicators: {{x: {{type: column, column: n, points: {points}, weight: {weight}}}}}}}"

    assert card(text, "n: 100").score == Decimal(expected)


@pytest.mark.parametrize("ends", ["[0, 2000], to: [0, 1]", "[0, 3], to: [0, 1]"])
@pytest.mark.parametrize(
    "value", ["0.37", "1.0000000000000000000000000005", "1.00000000000000000000000000150001"]
)
def test_a_line_is_carried_in_steps_of_28_digits(ends: str, value: str) -> None:
    run = D(ends[4 : ends.index("]")])
    found = card(
        f"indicators: {{x: {{type: column, column: x, points: {{linear: {{from: {ends}}}}}}}}}}}",
        f"x: {value}",
    )

    assert found.points["x"] == CONTEXT.divide(CONTEXT.plus(D(value)), run)


def test_a_text_is_found_however_often_it_comes_and_however_it_is_spelled() -> None:
    found = TextMap({"tea": 2, None: 0}, 1)

    spelled = ["tea", "TEA", "Tea", "coffee", None, True, D(1), Ref("account", "TEA")]
    for _ in range(2):
        assert [found[each] for each in spelled] == [2, 2, 2, 1, 0, 1, 1, 2]


def test_a_map_forgets_free_text() -> None:
    found = TextMap({"tea": 2}, 1)

    assert {found[f"text {number}"] for number in range(2 * MOST)} == {1}
    assert len(found) == MOST
