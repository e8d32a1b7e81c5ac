"""Points to one rounded number (rules.md section 5, steps 5-13)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.rules.scored import card

TAIL = Decimal("-0.003333333333")
INDICATORS = """
  indicators: {
    a: {type: column, column: a, weight: 2, group: g},
    b: {type: column, column: b, group: g},
    c: {type: column, column: c, weight: 0.5}}
"""


@pytest.mark.parametrize(
    ("score", "row", "expected"),
    [
        ("{}", "a: 10, b: 5, c: 4", "27"),
        ("{groups: {g: {max: 20}}}", "a: 10, b: 5, c: 4", "22"),
        ("{groups: {g: {min: 30}}}", "a: 10, b: 5, c: 4", "32"),
        ("{groups: {g: {min: 30}}, missing: exclude}", "c: 4", "2"),
        ("{combine: weighted_average}", "a: 10, b: 5, c: 4", "7.71"),
        ("{combine: weighted_average}", "a: 10, c: 4", "6.29"),
        ("{combine: weighted_average, missing: exclude}", "a: 10, c: 4", "8.8"),
        ("{combine: weighted_average, missing: exclude}", "", None),
        ("{missing: exclude}", "", "0"),
        ("{combine: max}", "a: 10, b: 5, c: 4", "25"),
        ("{combine: min}", "a: 10, b: 5, c: 4", "2"),
        ("{combine: max, missing: exclude}", "", None),
        ("{combine: expression}", "a: 10", None),
        ("{min_indicators: 2}", "a: 10, b: 5", "25"),
        ("{min_indicators: 3, base: 9}", "a: 10, b: 5", None),
        ("{base: 0.005}", "a: 1", "2.01"),
        ("{scale: {from: [0, 100], to: [300, 850]}, decimals: 0}", "a: 10, b: 5", "438"),
        ("{scale: {from: [0, 10], to: [10, 0]}, min: 0}", "a: 10, b: 5", "0"),
        ("{max: 3.14159}", "a: 10", "3.14"),
        ("{decimals: 4, max: 3.14159}", "a: 10", "3.1416"),
        ("{combine: expression, expression: points(a) * 3 + c}", "a: 10, c: 4", "34"),
        ("{combine: expression, expression: b / 0}", "b: 1", None),
        ("{combine: expression, expression: b > 3}", "b: 5", "1"),
    ],
)
def test_score_of_weighted_points(score: str, row: str, expected: str | None) -> None:
    scored = card(f"score: {score}, {INDICATORS}}}", row)

    assert scored.score == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    ("formula", "expected"),
    [("0 - 2.125", "-2.13"), ("2.125", "2.13"), ("79.995", "80.00"), ("0 - 0.001", "0.00")],
)
def test_rounding_is_half_away_from_zero_without_negative_zero(formula: str, expected: str) -> None:
    scored = card(f'indicators: {{x: {{type: expression, expression: "{formula}"}}}}}}')

    assert str(scored.score) == expected


@pytest.mark.parametrize(
    ("score", "row", "expected"),
    [
        ("{min_indicators: 3}", "a: 10", (None, Decimal(0))),
        ("{combine: max}", "a: 10, b: 5, c: 4", (Decimal(25), Decimal(0))),
        ("{combine: expression, expression: a / 3}", "a: 10", (Decimal("3.33"), TAIL)),
    ],
)
def test_the_breakdown_of_what_is_no_sum_tells_the_score_and_its_rounding(
    score: str, row: str, expected: tuple[Decimal | None, Decimal]
) -> None:
    told = card(f"score: {score}, {INDICATORS}}}", row).breakdown

    assert (told.score, told.rounding) == expected
    assert [part.indicator for part in told.parts] == ["a", "b", "c"]


@pytest.mark.parametrize("score", ["{}", "{combine: weighted_average}", "{groups: {g: {max: 7}}}"])
@pytest.mark.parametrize("row", ["a: 0.3333333, b: 77.7, c: 1", "a: 10", "b: 1e20, c: -0.005"])
def test_the_breakdown_adds_up_exactly(score: str, row: str) -> None:
    scored = card(f"score: {score}, {INDICATORS}}}", row)
    told = scored.breakdown

    pieces = [*(part.contribution for part in told.parts), *told.groups.values()]
    assert sum(pieces, told.base + told.scale + told.rounding) == scored.score
