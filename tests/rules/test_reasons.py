"""Reason codes by their gap to a baseline (rules.md sections 5 and 15.5)."""

from __future__ import annotations

import pytest

from tests.rules.scored import card

BANDS = "{bands: [{points: 10}, {min: 10, points: 60}]}"


@pytest.mark.parametrize(
    ("keys", "value", "listed"),
    [
        ("max_points: 100", "40", True),
        ("max_points: 100", "100", False),
        ("", "40", False),
        ("weight: -1, max_points: 100", "40", False),
        ("weight: -1, min_points: 0", "40", True),
        ("weight: 0, max_points: 100", "40", False),
        ("baseline_points: 41", "40", True),
        ("baseline_points: 40, max_points: 100", "40", False),
        (f"points: {BANDS}", "3", True),
        (f"points: {BANDS}", "30", False),
        (f"points: {BANDS}, weight: -1", "30", True),
        ("points: {bands: [{min: 5, points: -9}]}", "30", True),
        ("points: {linear: {from: [0, 10], to: [100, 0]}}", "1", True),
        ("points: {map: {40: 1}, otherwise: 2}", "40", True),
        ("points: {map: {40: 1}, otherwise: 2}, max_points: 1", "40", False),
        ("points: {rules: [{if: value > 50, points: 9}, {points: 3}]}", "40", True),
        ("points: {hit: sum, rules: [{points: 9}, {if: value > 50, points: 3}]}", "40", True),
        ("points: {hit: sum, rules: [{points: -9}, {if: value > 50, points: -3}]}", "40", True),
        ("points: {hit: sum, rules: [{points: -3}, {if: value > 50, points: -9}]}", "40", False),
        ("missing_points: 5, baseline_points: 6", "null", True),
    ],
)
def test_an_indicator_is_listed_when_it_lacks_points(keys: str, value: str, listed: bool) -> None:
    text = f"reasons: {{}}, indicators: {{x: {{type: column, column: n, reason: x, {keys}}}}}}}"

    assert card(text, f"n: {value}").reasons == (("x",) if listed else ())


TWO = """indicators: {
  a: {type: column, column: a, max_points: 10, reason: first},
  b: {type: column, column: b, max_points: 10, reason: second, weight: 2},
  c: {type: column, column: c, max_points: 10, reason: first}}
"""


@pytest.mark.parametrize(
    ("head", "row", "expected"),
    [
        ("reasons: {}", "a: 1, b: 1, c: 1", ("second", "first")),
        ("reasons: {count: 1}", "a: 1, b: 1, c: 1", ("second",)),
        ("reasons: {}", "a: 8, b: 9, c: 10", ("first", "second")),
        ("reasons: {}", "", ("second", "first")),
        ("reasons: {}, score: {missing: exclude}", "b: 1", ("second",)),
        ("reasons: {}, score: {min_indicators: 4}", "a: 1, b: 1", ()),
        ("score: {}", "a: 1, b: 1, c: 1", ()),
        ("reasons: {}, population: {a: 9}", "a: 1", ()),
    ],
)
def test_reasons_are_ranked_by_their_largest_gap(
    head: str, row: str, expected: tuple[str, ...]
) -> None:
    assert card(f"{head}, {TWO}}}", row).reasons == expected
