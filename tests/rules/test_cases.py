"""Case files: the shipped ones pass, wrong ones fail entry by entry (rules.md 13 and 15.9)."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gradesys.rules.cases import CaseResult, run_file, run_files
from gradesys.rules.document import CASES_LIMIT

ROOT = Path(__file__).parents[2]
PACKS = ROOT / "config" / "packs"
SHIPPED = sorted([*(PACKS / "tests").glob("*.yaml"), *(ROOT / "tests" / "cases").glob("*.yaml")])

NOON = 'as_of: "2026-06-15T12:00:00+03:30"'
MODEL = "model: {table: account, indicators: {x: {type: column, column: n}}}"
TABLES = 'tables: {account: [{accountid: A1, n: 5.004, d: "2026-06-15"}]}'


def ran(tmp_path: Path, text: str) -> list[CaseResult]:
    file = tmp_path / "some.yaml"
    file.write_text(text, encoding="utf-8")
    return run_file(file, PACKS)


def one(tmp_path: Path, case: str, head: str = f"{MODEL}\n{TABLES}") -> CaseResult:
    """The result of a file with this one case."""
    (result,) = ran(tmp_path, f"{head}\ncases: [{{name: c, {case}}}]")
    return result


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_every_shipped_case_passes(file: Path) -> None:
    results = run_file(file, PACKS)

    assert results
    assert [(result.name, result.error, result.actual) for result in results if not result.ok] == []


def test_rule_files_hold_no_cases() -> None:
    assert run_files(sorted(PACKS.glob("*.yaml")), PACKS) == []


@pytest.mark.parametrize(
    ("expect", "ok"),
    [
        ("score: 5", True),
        ("score: 5.00", True),
        ("score: 5.004", False),
        ("values: {x: 5.00}", True),
        ("values: {x: 5.004}", True),
        ("values: {x: 5.01}", False),
        ("values: {y: null}", False),
        ("points: {x: 5}", True),
        ("grade: null", True),
        ("grade: A", False),
        ("in_population: true", True),
        ("in_population: 1", False),
        ("reasons: []", True),
        ("reasons: [a]", False),
        ("", True),
    ],
)
def test_only_what_is_named_is_compared(tmp_path: Path, expect: str, ok: bool) -> None:
    result = one(tmp_path, f"{NOON}, record: a1, expect: {{{expect}}}")

    assert (result.ok, result.error) == (ok, "")


def test_the_actual_result_tells_everything(tmp_path: Path) -> None:
    result = one(tmp_path, f"{NOON}, record: a1, expect: {{score: 5}}")

    assert result == CaseResult(
        file=str(tmp_path / "some.yaml"),
        name="c",
        ok=True,
        expected={"score": Decimal(5)},
        actual={
            "score": Decimal("5.00"),
            "grade": None,
            "raw_grade": None,
            "earned": None,
            "in_population": True,
            "below_since": None,
            "values": {"x": Decimal("5.004")},
            "points": {"x": Decimal("5.004")},
            "reasons": [],
        },
    )


def test_dates_and_lookups_are_compared_by_kind(tmp_path: Path) -> None:
    head = """
model: {table: account, indicators: {d: {type: column, column: d, scored: false},
  i: {type: column, column: i, scored: false}, o: {type: column, column: ownerid, scored: false}}}
tables: {account: [{accountid: 7, d: "2026-06-15", i: "2026-06-15T01:00:00+03:30",
  ownerid: U1, ownerid@type: systemuser}]}"""
    expect = '{values: {d: "2026-06-15", i: "2026-06-14T21:30:00Z", o: u1}}'

    result = one(tmp_path, f"{NOON}, record: 7, expect: {expect}", head)

    assert result.ok
    assert result.actual["values"] == {"d": "2026-06-15", "i": "2026-06-14T21:30:00Z", "o": "u1"}


GRADED = (
    f"{TABLES}\nmodel: {{table: account, indicators: {{x: {{type: column, column: n}}}},"
    " grades: {downgrade: {hold: 9 days}, bands: [{grade: A, min: 9}, {grade: B}]}}"
)


@pytest.mark.parametrize(
    ("previous", "expect"),
    [
        ("{grade: A}", "{earned: A, below_since: '2026-06-15'}"),
        ("{grade: A, earned: B}", "{earned: B, below_since: null}"),
        ("{grade: A, below_since: '2026-06-07'}", "{earned: A, below_since: '2026-06-07'}"),
        ("{grade: A, below_since: '2026-06-06', score: 9}", "{earned: B, below_since: null}"),
        ("null", "{earned: B}"),
    ],
)
def test_the_previous_state_is_the_cases(tmp_path: Path, previous: str, expect: str) -> None:
    text = f"{NOON}, record: a1, previous: {previous}, expect: {expect}"

    assert one(tmp_path, text, GRADED).ok


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (f"{NOON}, record: nobody", "no row 'nobody' in account"),
        (NOON, "missing key 'record'"),
        ("record: a1", "as_of: an instant with offset is needed"),
        ('as_of: "2026-06-15T12:00:00", record: a1', "as_of: an instant with offset is needed"),
        ('as_of: "2026-06-15", record: a1', "as_of: an instant with offset is needed"),
        (f"{NOON}, record: a1, expects: {{}}", "did you mean 'expect'?"),
        (f"{NOON}, record: a1, expect: {{scores: 1}}", "expect.scores: unknown key"),
        (f"{NOON}, record: a1, expect: 5", "expect: a map is needed"),
        (f"{NOON}, record: a1, previous: {{grades: A}}", "previous.grades: unknown key"),
        (f"{NOON}, record: a1, previous: {{below_since: soon}}", "a date is needed"),
        (f"{NOON}, record: a1, previous: {{score: high}}", "a number is needed"),
        (f"{NOON}, record: a1, pack: customer_grad", "did you mean 'customer_grade'?"),
        (f"{NOON}, record: a1, pack: [customer_grade]", "pack: a text is needed"),
        (f"{NOON}, record: a1, model: {{tabel: account}}", "did you mean 'table'?"),
        (f"{NOON}, record: a1, model: {{score: {{min: 5, max: 1}}}}", "score.max"),
        (f"{NOON}, record: a1, tables: {{account: [{{n: 1}}]}}", "primary key 'accountid'"),
        (f"{NOON}, record: a1, tables: {{account: 5}}", "a table is a list of rows"),
        (
            f"{NOON}, record: a1, tables: {{account: [{{accountid: a1, n: [1]}}]}}",
            "tables.account.0.n: a cell is a scalar",
        ),
        (
            f"{NOON}, record: a1, tables: {{account: [{{accountid: a1, ownerid: u1}}]}}",
            "tables.account.0.ownerid: a lookup to several tables needs 'ownerid@type'",
        ),
        (
            f"{NOON}, record: a1, model: {{indicators: {{x: {{column: my_thing.n}}}}}},"
            " tables: {account: [{accountid: a1, my_thing: t1}]}",
            "nothing tells the target table of my_thing",
        ),
        (
            f"{NOON}, record: a1, tables: {{account: [{{accountid: a1, n: much}}]}}",
            "a number is needed",
        ),
    ],
)
def test_a_wrong_case_fails_with_its_reason(tmp_path: Path, case: str, message: str) -> None:
    result = one(tmp_path, case)

    assert not result.ok
    assert message in result.error


def test_own_lookups_are_told_by_the_file(tmp_path: Path) -> None:
    head = """
model: {table: my_thing, indicators: {
  x: {type: aggregate, of: my_part, lookup: my_owner, op: count},
  y: {type: column, column: my_next.my_n, weight: 10}}}
lookups: {my_part.my_owner: my_thing, my_thing.my_next: my_thing}
tables: {my_thing: [{my_thingid: t1, my_next: T2}, {my_thingid: t2, my_n: 3}],
  my_part: [{my_partid: p1, my_owner: T1}, {my_partid: p2, my_owner: t2}]}"""

    assert one(tmp_path, f"{NOON}, record: t1, expect: {{score: 31}}", head).ok


def test_a_file_that_cannot_be_loaded_fails_each_case_it_lists(tmp_path: Path) -> None:
    results = ran(tmp_path, f"pack: nobody\n{TABLES}\ncases: [{{name: one}}, {{name: two}}, {{}}]")

    assert [(result.name, result.ok) for result in results] == [
        ("one", False),
        ("two", False),
        ("case 3", False),
    ]


@pytest.mark.parametrize(
    "text",
    [
        f"{MODEL}\n{TABLES}\n{TABLES}\ncases: [{{name: one}}, {{name: two}}]",
        f"{MODEL}\ncases: [{{name: one, record: &a a1}}, {{name: two}}]",
        f"{MODEL}\ncases: [{{name: one}}, {{name: two}}, {{name",
        f"{MODEL}\ncases: [{{name: one}}, {{name: two}}]\nmodel",
    ],
)
def test_a_file_that_cannot_be_read_fails_each_case_it_lists(tmp_path: Path, text: str) -> None:
    results = ran(tmp_path, text)

    assert [(result.name, result.ok) for result in results][:2] == [("one", False), ("two", False)]
    assert all("some.yaml:" in result.error for result in results)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("cases: [", "some.yaml:2:1"),
        ("tables: {}", "cases: a list of cases is needed"),
        ("[1]", "cases: a list of cases is needed"),
        ("cases: []\ntabels: {}", "did you mean 'tables'?"),
        ("cases: []\ntables: [1]", "tables: a map of tables is needed"),
        ("cases: []\nlookups: [1]", "lookups: a map of table.lookup to table is needed"),
        ("cases: []\nmodel: m", "model: a map is needed"),
        ("cases: []\npack: a\nrules: b.yaml", "only one of pack, rules, model may be given"),
    ],
)
def test_a_file_without_a_list_of_cases_is_one_failure(
    tmp_path: Path, text: str, message: str
) -> None:
    (result,) = ran(tmp_path, text)

    assert (result.ok, result.name) == (False, "some.yaml")
    assert message in result.error


def test_a_case_file_that_is_not_there_or_too_large_is_one_failure(tmp_path: Path) -> None:
    (missing,) = run_file(tmp_path / "none.yaml", PACKS)
    assert (missing.ok, missing.error) == (
        False,
        f"{tmp_path / 'none.yaml'}:1:1: No such file or directory",
    )
    huge = tmp_path / "huge.yaml"
    with huge.open("wb") as file:
        file.truncate(CASES_LIMIT + 1)
    (large,) = run_file(huge, PACKS)
    assert (large.ok, large.error) == (False, f"{huge}:1:1: larger than {CASES_LIMIT} bytes")


def test_a_broken_case_never_stops_the_others(tmp_path: Path) -> None:
    good = f"{{name: good, {NOON}, record: a1, expect: {{score: 5}}}}"
    bad = f"{{name: bad, {NOON}, record: a1, model: {{indicators: {{x: {{colum: n}}}}}}}}"

    results = ran(tmp_path, f"{MODEL}\n{TABLES}\ncases: [{bad}, {good}, 5]")

    assert [(result.name, result.ok) for result in results] == [
        ("bad", False),
        ("good", True),
        ("case 3", False),
    ]


def test_rules_are_found_beside_the_case_file(tmp_path: Path) -> None:
    rules = PACKS.joinpath("order_priority.yaml").read_text(encoding="utf-8")
    tmp_path.joinpath("mine.yaml").write_text(rules, encoding="utf-8")
    tables = "tables: {salesorder: [{salesorderid: s1, statecode: 0}]}"
    case = f"{NOON}, record: s1, params: {{}}, expect: {{score: 10}}"

    assert one(tmp_path, case, f"rules: mine.yaml\n{tables}").ok


def test_case_files_may_be_json(tmp_path: Path) -> None:
    case: dict[str, Any] = {
        "model": {"table": "account", "indicators": {"x": {"type": "column", "column": "n"}}},
        "tables": {"account": [{"accountid": "a1", "n": 0.1}]},
        "cases": [
            {
                "name": "json",
                "as_of": "2026-06-15T08:30:00Z",
                "record": "a1",
                "expect": {"values": {"x": 0.1}},
            }
        ],
    }

    (result,) = ran(tmp_path, json.dumps(case))

    assert result.ok
