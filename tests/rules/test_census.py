"""Statistics over everybody: an error of a record touches only the numbers that it is in."""

from __future__ import annotations

from decimal import Decimal

from gradesys.records import Plan, Scope
from gradesys.rules.cutpoints import Cutpoints
from gradesys.rules.evaluation import Evaluation
from tests.rules.scored import NOON, compiled, store

D = Decimal
RANKED = """
  population: {{asked: {{gt: 0}}}}, indicators: {{
    x: {{type: column, column: x, points: {{quantiles: 2, points: [10, 20]}}}},
    z: {{type: column, column: z, scored: false}},
    y: {{type: expression, expression: z + 1}},
    idle: {{type: expression, expression: z * 2, scored: false}}}},
  score: {score}, grades: {{by: {by}, bands: [{{grade: A, top_percent: 50}}, {{grade: B}}]}}}}
"""
TABLES = """
account: [
  {accountid: a1, asked: 1, x: 1, z: tea}, {accountid: a2, asked: 1, x: 3, z: 4},
  {accountid: a3, asked: 1, x: tea, z: 5}, {accountid: a4, asked: tea, x: 9, z: 9},
  {accountid: a5, asked: 0, x: 8, z: 8}, {accountid: a6, asked: 1, x: 5, z: 6}]
"""


def measured(score: str = "{}", by: str = "score") -> Cutpoints:
    """The cut points of the accounts."""
    model = compiled(RANKED.format(score=score, by=by))
    evaluation = Evaluation([model], NOON)
    for page in store(TABLES).pages(Plan(evaluation.reads, Scope("account"))):
        evaluation.add(page)
    return evaluation.measure()[model.model.id]


def test_quantiles_are_taken_of_all_whose_value_can_be_computed() -> None:
    assert measured().quantiles == {"x": (D(3),)}


def test_a_percentage_is_taken_of_all_whose_graded_value_can_be_computed() -> None:
    assert measured().grades == {"A": D(27)}
    assert measured(by="x").grades == {"A": D(3)}
    assert measured("{combine: expression, expression: x * 2 + points(x)}").grades == {"A": D(30)}
