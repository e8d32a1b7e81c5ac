"""Many days of one record: what is stored leads to what a day-by-day computation gives (section 6).

Within a day any number of evaluations may run, or none; only the first and last matter.
"""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from gradesys.records import Page, Value
from gradesys.rules.compile import CompiledModel
from gradesys.rules.evaluation import Evaluation, Result
from tests.oracle import World
from tests.oracle.evaluate import Oracle
from tests.oracle.loading import load
from tests.rules.accounts import SCHEMA
from tests.rules.scored import compiled

BANDS = "bands: [{grade: A, min: 80}, {grade: B, min: 50}, {grade: C, min: 20}, {grade: D}]"
PROTECTIONS = (
    "hysteresis: 5",
    "downgrade: {hold: 3 days}",
    "downgrade: {hold: 1 week, max_steps: 1}, hysteresis: 2",
    "downgrade: {until_end_of: week}",
    "downgrade: {max_steps: 1}",
    "downgrade: {hold: 2 days}, rules: [{if: score < 10, at_most: C}]",
)
OUTPUTS = (
    "{score: gs_score, grade: gs_grade, state: gs_state}",
    "{state: gs_state, score: gs_before, raw_grade: gs_gradebefore, trend: gs_trend}",
    "{grade: gs_grade, below_since: gs_belowsince, state: gs_state, grade_since: gs_since}",
)
FIRST = date(2026, 6, 1)


def model(grades: str, output: str) -> str:
    return (
        "{table: account, indicators: {x: {type: column, column: x}}, score: {decimals: 1},"
        f" grades: {{{grades}, {BANDS}}}, output: {output}}}"
    )


def evaluated(scorer: CompiledModel, row: dict[str, Value], now: datetime) -> Result:
    evaluation = Evaluation([scorer], now)
    (read,) = evaluation.reads
    evaluation.add(Page(read, ({name: row.get(name) for name in read.columns},)))
    return next(evaluation.results())


def previous_of(text: str, row: dict[str, Any], now: datetime, previous: Any) -> dict[str, Any]:
    """The oracle's day: what it gives is what the next day starts from."""
    world = World({"account": [row]})
    found = Oracle(load(text), world, now).evaluate("a1", previous)
    names = ("grade", "earned", "below_since", "score")
    return {name: getattr(found, name) for name in names}


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("grades", PROTECTIONS)
def test_stored_state_carries_a_record_through_the_days(grades: str, output: str) -> None:
    dice = random.Random(f"{grades} {output}")
    text = model(grades, output)
    scorer = compiled(text, SCHEMA)
    stored: dict[str, Value] = {"accountid": "a1"}
    yesterday: dict[str, Any] | None = None
    for day in (FIRST + timedelta(days=n) for n in range(90)):
        today = yesterday
        for hour in sorted(dice.sample(range(24), dice.choice([0, 1, 1, 3]))):
            now = datetime.fromisoformat(f"{day}T{hour:02}:30:00+03:30")
            x = dice.choice([Decimal(95), Decimal("78.5"), Decimal(60), Decimal(30), Decimal(5)])
            stored["x"] = x
            result = evaluated(scorer, stored, now)
            card = result.cards["case"]
            today = previous_of(text, {"accountid": "a1", "x": x}, now, yesterday)
            since = None if card.below_since is None else card.below_since.isoformat()
            assert today == {
                "grade": card.grade,
                "earned": card.earned,
                "below_since": since,
                "score": card.score,
            }
            stored |= {} if result.change is None else result.change.values
            assert evaluated(scorer, stored, now).change is None
        yesterday = today
