"""Formulas of plain signs are written as one run of operators, and give what their steps give."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gradesys.errors import RecordError
from gradesys.rules.arithmetic import computed
from gradesys.rules.state import NOTHING
from gradesys.rules.tally import Facts
from tests.rules.moments import NOON
from tests.rules.scored import card, compiled

D = Decimal
FORMULA = (
    "indicators: {a: {type: column, column: a, scored: false}, b: {type: column, column: b,"
    " scored: false}, x: {type: expression, expression: '(ratio(a, b, -1) + 0) * 100'}}}"
)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("7", "3", "233.3333333333333333333333333"),
        ("true", "4", "25"),
        ("true", "true", "100"),
        ("true", "false", "-100"),
        ("7", "0", "-100"),
        ("null", "3", "-100"),
        ("7", "null", "-100"),
    ],
)
def test_a_formula_of_plain_signs_gives_what_its_steps_give(a: str, b: str, expected: str) -> None:
    assert card(FORMULA, f"a: {a}, b: {b}").values["x"] == D(expected)


def test_a_formula_of_plain_signs_notes_what_is_too_large() -> None:
    facts = Facts({"a": D("9e999999"), "b": D(1)}, {}, NOON)

    found = computed(compiled(FORMULA).scorer.run, facts, NOTHING)

    assert (found.values["x"], found.notes) == (None, ("number too large",))


@pytest.mark.parametrize("kind", ["text", "2026-06-15"])
def test_a_formula_of_plain_signs_refuses_what_is_no_number(kind: str) -> None:
    model = (
        "indicators: {a: {type: column, column: a, scored: false},"
        " x: {type: expression, expression: 'a * 2 + 1'}}}"
    )

    with pytest.raises(RecordError, match="a number is needed"):
        card(model, f"a: {kind}")


@pytest.mark.parametrize(
    ("text", "expected", "notes"),
    [
        ("a" + " + 1" * 30, "35", ()),
        ("a" + " + 1" * 60, "65", ()),
        ("(a / 0)" + " + 1" * 60, None, ("division by zero",)),
        ("(a > 1) + a + 1", "7", ()),
        ("yes + a + 1", "7", ()),
    ],
)
def test_a_long_formula_of_plain_signs_is_written_in_pieces(
    text: str, expected: str | None, notes: tuple[str, ...]
) -> None:
    model = (
        "params: {yes: true}, indicators: {a: {type: column, column: a, scored: false},"
        f" x: {{type: expression, expression: '{text}'}}}}}}"
    )

    found = card(model, "a: 5")

    assert found.values["x"] == (None if expected is None else D(expected))
    assert found.notes == notes
