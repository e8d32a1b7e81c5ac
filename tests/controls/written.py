"""Explanations as the rules write them, in the shapes that a card meets."""

from __future__ import annotations

import json
from pathlib import Path

from gradesys.rules.explanation import STORED_LENGTH, explanation_text
from tests.rules.scored import card, compiled

SHOP = """
  id: shop, calendar: jalali, indicators: {
    paid: {type: column, column: paid, weight: 0.7, max_points: 80, title: {en: Paid, fa: پرداخت}},
    third: {type: expression, expression: paid / 3, group: sales, reason: few_sales,
      title: {en: A third, fa: یک سوم}},
    late: {type: expression, expression: 0 - 12.5, group: sales, reason: pays_late,
      title: {en: Late days, fa: روزهای دیرکرد},
      points: {bands: [{points: -20}, {min: 0, points: 5}]}},
    visits: {type: aggregate, of: visit, lookup: accountid, op: count, reason: no_visits,
      points: {map: {0: 1}}, window: {date: createdon, period: month}}},
  score: {groups: {sales: {max: 10}}, base: 1.5, max: 70, scale: {from: [0, 100], to: [0, 90]}},
  reasons: {count: 3},
  grades: {bands: [{grade: A, min: 80, title: {en: Excellent, fa: ممتاز}}, {grade: B, min: 20},
    {grade: C}]}}
"""
LARGEST = """
  id: largest, score: {combine: max}, indicators: {
    known: {type: column, column: paid}, half: {type: expression, expression: known / 2}},
  grades: {bands: [{grade: A, min: 80}, {grade: B}]}}
"""
UNKNOWN = """
  id: unknown, score: {min_indicators: 1}, indicators: {
    paid: {type: column, column: paid, points: {map: {5: 1}}}}}
"""
SHORT = 740
JSON = Path(__file__).parents[2] / "solution" / "controls" / "tests" / "written.json"
"""The same texts for the tests of the card, which cannot run the rules."""

CASES = {
    "sum": (SHOP, "paid: 100.5", STORED_LENGTH),
    "folded": (SHOP, "paid: 100.5", SHORT),
    "top": (LARGEST, "paid: 91", STORED_LENGTH),
    "unscored": (UNKNOWN, "paid: 4", STORED_LENGTH),
}


def written(name: str) -> str:
    """The text in the explanation column."""
    model, row, length = CASES[name]
    text = explanation_text(compiled(model).model, card(model, row), length)
    assert text is not None
    return text


def all_written() -> dict[str, str]:
    """Every case, by name."""
    return {name: written(name) for name in CASES}


if __name__ == "__main__":
    told = json.dumps(all_written(), ensure_ascii=False, indent=2)
    JSON.write_text(f"{told}\n", encoding="utf-8")
