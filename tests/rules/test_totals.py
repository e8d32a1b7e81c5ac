"""Sums of constants that are looked up give what adding would, and are left where they would not
pay or not be exact."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.rules.scored import card, compiled

D = Decimal


def mapped(name: str, points: str, more: str = "") -> str:
    return f"{name}: {{type: column, column: {name}, points: {{map: {{{points}}}}}{more}}}"


def model(*indicators: str, score: str = "combine: sum, decimals: 9") -> str:
    return f"indicators: {{{', '.join(indicators)}}}, score: {{{score}}}}}"


STEPS = (
    mapped("a", "x: 10, y: -7.5"),
    mapped("b", "x: 3.25, y: -0.25", ", weight: -2"),
    mapped("c", "x: 0.5, y: 100", ", weight: 0.5"),
)
LINE = "d: {type: column, column: d}"


@pytest.mark.parametrize(
    ("row", "total"),
    [
        ("a: x, b: x, c: x", "3.75"),
        ("a: y, b: x, c: x", "-13.75"),
        ("a: y, b: y, c: y", "43"),
        ("a: null, b: x, c: null", "-6.5"),
        ("a: z, b: z, c: z", "0"),
        ("a: x, b: y, c: y, d: 0.001", "60.501"),
    ],
)
def test_steps_below_and_above_zero_find_their_total(row: str, total: str) -> None:
    text = model(*STEPS, LINE)
    assert "totals[" in compiled(text).scorer.source
    assert card(text, row).score == D(total)


@pytest.mark.parametrize(
    ("indicators", "score", "found"),
    [
        ((*STEPS,), "combine: sum", "totals[l_a[3] + l_b[3] + l_c[3]]"),
        ((*STEPS,), "combine: weighted_average", "totals[l_a[3] + l_b[3] + l_c[3]]"),
        ((*STEPS, LINE), "combine: sum", "totals[l_a[3] + l_b[3] + l_c[3]] + l_d[2]"),
        ((*STEPS, mapped("e", "x: 0.001, y: 90")), "combine: sum", "l_c[3]] + l_e[2]"),
    ],
    ids=["all", "average", "a line", "too fine"],
)
def test_what_leads_is_looked_up_and_the_rest_is_added(
    indicators: tuple[str, ...], score: str, found: str
) -> None:
    text = model(*indicators, score=score)
    if "average" in score:
        text = text.replace(", weight: -2", "")
    assert found in compiled(text).scorer.source


@pytest.mark.parametrize(
    "indicators",
    [
        STEPS[:2],
        (LINE, *STEPS),
        (*STEPS[:2], LINE, STEPS[2]),
        (mapped("f", "x: 0.000001, y: 1"), *STEPS),
        (mapped("f", "x: 6E+27, y: 0"), mapped("g", "x: 6E+27, y: 0"), mapped("h", "x: 0, y: 0")),
        tuple(each.removesuffix("}") + ", group: g}" for each in STEPS),
    ],
    ids=["few", "a line first", "a line between", "too many", "too long", "grouped"],
)
def test_what_would_not_pay_or_not_be_exact_is_added(indicators: tuple[str, ...]) -> None:
    assert "totals[" not in compiled(model(*indicators)).scorer.source


def test_the_account_tells_what_was_looked_up() -> None:
    found = card(model(*STEPS), "a: y, b: x, c: y").breakdown
    assert [part.contribution for part in found.parts] == [D("-7.5"), D("-6.5"), D(50)]
    assert found.score == 36
