"""A model as one generated function: it can be read, and nothing an author wrote becomes code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from decimal import Context, Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradesys.errors import RecordError
from gradesys.rules.arithmetic import computed, computing
from gradesys.rules.compile import compile_model
from gradesys.rules.cutpoints import NO_CUTS, Cutpoints
from gradesys.rules.document import Document
from gradesys.rules.emit.module import NAMES
from gradesys.rules.emit.rows import row_function
from gradesys.rules.expressions import compile_expression
from gradesys.rules.parse import parse_data
from gradesys.rules.state import NOTHING
from gradesys.rules.tally import Facts
from tests.rules.moments import NOON, Names, evaluated
from tests.rules.scored import card, compiled

D = Decimal
HOSTILE = st.text(st.characters(exclude_categories=()), min_size=1) | st.sampled_from(
    [
        "x\n    import os",
        "x\r    __import__('os')",
        "'); raise SystemExit; ('",
        '"""',
        "# }",
        "x\u2028y",
        "\\",
        "{x}",
        "class",
        "None",
        "row",
        "f_min",
        "ناشناس",
    ]
)
ATTRIBUTES = {
    *("row", "folds", "moment", "cuts", "get", "append", "value", "rows", "notes", "items"),
    *("values", "quantiles", "grades", "day", "isoformat", "today", "is_finite", "grade"),
    "__class__",
}
"""All that generated code may ask of an object."""


def hostile_model(texts: list[str]) -> dict[str, Any]:
    """A model that has these texts wherever an author may write one."""
    first, second, third = texts
    row = {"of": "invoice", "lookup": "customerid", "op": "sum", "row_expression": "x / 1"}
    return {
        "id": third,
        "table": "account",
        "params": {"limit": second},
        "indicators": {
            f"a {first}": {"type": "column", "column": first, "default": third},
            f"b {second}": {"type": "aggregate", **row, "reason": third, "max_points": D(3)},
            "c": {
                "type": "column",
                "column": third,
                "points": {"map": {first: D(1), second: D(2)}},
            },
            "d": {"type": "expression", "expression": "1 if limit == 'x' else 2", "group": first},
        },
        "score": {"groups": {first: {"max": D(1)}}},
        "reasons": {},
        "grades": {
            "bands": [{"grade": f"1 {first}", "min": D(5)}, {"grade": f"2 {second}"}],
            "unknown": third,
            "rules": [{"if": "score > 1", "set": third}],
        },
        "manual": {"grade_column": first, "until_column": second},
        "lock_column": third,
        "output": {},
    }


def is_no_param(text: str) -> bool:
    """False for what stands for a param that nobody gave."""
    return not text.startswith("$")


def source_of(model: dict[str, Any]) -> str:
    return compile_model(parse_data(Document(model, "hostile")), None).scorer.source


def used(tree: ast.AST) -> Iterator[str]:
    """Every name that the code reads or writes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id


@settings(deadline=None, max_examples=60)
@given(st.lists(HOSTILE.filter(is_no_param), min_size=3, max_size=3, unique=True))
def test_nothing_an_author_wrote_becomes_code(texts: list[str]) -> None:
    plain = source_of(hostile_model(["x", "y", "z"]))

    tree = ast.parse(source_of(hostile_model(texts)))

    *constants, function = tree.body
    assert isinstance(function, ast.FunctionDef)
    assert all(isinstance(each, ast.Assign) for each in constants)
    kinds = {type(node) for node in ast.walk(ast.parse(plain))} | {ast.BitOr}
    assert {type(node) for node in ast.walk(tree)} <= kinds
    assert all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) for name in used(tree))
    asked = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert asked <= ATTRIBUTES


def test_generated_code_has_no_builtins() -> None:
    found = compiled("indicators: {x: {type: column, column: x}}}").scorer.run.__globals__

    assert found["__builtins__"] == {}
    assert not {"open", "eval", "exec", "getattr", "__import__"} & {*NAMES, *found}


@pytest.mark.parametrize(
    "name", ["min", "row", "class", "score.x", "x-y", "1st", "فروش خالص", "d 80", "note"]
)
def test_any_name_is_an_indicator(name: str) -> None:
    found = card(
        f"indicators: {{'{name}': {{type: column, column: x}}, 'x y': {{type: column, column: y}},"
        " x_y: {type: expression, expression: 'max(2, 3)'}}}",
        "x: 40, y: 2",
    )

    assert (found.score, found.values[name]) == (D(45), D(40))


def test_the_source_tells_the_steps_in_the_order_of_the_rules() -> None:
    source = compiled(
        "indicators: {late: {type: expression, expression: early + 1, scored: false},"
        " early: {type: column, column: paid, points: {bands: [{min: 10, points: 5}]}}},"
        " score: {combine: weighted_average}, grades: {bands: [{grade: A, min: 80}]}}"
    ).scorer.source

    told = [line.strip() for line in source.splitlines() if line.strip().startswith("#")]
    assert told == [
        "# late: early + 1",
        "# points of early: bands",
        "# score: weighted_average",
        "# grade by score",
    ]
    assert "    v_late = add(v_early, d_1, (notes := notes or []).append)" in source
    assert "v_early = row['paid']" in source
    assert "elif v_early >= d_10: l_early = at_5_makes_5" in source
    assert "at_5_makes_5 = (Decimal('5'), Decimal('5'), Decimal('5'))" in source
    assert "elif score >= d_80: raw = 'A'" in source


def test_the_source_stays_as_it_was_when_records_are_scored() -> None:
    model = compiled("indicators: {tier: {type: column, column: tier, points: {map: {Gold: 5}}}}}")
    before = model.scorer.source

    found = computed(model.scorer.run, Facts({"tier": "GOLD"}, {}, NOON), NOTHING)

    assert found.score == 5
    assert "TextMap({'gold': " in before
    assert model.scorer.source == before


@pytest.mark.parametrize("depth", [10, 60, 240])
def test_deep_expressions_keep_their_order_and_stop_early(depth: int) -> None:
    deep = "+".join(["x"] * depth)

    assert evaluated(deep, {"x": D(1)}) == depth
    assert evaluated(f"1 if x else 1 / 0 + {deep}", {"x": D(1)}) == 1


@pytest.mark.parametrize(
    ("cuts", "points", "notes"),
    [
        (Cutpoints({"خرید": [D(5), D(9)]}, day=NOON.today), 2, ("cut points of 2026-06-15",)),
        (NO_CUTS, 0, ("provisional: خرید has no cut points yet",)),
    ],
)
def test_cut_points_are_found_by_the_name_as_it_was_written(
    cuts: Cutpoints, points: int, notes: tuple[str, ...]
) -> None:
    model = compiled(
        "indicators: {خرید: {type: column, column: x,"
        " points: {quantiles: 3, points: [1, 2, 3]}}}, grades: {bands: [{grade: A}]}}"
    )

    found = computed(model.scorer.run, Facts({"x": D(7)}, {}, NOON, cuts), NOTHING)

    assert (found.points, found.notes) == ({"خرید": D(points)}, notes)


def test_a_chain_evaluates_its_middle_once() -> None:
    scope = Names({"x": D(1)})
    with computing():
        row_function(compile_expression("0 < x + 1 / 0 < 3"))(scope)
        row_function(compile_expression("0 < x + 1 < 3 < 1 / 0"))(scope)

    assert scope.notes == ["division by zero", "division by zero"]


EXACT = "indicators: {a: {type: column, column: a, points: {linear: {from: [0, 3], to: [0, 1]}}}}}"


@pytest.mark.parametrize("callers", [Context(prec=5), Context(prec=60)])
def test_the_callers_decimal_context_plays_no_part(callers: Context) -> None:
    with localcontext(callers):
        inside = card(EXACT, "a: 2")
        after = D(1) / D(3)

    assert inside.points["a"] == D("0.6666666666666666666666666667")
    assert after == callers.divide(D(1), D(3))


@pytest.mark.parametrize(
    "score",
    ["{}", "{max: 5}", "{combine: max}", "{groups: {g: {max: 5}}}", "{combine: weighted_average}"],
)
def test_a_score_that_is_no_number_is_an_error_of_the_record(score: str) -> None:
    model = (
        f"score: {score}, indicators: {{a: {{type: expression, expression: '10 ** 16 ** 4 ** 16',"
        " group: g, weight: 1e300}, b: {type: column, column: b, group: g, weight: 1e300}}}"
    )
    huge = D("9e999999")

    with pytest.raises(RecordError, match="a number is too large"):
        computed(compiled(model).scorer.run, Facts({"b": huge}, {}, NOON), NOTHING)


DECIDED = """
  indicators: {
    a: {type: column, column: a, reason: low_a,
        points: {bands: [{points: 0}, {min: 5, points: 10}]},
        weight: {rules: [{if: value > 8, weight: 2}, {if: points(a) == 0, weight: -1}],
                 otherwise: 3}},
    b: {type: column, column: b, reason: low_b, max_points: 7, min_points: -2,
        weight: {rules: [{if: b < 0, weight: -1}]}}},
  reasons: {count: 1}}
"""


@pytest.mark.parametrize(
    ("row", "score", "reasons"),
    [
        ("a: 9, b: 1", "21", ("low_b",)),
        ("a: 5, b: 7", "37", ()),
        ("a: 1, b: 6", "6", ("low_b",)),
        ("a: 1, b: -1", "1", ("low_b",)),
        ("b: 7", "7", ()),
    ],
)
def test_rules_decide_a_weight_and_with_it_the_baseline(
    row: str, score: str, reasons: tuple[str, ...]
) -> None:
    found = card(DECIDED, row)

    assert (found.score, found.reasons) == (D(score), reasons)
