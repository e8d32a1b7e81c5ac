"""Whatever text people or exports bring: an answer or complaints within a second, nothing else.

The only error that may leave loader, parser, checks and expressions is RuleError; scoring a case
adds RecordError, which the case's result holds. Anything else fails these tests, and so does an
example that takes longer than a second.
"""

from __future__ import annotations

import json
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gradesys.errors import Problem, RuleError
from gradesys.rules.cases import CaseResult, run_file
from gradesys.rules.codes import advised, code_of
from gradesys.rules.datefunctions import FUNCTIONS
from gradesys.rules.document import load_document
from gradesys.rules.expressions import compile_expression
from gradesys.rules.rulefiles import examine
from gradesys.rules.sources import load_packs

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "config" / "packs"
TEXTS = [file.read_text(encoding="utf-8") for file in sorted(CONFIG.glob("*.yaml"))]
CASES = [file.read_text(encoding="utf-8") for file in sorted((CONFIG / "tests").glob("*.yaml"))]

ONE_SECOND = timedelta(seconds=1)
fuzz = settings(
    deadline=ONE_SECOND,
    max_examples=120,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

MARKS = st.sampled_from(
    ["&a", "*a", "!!int", "{", "}", "[", "]", ":", ",", "- ", "\n", "\t", "?", "|", ">", "%", "#",
     "'", '"', "---", "...", "\0", "\ufeff", "\u2028", "\ud800", "1e999", "1e-999", "0x1F", "null",
     "true", "no", "~", "۱۲", "ي", "$p", "$", "<<", "@today-9999999", "9999-12-31", "0001-01-01"]
)  # fmt: skip
LETTERS = st.text(st.characters(codec=None), max_size=30)


def spliced(texts: list[str]) -> st.SearchStrategy[str]:
    """A delivered text with some pieces cut out and others put in."""

    @st.composite
    def draw(draw: st.DrawFn) -> str:
        text = draw(st.sampled_from(texts))
        for _ in range(draw(st.integers(1, 4))):
            start = draw(st.integers(0, len(text)))
            end = min(len(text), start + draw(st.sampled_from([0, 0, 1, 3, 20, 200])))
            text = text[:start] + draw(st.one_of(MARKS, LETTERS)) + text[end:]
        return text

    return draw()


def bracketed() -> st.SearchStrategy[str]:
    """Much of the same, which costs a careless reader its stack or its time."""
    piece = st.sampled_from(["[", "{", "{a: ", "- ", "a: ", "? ", "&a [", "*a, ", "'", "1", "\n "])
    return st.builds(lambda text, times: text * times, piece, st.integers(1, 20_000))


def sound(problems: tuple[Problem, ...]) -> None:
    for problem in problems:
        assert problem.place.rpartition(":")[2].isdigit()
        assert code_of(problem).name.startswith("GS")
        assert advised(problem)


@fuzz
@given(st.one_of(LETTERS, bracketed(), st.lists(MARKS, max_size=40).map("".join)))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        load_document(text, "f")
    except RuleError as error:
        sound(error.problems)


@fuzz
@given(spliced(TEXTS))
def test_a_damaged_rule_file_is_examined_to_the_end(tmp_path: Path, text: str) -> None:
    file = tmp_path / "f.yaml"
    file.write_text(text, encoding="utf-8", errors="surrogatepass")
    examined = examine([file], None)
    sound(examined.errors)
    sound(examined.warnings)
    assert examined.errors or len(examined.sources) == 1


@fuzz
@given(st.binary(max_size=300))
def test_any_bytes_are_examined(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "f.yaml"
    file.write_bytes(content)
    assert examine([file], None).errors


TOKENS = st.sampled_from(
    ["1", "0", "2.5", "1e308", "'a'", "'۲۰۲۶'", "'2026-01-01'", "x", "y", "value", "true", "null",
     "+", "-", "*", "/", "**", "**16", "==", "!=", "<", "in", "not", "and", "or", "if", "else", "(",
     ")", ",", "(1, 2)", "points(x)", "lambda", ".real", "[0]", "{}", "__import__", "'''", "\\n",
     ":=", "%", "//", "~", "await", "yield", *sorted(f"{name}(" for name in FUNCTIONS)]
)  # fmt: skip
EXPRESSIONS = st.one_of(
    st.lists(TOKENS, max_size=40).map(" ".join),
    st.text(max_size=60),
    st.builds(
        lambda piece, n: piece * n + "1",
        st.sampled_from(["(", "-", "not ", "1+"]),
        st.integers(0, 300),
    ),
)


@fuzz
@given(EXPRESSIONS)
def test_any_expression_is_compiled_or_refused(text: str) -> None:
    try:
        compile_expression(text)
    except RuleError as error:
        assert error.problems


NUMBERS = st.sampled_from(
    ["x", "y", "1", "0", "-3", "1e300", "9.99", "'12'", "null", "true", "day"]
)


def nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    sign = st.sampled_from(["+", "-", "*", "/", "**", "==", "<", "and", "or"])
    call = st.sampled_from(["exp", "ln", "sqrt", "sigmoid", "floor", "abs", "days_since", "number"])
    return st.one_of(
        st.builds("({} {} {})".format, inner, sign, inner),
        st.builds("{}({})".format, call, inner),
        st.builds("({} if {} else {})".format, inner, inner, inner),
    )


@pytest.fixture(autouse=True)
def read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The packs that cases name are read once, not for each of thousands of files."""
    monkeypatch.setattr("gradesys.rules.cases.load_packs", _packs)


_packs = cache(load_packs)


def run(folder: Path, text: str) -> list[CaseResult]:
    file = folder / "cases.yaml"
    file.write_text(text, encoding="utf-8", errors="surrogatepass")
    return run_file(file, CONFIG)


@fuzz
@given(st.recursive(NUMBERS, nested, max_leaves=12).filter(lambda text: len(text) <= 400))
def test_any_well_formed_expression_gives_a_value_or_an_error_of_its_record(
    tmp_path: Path, text: str
) -> None:
    written = text.replace("'", "''")
    (result,) = run(
        tmp_path,
        f"""
model:
  table: account
  indicators:
    x: {{type: column, column: x, scored: false}}
    y: {{type: column, column: y, scored: false}}
    day: {{type: column, column: day, scored: false}}
    z: {{type: expression, expression: '{written}', scored: false}}
tables: {{account: [{{accountid: a, x: 7.5, y: -1e200, day: "2026-02-30T00:00:00Z"}}]}}
cases: [{{name: c, as_of: "2026-06-15T12:00:00Z", record: a, expect: {{}}}}]
""",
    )
    assert result.ok or result.error


@fuzz
@given(spliced(CASES))
def test_a_damaged_case_file_passes_fails_or_says_why(tmp_path: Path, text: str) -> None:
    for result in run(tmp_path, text):
        assert result.ok or result.error or result.differences


JSON: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=10,
)
CASE_KEYS = ("name", "as_of", "record", "previous", "model", "params", "tables", "cutpoints",
             "expect", "pack", "working")  # fmt: skip


@fuzz
@given(st.sampled_from(CASE_KEYS), JSON)
def test_a_case_may_hold_anything_under_its_keys(tmp_path: Path, key: str, value: Any) -> None:
    case = {"name": "c", "as_of": "2026-06-15T12:00:00Z", "record": "a", "expect": {}, key: value}
    model = {"table": "account", "indicators": {"x": {"type": "column", "column": "n"}}}
    data = {"model": model, "tables": {"account": [{"accountid": "a"}]}, "cases": [case]}
    (result,) = run(tmp_path, json.dumps(data))
    assert result.ok or result.error or result.differences


@pytest.mark.parametrize("key", ["tables", "lookups", "pack", "rules", "model", "cases"])
def test_a_case_file_may_hold_anything_under_its_keys(tmp_path: Path, key: str) -> None:
    for value in ("3", "[]", "{a: 1}", "[[1]]", "{a: [1]}", "{a: {b: c}}", "''", "{1: {}}"):
        for result in run(tmp_path, f"{key}: {value}\n"):
            assert result.ok or result.error or result.differences
