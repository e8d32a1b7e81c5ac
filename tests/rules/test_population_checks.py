"""What must hold where points or grades depend on the rest of the population, and what is told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from gradesys.records import Plan, Scope
from gradesys.rules.cutpoints import Cutpoints
from gradesys.rules.evaluation import Evaluation
from gradesys.rules.scorecard import Scorecard
from tests.rules.scored import NOON, compiled, store
from tests.rules.test_cases import one
from tests.rules.validated import COLUMN, OUT, found, indicators, warned

RANKED = """{
  table: account,
  indicators: {x: {type: column, column: n, points: {quantiles: 2, points: [1, 2]}}},
  grades: {bands: [{grade: A, top_percent: 50}, {grade: B, top_percent: 90}, {grade: C}]}}"""
FILE = f"model: {RANKED}\ntables: {{account: [{{accountid: a1, n: 5}}]}}"


def bands(*listed: str) -> str:
    return f"{OUT}grades: {{bands: [{', '.join(f'{{{band}}}' for band in listed)}]}}"


def points(text: str) -> str:
    return indicators(f"{COLUMN}, points: {{{text}}}")


def card_under(cuts: dict[str, Cutpoints]) -> Scorecard:
    """The account whose n is 5, under these cut points."""
    evaluation = Evaluation([compiled(RANKED)], NOON, cuts=cuts)
    for page in store("{account: [{accountid: a1, n: 5}]}").pages(
        Plan(evaluation.reads, Scope("account"))
    ):
        evaluation.add(page)
    (result,) = evaluation.results()
    return result.cards["case"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (points("quantiles: 1, points: [1]"), "points.quantiles: a whole number of at least 2"),
        (points("quantiles: 2.5, points: [1, 2]"), "points.quantiles: a whole number of at least"),
        (points("quantiles: 3, points: [1, 2]"), "points.points: 3 quantiles need as many points"),
        (points("quantiles: 2, points: []"), "points.points: 2 quantiles need as many points"),
        (bands("grade: A, min: 1, top_percent: 5"), "top_percent: only one of min, top_percent"),
        (bands("grade: A, top_percent: 0"), "top_percent: a percentage above 0, at most 100"),
        (bands("grade: A, top_percent: 100.01"), "top_percent: a percentage above 0, at most 100"),
        (
            bands("grade: A, min: 5", "grade: B, top_percent: 50", "grade: C, min: 6"),
            "grades.bands.2.min: bands must descend",
        ),
    ],
)
def test_a_mistake_is_named(text: str, complaint: str) -> None:
    assert complaint in "\n".join(found(text))


def test_a_band_behind_one_that_takes_as_many_is_odd() -> None:
    odd = warned(bands("grade: A, top_percent: 20", "grade: B, top_percent: 20", "grade: C"))
    assert any("grades.bands.1: is never reached: a better band" in line for line in odd)
    good = warned(bands("grade: A, top_percent: 20", "grade: B, top_percent: 50", "grade: C"))
    assert not any("never reached" in line for line in good)


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ("[1]", "cutpoints: a map is needed"),
        ("{grades: [1]}", "cutpoints.grades: a map of grades is needed"),
        ("{y: [1]}", "'y' has no quantiles"),
        ("{x: [1, 2]}", "a list of 1 numbers is needed"),
        ("{x: [one]}", "a list of 1 numbers is needed"),
        ("{grades: {A: best}}", "a number for each grade is needed"),
    ],
)
def test_cut_points_of_a_case_must_fit_its_model(
    tmp_path: Path, given: str, complaint: str
) -> None:
    case = f'as_of: "2026-06-15T12:00:00+03:30", record: a1, cutpoints: {given}'
    assert complaint in one(tmp_path, case, FILE).error


@pytest.mark.parametrize(
    ("cuts", "notes"),
    [
        (
            {},
            (
                "provisional: x has no cut points yet",
                "provisional: grade A has no cut point yet",
                "provisional: grade B has no cut point yet",
            ),
        ),
        (
            {
                "case": Cutpoints(
                    {"x": (Decimal(3),)}, {"A": Decimal(9), "B": Decimal(4)}, date(2026, 6, 14)
                )
            },
            ("cut points of 2026-06-14",),
        ),
    ],
)
def test_a_result_tells_its_cut_points_or_that_it_is_provisional(
    cuts: dict[str, Cutpoints], notes: tuple[str, ...]
) -> None:
    assert card_under(cuts).notes == notes


def test_the_next_grade_is_measured_to_its_cut() -> None:
    cuts = Cutpoints({"x": (Decimal(3),)}, {"A": Decimal(9), "B": Decimal(4)})
    assert card_under({"case": cuts}).next_grade == ("B", Decimal(2))
