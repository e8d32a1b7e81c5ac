"""Every problem of a file is told at once, also behind what keeps it from being read."""

from __future__ import annotations

from pathlib import Path

import pytest

from gradesys.rules.rulefiles import examine

FILE = """schema: gradesys/v1
id: broken
table: account
indicators:
  paid: {type: aggregate, of: invoice, lookup: customerid, op: summ, column: totalamount_base}
  bad: {type: colum, column: x}
  line: {type: column, column: revenue, points: {linear: {from: [5, 5], to: [0, 1]}}}
  sum: {type: expression, expression: "bad + 1"}
grade: {bands: [{grade: A, min: 10}, {grade: B, min: 50}]}
score: {decimals: two}
output: {score: gs_score, grade: gs_grade}
"""


@pytest.fixture
def lines(tmp_path: Path) -> list[str]:
    """The complaints, without the file's name."""
    file = tmp_path / "broken.yaml"
    file.write_text(FILE, encoding="utf-8")
    errors = examine([file], None).errors
    return [str(problem).removeprefix(f"{file}:") for problem in errors]


def test_every_problem_is_told_at_once_in_the_order_of_the_file(lines: list[str]) -> None:
    assert [line.split(":")[0] for line in lines] == ["5", "6", "7", "9", "9", "10"]


def test_what_follows_only_from_what_was_left_out_is_not_told(lines: list[str]) -> None:
    assert not [line for line in lines if line.startswith(("8:", "11:"))]


def test_mistakes_too_deep_inside_one_another_are_told_one_layer_at_a_time(tmp_path: Path) -> None:
    file = tmp_path / "deep.yaml"
    inside = "{tpye: column, column: x, pionts: {bnads: []}}"
    text = f"schema: gradesys/v1\nid: m\ntable: account\nindicatrs: {{x: {inside}}}\n"
    file.write_text(f"{text}output: {{score: gs_score}}\n", encoding="utf-8")

    (problem,) = examine([file], None).errors

    assert "unknown key 'indicatrs'; did you mean 'indicators'?" in str(problem)


def test_a_part_under_a_misspelt_key_is_judged_where_it_stands(lines: list[str]) -> None:
    assert any(line.startswith("9:") and "bands must descend" in line for line in lines)
