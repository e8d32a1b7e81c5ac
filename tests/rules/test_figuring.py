"""Rows as they come off the wire give what rows give: the same cards, the same changes."""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from gradesys.errors import RecordError
from gradesys.records import Page, Read, Row
from gradesys.rules import evaluation as evaluations
from gradesys.rules import keeping as keepings
from gradesys.rules.compile import CompiledModel
from gradesys.rules.evaluation import Evaluation
from gradesys.rules.keeping import Keeps, Parts, keeping
from tests.rules.scored import NOON, compiled
from tests.rules.wired import SCHEMA, accounts, invoices, pages

INVOICES = "type: aggregate, of: invoice, lookup: customerid"
GRADES = "grades: {bands: [{grade: A, min: 40, title: {en: A}}, {grade: B, title: {en: B}}]}"
SCORE = "output: {score: gs_exact, grade: gs_grade, raw_grade: gs_raw, reasons: gs_reasons}"
AMOUNT = (
    f"{INVOICES}, op: sum, column: totalamount_base,"
    " points: {linear: {from: [0, 9999], to: [0, 90]}}"
)
COUNT = f"{INVOICES}, op: count, weight: 3"
FOLDED = {
    "sum": f"x: {{{AMOUNT}, reason: poor, filter: {{statecode: 2}}}}",
    "sum of whole numbers": f"x: {{{INVOICES}, op: sum, column: lines, filter: {{paid: true}}}}",
    "average": f"x: {{{INVOICES}, op: avg, column: lines, filter: {{statecode: {{ne: 2}}}}}}",
    "count": f"x: {{{COUNT}, filter: {{any: [{{statecode: [0, 1]}}, {{paid: false}}]}}}}",
    "any": f"x: {{{INVOICES}, op: any, filter: {{not: {{statecode: 1}}}}}}",
    "none of them": f"x: {{{COUNT}, filter: {{statecode: []}}}}",
    "ends": f"x: {{{INVOICES}, op: min, column: lines}}, y: {{{INVOICES}, op: max, column: lines}}",
    "first day": (
        f"d: {{{INVOICES}, op: min, column: due, scored: false}},"
        " x: {type: expression, expression: days_since(d)}"
    ),
    "last instant": (
        f"d: {{{INVOICES}, op: max, column: createdon, scored: false}},"
        " x: {type: expression, expression: hours_since(d)}"
    ),
    "an amount decides": f"x: {{{AMOUNT}, filter: {{totalamount_base: {{gt: 99.5}}}}}}",
    "sum and average": f"x: {{{AMOUNT}}}, y: {{{INVOICES}, op: avg, column: totalamount_base}}",
    "window": f"x: {{{AMOUNT}, window: {{date: createdon, last: 30 days}}}}",
    "days and amounts": (
        f"x: {{{COUNT}, window: {{date: due, period: month}},"
        " filter: {totalamount_base: {gt: 99.5, le: 9000}, createdon: {is_null: false}}}"
    ),
    "a part of a whole": (
        f"x: {{{COUNT}, filter: {{lines: {{ge: 2.5}}, statecode: {{is_null: false}}}}}}"
    ),
    "two of one read": (
        f"x: {{{AMOUNT}}}, y: {{{COUNT}}}, z: {{{INVOICES}, op: median, column: lines}}"
    ),
    "two reads": (
        f"x: {{{AMOUNT}, filter: {{paid: true}}}}, y: {{{COUNT}, filter: {{paid: false}}}}"
    ),
    "a text decides": f"x: {{{COUNT}, filter: {{name: tea}}}}",
    "an owner decides": (
        f"x: {{{COUNT}, filter: {{salesorderid: 00000000-0000-0000-0000-00000000000a}}}}"
    ),
    "a lookup to one table": "x: {type: aggregate, of: invoice, lookup: referrerid, op: count}",
    "some and others": f"x: {{{COUNT}, filter: {{paid: true, any: [{{lines: 3}}, {{lines: 4}}]}}}}",
    "the largest amount": f"x: {{{INVOICES}, op: max, column: totalamount_base}}",
}
OWN = {
    "cells": (
        "a: {type: column, column: revenue, weight: 0.01}, b: {type: column, column: employees},"
        " c: {type: column, column: industry, points: {map: {1: 5, 2: 7}}, missing_points: 1},"
        " d: {type: column, column: vip, points: {map: {true: 9}}},"
        " e: {type: column, column: since, scored: false},"
        " f: {type: expression, expression: 'days_since(e) / 2'},"
        " g: {type: column, column: seen, scored: false},"
        " h: {type: column, column: mood, scored: false, points: {map: {good: 1}}},"
        " i: {type: expression, expression: hours_since(g)},"
        " j: {type: expression, expression: b > 99,"
        " points: {bands: [{points: 0}, {min: 1, points: 5}]}}"
    ),
    "a kind that is left to rows": "a: {type: column, column: meeting, scored: false}",
    "an error": "a: {type: column, column: mood}, b: {type: column, column: revenue}",
}
TAILS = {
    "simple": f"{GRADES}, reasons: {{}}, {SCORE}",
    "rounded": (
        f"score: {{decimals: 3, min: -99}}, {GRADES},"
        " output: {score: gs_score, grade: gs_choice, status: gs_status}"
    ),
    "free": (
        "score: {combine: expression, expression: 100 / x + points(x)}, output: {score: gs_free}"
    ),
    "whole": "output: {score: gs_whole}",
    "state": f"{GRADES}, output: {{score: gs_exact, grade: gs_grade, state: gs_state}}",
    "hysteresis": (
        "grades: {bands: [{grade: A, min: 40}, {grade: B}], hysteresis: 5},"
        " output: {grade: gs_grade, state: gs_state}"
    ),
    "population": f"population: {{industry: [1, 2]}}, {GRADES}, {SCORE}",
    "population by text": f"population: {{mood: good}}, {GRADES}, {SCORE}",
    "ranked": (
        "grades: {bands: [{grade: A, top_percent: 30}, {grade: B}]}, output: {grade: gs_grade}"
    ),
    "locked": (
        f"lock_column: vip, {GRADES}, output: {{score: gs_exact, grade: gs_grade, state: gs_state}}"
    ),
}
SUM = FOLDED["sum"]


def model(indicators: str, tail: str = TAILS["simple"], id: str = "m") -> CompiledModel:
    return compiled(f"{{id: {id}, indicators: {{{indicators}}}, {tail}}}", SCHEMA)


def told(models: Sequence[CompiledModel], rows: dict[str, list[Row]], typed: str) -> list[Any]:
    """Everything that results say, by id. ``typed``: yes, no, or mixed."""
    drawn = random.Random(5)
    evaluation = Evaluation(models, NOON)
    found: list[Page] = []
    for read in evaluation.reads:
        listed = rows[read.table]
        some = [list(pages(read, listed, 7, way)) for way in (typed != "no", typed == "yes")]
        found += [drawn.choice(pair) for pair in zip(*some, strict=True)]
        found.append(Page(read, ()))
    drawn.shuffle(found)
    for page in found:
        evaluation.add(page)
    if any(model.ranked for model in models):
        evaluation.measure()
    return sorted(
        (
            result.id,
            result.change,
            {name: str(error) for name, error in result.errors.items()},
            {
                n: (c.score, c.grade, c.reasons, c.values, c.breakdown)
                for n, c in result.cards.items()
            },
            dict(result.row),
            (len(result.row), len(result.cards)),
        )
        for result in evaluation.results()
    )


def stored(models: Sequence[CompiledModel], rows: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """The rows after two of three changes were written."""
    changes = {id: change.values for id, change, *_ in told(models, rows, "no") if change}
    kept: list[Row] = [
        {**row, **({} if place % 3 == 0 else changes.get(str(row["accountid"]), {}))}
        for place, row in enumerate(rows["account"])
    ]
    return {**rows, "account": kept}


def population() -> dict[str, list[Row]]:
    drawn = random.Random(3)
    return {"account": accounts(40, drawn), "invoice": invoices(300, 40, drawn)}


@pytest.fixture(autouse=True)
def _each_model_has_its_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluations, "MANY", 1)


MODELS = [
    *(pytest.param([model(text)], id=name) for name, text in FOLDED.items()),
    *(pytest.param([model(f"{SUM}, {text}")], id=name) for name, text in OWN.items()),
    *(pytest.param([model(SUM, tail)], id=name) for name, tail in TAILS.items()),
    pytest.param([model(SUM), model(FOLDED["count"], TAILS["rounded"], "n")], id="two models"),
]


@pytest.mark.parametrize("models", MODELS)
@pytest.mark.parametrize("typed", ["yes", "mixed"])
def test_rows_off_the_wire_give_what_rows_give(models: list[CompiledModel], typed: str) -> None:
    rows = stored(models, population())

    assert told(models, rows, typed) == told(models, rows, "no")


def evaluated(models: Sequence[CompiledModel]) -> Evaluation:
    evaluation = Evaluation(models, NOON)
    for read in evaluation.reads:
        for page in pages(read, population()[read.table], 50, True):
            evaluation.add(page)
    return evaluation


@pytest.mark.parametrize(
    ("indicators", "tail", "expected"),
    [
        (SUM, TAILS["simple"], True),
        (SUM, TAILS["rounded"], True),
        (SUM, TAILS["free"], True),
        (SUM, TAILS["population"], True),
        (FOLDED["window"], TAILS["simple"], True),
        (f"{SUM}, {OWN['cells']}", TAILS["simple"], True),
        (f"{SUM}, {OWN['a kind that is left to rows']}", TAILS["simple"], False),
        (FOLDED["the largest amount"], TAILS["simple"], False),
        (FOLDED["two of one read"], TAILS["simple"], False),
        (FOLDED["a text decides"], TAILS["simple"], False),
        (SUM, TAILS["whole"], False),
        (SUM, TAILS["state"], False),
        (SUM, TAILS["hysteresis"], False),
        (SUM, TAILS["population by text"], False),
        (SUM, TAILS["ranked"], False),
        (SUM, TAILS["locked"], False),
    ],
)
def test_records_that_keep_what_is_stored_need_no_scorecard(
    indicators: str, tail: str, expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[object] = []

    def kept(target: Read, parts: Sequence[Parts]) -> Keeps | None:
        made.append(found := keeping(target, parts))
        return found

    monkeypatch.setattr(keepings, "keeping", kept)
    next(evaluated([model(indicators, tail)]).results())

    assert [each is not None for each in made] == [expected]


@pytest.mark.parametrize(
    ("indicators", "cells", "spelled"),
    [
        (SUM, {"customerid", "statecode", "totalamount_base"}, {"totalamount_base"}),
        (FOLDED["window"], {"customerid", "createdon", "totalamount_base"}, {"totalamount_base"}),
        (FOLDED["an amount decides"], {"customerid", "totalamount_base"}, set()),
        (FOLDED["sum of whole numbers"], {"customerid", "paid", "lines"}, set()),
        (FOLDED["two of one read"], None, set()),
        (FOLDED["the largest amount"], None, set()),
    ],
)
def test_of_rows_that_are_only_added_up_few_cells_are_wanted_and_amounts_as_they_are_spelled(
    indicators: str, cells: set[str] | None, spelled: set[str]
) -> None:
    target, child = Evaluation([model(indicators)], NOON).reads

    assert (target.cells, child.cells) == (None, cells)
    assert (set(target.spelled), set(child.spelled)) == (set(), spelled)


def test_a_lookup_that_does_not_tell_its_table_belongs_to_nobody() -> None:
    evaluation = Evaluation([model(SUM)], NOON)
    read = evaluation.reads[1]
    owned = [row for row in population()["invoice"] if row["customerid"] and row["statecode"] == 2]
    (page,) = pages(read, owned[:1], 1, True)
    assert page.typed is not None
    page.typed.objects[0].__dict__[f"t{read.columns.index('customerid')}"] = None

    with pytest.raises(RecordError, match="nothing tells the target table of customerid"):
        evaluation.add(page)


def test_a_row_that_is_read_again_counts_as_it_came_last() -> None:
    evaluation = evaluated([model(OWN["cells"], "output: {score: gs_free}")])
    read = evaluation.reads[0]
    row = {**population()["account"][0], "revenue": Decimal(4)}
    for typed in (False, True):
        (page,) = pages(read, [row], 1, typed)
        evaluation.add(page)
        assert next(evaluation.results(["a0"])).row["revenue"] == 4
