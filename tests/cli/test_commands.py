"""Commands: what they print, what they refuse, and their exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import left
from tests.line.running import ROOT, free_port

BROKEN = """schema: gradesys/v1
id: broken
table: account
indicators:
  paid: {type: aggregate, of: invoice, lookup: customerid, op: summ, column: totalamount_base}
grade: {bands: [{grade: A}]}
output: {score: gs_score}
"""
SETTINGS = {
    "GRADESYS_AUTH": "none",
    "GRADESYS_DATAVERSE_URL": "http://127.0.0.1:1",
    "GRADESYS_WEBHOOK_KEYS": "k",
}


def test_a_broken_rule_file_names_every_problem_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text(BROKEN, encoding="utf-8")
    done = left(tmp_path, "validate", str(file))
    assert done.code == 1
    assert f"{file}:5:" in done.out
    assert "did you mean 'sum'" in done.out
    assert f"{file}:6:1" in done.out
    assert "did you mean 'grades'" in done.out


@pytest.mark.parametrize("folder", ["config/rules", "config/packs"])
def test_the_rules_that_are_delivered_are_valid(tmp_path: Path, folder: str) -> None:
    done = left(tmp_path, "validate", folder)
    assert (done.code, done.out) == (0, "")


def test_case_files_are_run_and_told_as_json(tmp_path: Path) -> None:
    done = left(tmp_path, "test", "config/packs/tests", "--packs", "config/packs", "--json")
    answer = json.loads(done.out)
    assert (done.code, answer["failed"]) == (0, 0)
    assert answer["passed"] == len(answer["cases"]) > 0
    assert {"file", "name", "ok", "expected", "actual"} <= set(answer["cases"][0])


def test_a_failing_case_says_what_differs(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(
        """
model: {table: account, indicators: {x: {type: column, column: revenue_base}}}
tables: {account: [{accountid: a1, revenue_base: 5}]}
cases:
  - {name: wrong on purpose, as_of: "2026-06-15T12:00:00+03:30", record: a1, expect: {score: 6}}
""",
        encoding="utf-8",
    )
    done = left(tmp_path, "test", str(file))
    assert done.code == 1
    assert "wrong on purpose" in done.out
    assert "score: expected 6" in done.out
    assert "0 passed, 1 failed" in done.out


@pytest.mark.parametrize(
    ("arguments", "settings", "code", "says"),
    [
        (["resync", "--nonsense"], {}, 2, "No such option"),
        (["explain", "account", "no-guid"], {}, 2, "not a record id"),
        (["explain"], {}, 2, "name a table and a record"),
        (["explain", "--compiled", "nobody"], {}, 3, "GRADESYS_DATAVERSE_URL"),
        (["resync", "--as-of", "yesterday"], {}, 2, "not an ISO instant"),
        (["resync"], {}, 3, "GRADESYS_DATAVERSE_URL"),
        (["deploy", "plan"], {"GRADESYS_DATAVERSE_URL": "http://crm.example.com"}, 3, "https"),
        (["deploy", "plan"], SETTINGS | {"GRADESYS_WEBHOOK_KEYS": ""}, 3, "GRADESYS_WEBHOOK_KEYS"),
    ],
)
def test_what_is_wrong_is_said_with_its_exit_code(
    tmp_path: Path, arguments: list[str], settings: dict[str, str], code: int, says: str
) -> None:
    done = left(tmp_path, *arguments, **settings)
    assert done.code == code
    assert says in done.err


def test_an_unreachable_org_is_exit_code_four(tmp_path: Path) -> None:
    address = f"http://127.0.0.1:{free_port()}"
    done = left(tmp_path, "resync", **(SETTINGS | {"GRADESYS_DATAVERSE_URL": address}))
    assert done.code == 4


def test_status_needs_no_org_and_always_succeeds(tmp_path: Path) -> None:
    done = left(tmp_path, "status", "--json")
    assert (done.code, json.loads(done.out)["dirty"]) == (0, 0)


def test_the_function_of_a_rule_file_is_printed(tmp_path: Path) -> None:
    done = left(tmp_path, "explain", "--compiled", "config/rules/customer_grade.yaml")

    assert done.code == 0
    lines = [line.strip() for line in done.out.splitlines()]
    assert "# paid_invoices: sum of invoice; of each record a few figures in memory" in lines
    assert "if score >= d_80: raw = 'A'" in lines


def test_the_command_is_a_process_with_an_exit_code(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "gradesys", "validate", str(tmp_path / "nowhere.yaml")]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "nowhere.yaml" in ended.stderr


def test_help_names_every_command(tmp_path: Path) -> None:
    done = left(tmp_path, "--help")
    for command in (
        "validate",
        "test",
        "explain",
        "resync",
        "recompute",
        "serve",
        "status",
        "deploy",
        "demo",
        "schema",
    ):
        assert f"  {command} " in done.out
