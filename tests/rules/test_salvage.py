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


@pytest.mark.parametrize(
    ("indicator", "told"),
    [
        ("{tpye: column, column: x}", ["4", "6"]),
        ("{tpye: column, column: x, pionts: {bands: [{piont: 1}]}}", ["4", "6"]),
        ("{tpye: column, column: x, pionts: {bands: [{piont: high}]}}", ["4"]),
    ],
)
def test_mistakes_behind_mistakes_are_looked_through_five_layers_deep(
    tmp_path: Path, indicator: str, told: list[str]
) -> None:
    file = tmp_path / "deep.yaml"
    head = f"schema: gradesys/v1\nid: m\ntable: account\nindicatrs: {{x: {indicator}}}\n"
    file.write_text(
        f"{head}output: {{score: gs_score}}\nscore: {{min: 5, max: 1}}\n", encoding="utf-8"
    )

    lines = [str(problem).removeprefix(f"{file}:") for problem in examine([file], None).errors]

    assert [line.split(":")[0] for line in lines] == told
    assert "unknown key 'indicatrs'; did you mean 'indicators'?" in lines[0]


def test_a_part_under_a_misspelt_key_is_judged_where_it_stands(lines: list[str]) -> None:
    assert any(line.startswith("9:") and "bands must descend" in line for line in lines)
