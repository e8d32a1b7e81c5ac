"""The explanation's one schema, and its exact sum (rules.md section 14)."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from gradesys.records import Ref, Value
from gradesys.rules.account import ADDITIVE
from gradesys.rules.cells import read_rows
from gradesys.rules.document import Document
from gradesys.rules.explanation import STORED_LENGTH, explain, explanation_text, json_value
from gradesys.rules.parse import parse_data
from gradesys.rules.tables import MemoryTable, TableStore
from tests.oracle.generate import random_case
from tests.oracle.values import exact
from tests.rules.drawn import ours, scored
from tests.rules.scored import card, compiled

MODEL = """
  id: demo, indicators: {
    paid: {type: column, column: paid, weight: 0.7, max_points: 80, title: {en: Paid, fa: پرداخت}},
    third: {type: expression, expression: paid / 3, group: g, reason: few},
    name: {type: column, column: name, points: {map: {tea: 5}}, group: g}},
  score: {groups: {g: {max: 20}}, base: 1, max: 70, scale: {from: [0, 100], to: [0, 90]}},
  grades: {bands: [{grade: A, min: 80, title: {en: Top}}, {grade: B}]}}
"""


def part(indicator: str, **told: object) -> dict[str, object]:
    """A part without title, fold and cap unless told."""
    plain: dict[str, object] = {"title": None, "reason": None, "rows": None, "window": None}
    plain |= {"weight": "1", "lost_to_cap": "0"}
    return {"indicator": indicator, **plain, **told}


def test_the_document_tells_every_step() -> None:
    told = explain(compiled(MODEL).model, card(MODEL, "paid: 100.5, name: tea"))

    assert told == {
        "model": "demo",
        "version": compiled(MODEL).version,
        "as_of": "2026-06-15T08:30:00Z",
        "score": "69.30",
        "grade": "B",
        "raw_grade": "B",
        "parts": [
            part(
                "paid",
                title={"en": "Paid", "fa": "پرداخت"},
                value="100.5",
                points="80",
                weight="0.7",
                contribution="56.0",
                lost_to_cap="20.5",
            ),
            part("third", reason="few", value="33.5", points="33.5", contribution="33.5"),
            part("name", value="tea", points="5", contribution="5"),
        ],
        "base": "1",
        "groups": {"g": "-18.5"},
        "scale": "-7.7",
        "rounding": "0.00",
        "notes": [],
        "next_grade": {"grade": "A", "title": {"en": "Top"}, "missing": "10.70"},
    }


def added_up(told: dict[str, Any]) -> Decimal:
    parts = [part["contribution"] for part in told["parts"]]
    others = [told["others"]["contribution"]] if "others" in told else []
    pieces = [*parts, *others, *told["groups"].values()]
    return sum(map(Decimal, [*pieces, told["base"], told["scale"], told["rounding"]]), Decimal(0))


@pytest.mark.parametrize("combine", ["sum", "weighted_average"])
@pytest.mark.parametrize("limit", [STORED_LENGTH, 2000, 900, 600])
def test_the_smallest_parts_are_folded_and_the_sum_stays(combine: str, limit: int) -> None:
    names = [f"indicator_{number}" for number in range(40)]
    texts = [
        f"{name}: {{type: expression, expression: x / {i + 3}}}" for i, name in enumerate(names)
    ]
    model = (
        f"score: {{combine: {combine}}}, indicators: {{x: {{type: column, column: x}},"
        f" {', '.join(texts)}}}}}"
    )
    scored = card(model, "x: 1000")

    text = explanation_text(compiled(model).model, scored, limit)

    assert text is not None and len(text) <= limit
    told = json.loads(text)
    assert added_up(told) == Decimal(told["score"]) == scored.score
    kept = [abs(Decimal(part["contribution"])) for part in told["parts"]]
    assert len(kept) + int(told["others"]["parts"]) == 41
    assert not kept or min(kept) >= max(
        abs(part.contribution)
        for part in scored.breakdown.parts
        if part.indicator not in {shown["indicator"] for shown in told["parts"]}
    )


def test_notes_go_when_even_no_part_fits() -> None:
    scored = card("indicators: {x: {type: expression, expression: 1 / 0}}}")
    model = compiled("indicators: {x: {type: expression, expression: 1 / 0}}}").model
    whole = explanation_text(model, scored)
    assert whole is not None
    shortest = explanation_text(model, scored, 10)
    assert shortest is not None
    assert (json.loads(whole)["notes"], json.loads(shortest)["notes"]) == (
        ["division by zero"],
        [],
    )


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (datetime.fromisoformat("2026-06-15T08:30"), "2026-06-15T08:30:00"),
        (datetime(2026, 6, 15, 8, 30, tzinfo=UTC), "2026-06-15T08:30:00Z"),
        (date(2026, 6, 15), "2026-06-15"),
        (Ref("account", "a1"), "a1"),
    ],
)
def test_a_time_is_told_with_its_zone_only_if_it_has_one(value: Value, told: str) -> None:
    assert json_value(value) == told


def test_there_is_none_outside_the_population() -> None:
    model = f"population: {{paid: 5}}, {MODEL}"

    assert explanation_text(compiled(model).model, card(model, "paid: 4")) is None


def test_notes_say_what_could_not_be_computed() -> None:
    scored = card("indicators: {x: {type: expression, expression: 1 / 0}}}")

    assert scored.notes == ("division by zero",)


def test_a_part_tells_the_days_of_its_window() -> None:
    rows = "type: aggregate, of: invoice, lookup: customerid, op: count"
    model = (
        f"indicators: {{x: {{{rows}, window: {{date: due, last: 1 day}}}},"
        f" y: {{{rows}, window: {{date: due, to: 2026-06-15}}}}}}}}"
    )

    x, y = explain(compiled(model).model, card(model))["parts"]

    assert (x["window"], y["window"]) == (["2026-06-15", "2026-06-16"], [None, "2026-06-15"])


def test_a_long_text_value_is_shortened() -> None:
    model = "indicators: {x: {type: column, column: t, points: {map: {a: 1}, otherwise: 2}}}}"

    (told,) = explain(compiled(model).model, card(model, f"t: {'b' * 500}"))["parts"]

    assert told["value"] == "b" * 199 + "…"


@pytest.mark.random
def test_random_sums_and_averages_add_up_in_ordinary_arithmetic() -> None:
    added = 0
    for seed in range(200):
        case = ours(exact(random_case(seed, "full")))
        if case["model"]["score"].get("combine") not in ADDITIVE:
            continue
        tables = {n: MemoryTable(n, read_rows(n, rows, {})) for n, rows in case["tables"].items()}
        found = scored(case, None, TableStore(tables))
        assert found is not None
        scorecard = found.cards["case"]
        if scorecard.score is not None:
            model = parse_data(Document(case["model"], "random"))
            assert added_up(explain(model, scorecard)) == scorecard.score
            added += 1
    assert added > 20
