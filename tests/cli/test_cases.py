"""``gradesys test``: what differs, for people, programs and build servers; coverage; boundaries."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.running import ROOT, done

RULES = """schema: gradesys/v1
id: m
table: account
population: {statecode: 0}
indicators:
  spend:
    type: aggregate
    of: invoice
    lookup: customerid
    op: sum
    column: totalamount_base
    filter: {statecode: [2], totalamount_base: {gt: -100}}
    window: {date: createdon, last: 1 month}
    points: {bands: [{points: 0}, {min: 10, points: 50}, {min: 20, points: 100}]}
  class: {type: column, column: accountclass, points: {map: {1: 5, vip: 10}, otherwise: 0}}
  visits: {type: aggregate, of: task, lookup: regardingobjectid, op: count,
           points: {rules: [{if: value >= 3, points: 7}, {points: 1}]},
           weight: {rules: [{if: spend > 15, weight: 2}], otherwise: 1}}
grades:
  bands: [{grade: A, min: 100}, {grade: B, min: 50}, {grade: C}]
  rules: [{if: visits > 5, at_least: B}]
output: {score: gs_score}
"""
CASES = """rules: m.yaml
tables: {account: [{accountid: a1, statecode: 0}]}
cases:
  - {name: nothing, as_of: "2026-06-15T12:00:00+03:30", record: a1,
     expect: {score: 2, grade: C, points: {spend: 0, visits: 7}, values: {class: vip}, reasons: []}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "m.yaml").write_text(RULES, encoding="utf-8")
    (tmp_path / "cases.yaml").write_text(CASES, encoding="utf-8")
    return tmp_path


def test_only_what_differs_is_told_field_by_field(folder: Path) -> None:
    found = done("test", folder / "cases.yaml")
    assert found.out.splitlines()[1:] == [
        "  score: expected 2, got 1.00",
        "  points.visits: expected 7, got 1",
        "  values.class: expected vip, got null",
        "0 passed, 1 failed",
    ]
    assert found.code == 1


def test_the_differences_as_data(folder: Path) -> None:
    answer = json.loads(done("test", "--json", folder / "cases.yaml").out)
    (case,) = answer["cases"]
    assert case["differences"][0] == {"field": "score", "expected": "2", "actual": "1.00"}
    assert case["actual"]["score"] == 1


def test_a_build_server_reads_junit(folder: Path) -> None:
    (folder / "broken.yaml").write_text("cases: [{name: lost, record: x}]", encoding="utf-8")
    done("test", folder / "cases.yaml", folder / "broken.yaml", "--junit", folder / "j.xml")
    suites = ElementTree.parse(folder / "j.xml").getroot()
    assert [(suite.get("tests"), suite.get("failures")) for suite in suites] == [("1", "1")] * 2
    failure = suites[0][0].find("failure")
    assert failure is not None
    assert failure.get("message") == "score: expected 2, got 1.00"


def test_coverage_names_what_no_case_notices(folder: Path) -> None:
    lines = done("test", "--coverage", folder / "cases.yaml").out.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("m: "))
    assert lines[start] == "m: 5 of 16 parts touched"
    assert [line.removeprefix("  no case touches ") for line in lines[start + 1 : -1]] == [
        "population: a row outside",
        "indicators.spend.points.bands.1.points",
        "indicators.spend.points.bands.2.points",
        "indicators.class.points.map.1",
        "indicators.class.points.map.vip",
        "indicators.class.points.otherwise",
        "indicators.visits.points.rules.0.points",
        "indicators.visits.weight.rules.0.weight",
        "grades.bands.0 (A)",
        "grades.bands.1 (B)",
        "grades.rules.0",
    ]


LEAN = """schema: gradesys/v1
id: lean
table: account
indicators:
  x: {type: column, column: n, points: {map: {1: 1}}}
  y: {type: column, column: m, points: {linear: {from: [0, 1], to: [0, 1]}}, weight: WEIGHT}
  name: {type: column, column: name, scored: false}
output: {score: gs_score}
"""
LEAN_CASES = """rules: lean.yaml
tables: {account: [{accountid: a1, n: 1, m: 1, name: tea}, {accountid: a2, n: 5, m: 1}]}
cases:
  - {name: fails, as_of: "2026-06-15T12:00:00Z", record: nobody}
"""
WEIGHT = "{rules: [{if: points(x) > 1 and name > 3, weight: 2}]}"
NULLS = [f"indicators.{name}: a null value" for name in ("x", "y", "name")]


@pytest.mark.parametrize(
    ("weight", "cases", "untouched"),
    [
        # One more point would make the weight fail: the case notices.
        (WEIGHT, ["record: a1"], [NULLS[0], "indicators.y.weight.rules.0.weight", *NULLS[1:]]),
        ("1", ["record: a1"], NULLS),
        ("1", ["record: a2"], ["indicators.x.points.map.1", *NULLS[:2]]),
        (
            "1",
            ["record: a2", "record: a1, model: {indicators: {x: {points: identity}}}"],
            ["indicators.x.points.map.1", *NULLS[:2]],
        ),
        (
            "1",
            ["record: a2", "record: a1, model: {indicators: {x: null}}"],
            ["indicators.x.points.map.1", *NULLS[:2]],
        ),
    ],
)
def test_a_part_is_touched_only_by_cases_that_run_and_whose_model_has_it(
    tmp_path: Path, weight: str, cases: list[str], untouched: list[str]
) -> None:
    (tmp_path / "lean.yaml").write_text(LEAN.replace("WEIGHT", weight), encoding="utf-8")
    listed = [
        f'  - {{name: "{n}", as_of: "2026-06-15T12:00:00Z", {case}}}\n'
        for n, case in enumerate(cases)
    ]
    (tmp_path / "c.yaml").write_text(LEAN_CASES + "".join(listed), encoding="utf-8")
    lines = done("test", "--coverage", tmp_path / "c.yaml").out.splitlines()
    told = [line for line in lines if "no case touches" in line]
    assert [line.removeprefix("  no case touches ") for line in told] == untouched


def test_generated_boundaries_pass_and_touch_every_band(folder: Path) -> None:
    target = folder / "boundaries.yaml"
    made = done("test", folder / "m.yaml", "--generate", target)
    text = target.read_text(encoding="utf-8")
    assert text.startswith("# Generated by gradesys test --generate")
    assert "what the engine computes now" in text
    for name in (
        "nothing is known",
        "outside the population",
        "spend below 10",
        "spend at 10",
        "spend above 10",
        "spend: the first day",
        "spend: the day after the window",
        "score just below 50 (B)",
        "score just at 100 (A)",
    ):
        assert f'- name: "{name}"' in text, (name, made.err)
    again = done("test", "--coverage", target)
    assert again.code == 0, again.out
    assert "bands" not in again.out


def test_generated_window_ends_lie_inside_and_outside(folder: Path) -> None:
    target = folder / "boundaries.yaml"
    done("test", folder / "m.yaml", "--generate", target)
    answer = json.loads(done("test", "--json", target).out)
    values = {case["name"]: case["actual"]["values"].get("spend") for case in answer["cases"]}
    assert [
        values[f"spend: {which}"]
        for which in (
            "the day before the window",
            "the first day",
            "the last day",
            "the day after the window",
        )
    ] == [0, 1, 1, 0]


def test_boundaries_are_of_one_rule_file() -> None:
    packs = ROOT / "config" / "packs"
    with pytest.raises(Exception, match="one rule file"):
        done("test", packs, "--generate", packs / "no.yaml")
