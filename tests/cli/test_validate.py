"""``gradesys validate``: lines for people, data for programs, params of an environment."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import ROOT, done

MODEL = """schema: gradesys/v1
id: m
table: account
params: {full: 100}
indicators: {x: {type: column, column: creditlimit, weight: $full}}
output: {score: gs_score}
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "m.yaml").write_text(MODEL, encoding="utf-8")
    return folder


def test_a_finding_is_a_line_with_place_severity_code_and_remedy(rules: Path) -> None:
    file = rules / "m.yaml"
    file.write_text(MODEL + "score: {maks: 1, min: x}\n", encoding="utf-8")
    found = done("validate", file)
    assert found.out.splitlines() == [
        f"{file}:7:9: error GS003: score.maks: unknown key 'maks'; did you mean 'max'?",
        f"{file}:7:18: error GS005: score.min: expected a number, got 'x'; "
        "write a value of the type that is expected",
    ]
    assert (found.err, found.code) == ("1 files, 2 errors, 0 warnings\n", 1)


def test_the_same_as_data(rules: Path) -> None:
    file = rules / "m.yaml"
    file.write_text(MODEL + "score: {maks: 1}\n", encoding="utf-8")
    answer = json.loads(done("validate", "--json", file).out)
    assert answer["errors"] == 1
    assert answer["findings"] == [
        {
            "file": str(file),
            "line": 7,
            "column": 9,
            "code": "GS003",
            "severity": "error",
            "path": "score.maks",
            "message": "unknown key 'maks'; did you mean 'max'?",
            "suggestion": "max",
        }
    ]


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        (
            MODEL.replace("weight: $full", "scored: false"),
            "5:14: warning GS050: indicators.x: is not scored and nothing uses it; "
            "use it or remove it",
        ),
        (
            MODEL + "grades: {bands: [{grade: A}, {grade: B}]}\n",
            "7:30: warning GS051: grades.bands.1: is never reached: "
            "band 'A' catches all that is left; remove it or move it up",
        ),
        (
            MODEL + "score: {groups: {fit: {max: 1}}}\n",
            "7:18: warning GS054: score.groups.fit: no indicator is in group 'fit'; "
            "fill it or remove it",
        ),
    ],
)
def test_a_warning_is_told_and_is_no_failure(rules: Path, text: str, warning: str) -> None:
    file = rules / "m.yaml"
    file.write_text(text, encoding="utf-8")
    found = done("validate", file)
    assert (found.out, found.code) == (f"{file}:{warning}\n", 0)


@pytest.mark.parametrize(
    ("params", "finding"),
    [
        ("m: {full: 7}", ""),
        ("", ""),
        ("m: {ful: 7}", "p.yaml:1:5: error GS015: m.ful: model 'm' has no param 'ful'; "),
        ("m: {full: high}", "m.yaml:5:53: error GS005: indicators.x.weight: expected a number"),
        ("m: {full: [7]}", "p.yaml:1:5: error GS005: params.full: expected a number, text"),
        ("n: {full: 7}", "p.yaml:1:1: error GS035: n: no such model 'n'; did you mean 'm'?"),
        ("m: 7", "p.yaml:1:1: error GS005: m: a map of params is needed"),
        ("[m]", "p.yaml:1:1: error GS005: a map of model ids is needed"),
    ],
)
def test_params_of_an_environment_are_checked_with_their_own_place(
    rules: Path, tmp_path: Path, params: str, finding: str
) -> None:
    file = tmp_path / "p.yaml"
    file.write_text(params, encoding="utf-8")
    found = done("validate", rules, GRADESYS_PARAMS=str(file))
    assert finding in found.out
    assert found.code == bool(finding)


def test_two_models_may_own_a_column_while_one_is_switched_off(tmp_path: Path) -> None:
    other = MODEL.replace("id: m", "id: n")
    (tmp_path / "m.yaml").write_text(MODEL, encoding="utf-8")
    (tmp_path / "n.yaml").write_text(other, encoding="utf-8")
    assert "GS031" in done("validate", tmp_path).out
    (tmp_path / "n.yaml").write_text(other + "enabled: false\n", encoding="utf-8")
    assert done("validate", tmp_path).out == ""


def test_what_is_kept_for_later_is_checked_now(rules: Path) -> None:
    keys = "history: true\nsnapshots: week\nterms: {Score: {en: A number, fa: عدد}}\n"
    (rules / "m.yaml").write_text(MODEL + keys, encoding="utf-8")
    assert done("validate", rules).out == ""
    (rules / "m.yaml").write_text(MODEL + "terms: {Score: {de: Zahl}}\n", encoding="utf-8")
    assert "unknown key 'de'" in done("validate", rules).out


@pytest.mark.parametrize("folder", ["config/rules", "config/packs"])
def test_the_rules_that_are_delivered_are_without_findings(folder: str) -> None:
    assert done("validate", ROOT / folder).out == ""
