"""``gradesys parked``: what is listed, tried again and forgotten, and what is said about it."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from gradesys.breaker import FLIPS, add_flip, opened
from gradesys.cli import gradesys
from gradesys.errors import GradesysError
from gradesys.marks.sqlite import Database
from gradesys.marks.sqlite_ledger import SqliteLedger
from gradesys.marks.sqlite_marks import SqliteMarks
from gradesys.records import Key, KeyKind
from gradesys.remedies import is_forbidden, privilege_of, todo_of
from tests.cli.running import Done, done

A = Key(KeyKind.TARGET, "account", "a1000000-0000-4000-8000-000000000001")
B = Key(KeyKind.TARGET, "lead", "b1000000-0000-4000-8000-000000000001")
SINCE = 1_700_000_000.0
FORBIDDEN = "Dataverse answered 403 0x80040220: user is missing prvReadInvoice privilege"


@pytest.fixture
def marks(tmp_path: Path) -> SqliteMarks:
    """An account that two models could not score, and a lead that refuses its change."""
    found = SqliteMarks(Database(tmp_path / "work.sqlite"), lambda: SINCE)
    found.park(A, "best", "text against number")
    found.park(A, "risk", FORBIDDEN)
    found.park(B, "", "400 0x80040203 request-7")
    return found


def run(folder: Path, *arguments: str) -> Done:
    return done("parked", *arguments, GRADESYS_WORK=str(folder / "work.sqlite"))


def left(marks: SqliteMarks) -> set[tuple[str, str]]:
    return {(item.key.table, item.part) for item in marks.parked()}


def test_the_list_tells_since_when_why_and_what_to_do(marks: SqliteMarks, tmp_path: Path) -> None:
    told = json.loads(run(tmp_path, "list", "--json").out)
    assert told[0] == {
        "table": "account",
        "id": A.id,
        "model": "best",
        "since": "2023-11-14T22:13:20+00:00",
        "reason": "text against number",
        "todo": "put the record's values or the rule right, then retry",
    }
    assert [(each["table"], each["model"]) for each in told] == [
        ("account", "best"),
        ("account", "risk"),
        ("lead", ""),
    ]


def test_people_get_a_table(marks: SqliteMarks, tmp_path: Path) -> None:
    shown = run(tmp_path, "list", "--table", "account").out
    assert all(word in shown for word in (A.id, "best", "text against number", "2023-11-14"))
    assert B.id not in shown


def test_an_empty_list_says_so(tmp_path: Path) -> None:
    assert run(tmp_path, "list").out == "nothing is parked\n"
    assert run(tmp_path, "list", "--json").out == "[]\n"


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        (("--all",), {A, B}),
        ((B.id,), {B}),
        (("--model", "risk"), {A}),
        (("--table", "lead"), {B}),
        ((A.id, "--model", "best"), {A}),
    ],
)
def test_retry_marks_again_and_leaves_the_list_to_the_worker(
    marks: SqliteMarks, tmp_path: Path, named: tuple[str, ...], expected: set[Key]
) -> None:
    assert f"{len(expected)} marked" in run(tmp_path, "retry", *named).out
    assert marks.waiting([A, B]) == expected
    assert len(marks.parked()) == 3


def test_retry_lets_a_record_be_written_again_that_somebody_fought_over(
    marks: SqliteMarks, tmp_path: Path
) -> None:
    ledger = SqliteLedger(Database(tmp_path / "work.sqlite"))
    for second in range(FLIPS):
        add_flip(ledger, "lead", B.id, "digest", SINCE + second)
    assert set(opened(ledger)) == {B}
    run(tmp_path, "retry", B.id)
    assert (opened(ledger), marks.waiting([B])) == ({}, {B})


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        (("--all",), set()),
        (("--model", "risk"), {("account", "best"), ("lead", "")}),
        ((A.id,), {("lead", "")}),
    ],
)
def test_drop_forgets_what_is_named(
    marks: SqliteMarks, tmp_path: Path, named: tuple[str, ...], expected: set[tuple[str, str]]
) -> None:
    run(tmp_path, "drop", "--yes", *named)
    assert left(marks) == expected
    assert marks.waiting([A, B]) == set()


@pytest.mark.parametrize(("answer", "kept"), [("y\n", 0), ("n\n", 3)])
def test_drop_asks_and_says_that_the_grade_stays(
    marks: SqliteMarks, tmp_path: Path, answer: str, kept: int
) -> None:
    environment = {"GRADESYS_WORK": str(tmp_path / "work.sqlite")}
    asked = CliRunner().invoke(gradesys, ["parked", "drop", "--all"], input=answer, env=environment)
    assert "keeps the grade that it has, right or wrong" in asked.output
    assert len(marks.parked()) == kept


@pytest.mark.parametrize("command", ["retry", "drop"])
def test_what_is_meant_must_be_said_and_be_there(
    marks: SqliteMarks, tmp_path: Path, command: str
) -> None:
    with pytest.raises(click.UsageError, match="--all"):
        run(tmp_path, command)
    with pytest.raises(GradesysError, match=f"not parked: {A.id}"):
        run(tmp_path, command, A.id, "--table", "lead")
    with pytest.raises(GradesysError, match="not parked"):
        run(tmp_path, command, "--model", "unknown")


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        (FORBIDDEN, "role with this privilege"),
        ("Dataverse answered 400 0x0: Could not find a property named 'gs_x'", "gone or renamed"),
        ("internal error: ZeroDivisionError", "service's log"),
        ("400 0x80040203 request-7", "save the row by hand"),
        ("a number is too large", "put the record's values or the rule right"),
    ],
)
def test_every_reason_has_its_remedy(reason: str, says: str) -> None:
    assert says in todo_of(reason)
    assert is_forbidden(reason) == (reason == FORBIDDEN)


def test_the_privilege_is_taken_out_of_dataverses_words() -> None:
    assert (privilege_of(FORBIDDEN), privilege_of("no access")) == ("prvReadInvoice", "")
