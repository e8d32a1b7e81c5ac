"""Writing a rule file in an editor: what config/rules.schema.json completes and complains about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.judges.language_server import Editor, start_editor

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "config" / "rules.schema.json"
MODELINE = f"# yaml-language-server: $schema={SCHEMA.as_uri()}\n"
HEAD = f"{MODELINE}schema: gradesys/v1\nid: m\ntable: account\noutput: {{score: gs_score}}\n"


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    with start_editor(tmp_path_factory.mktemp("rules")) as editor:
        yield editor


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        (f"{HEAD}|", {"indicators", "grades", "population", "params", "enabled", "extends"}),
        (f"{MODELINE}id: m\nextends: customer_grade\n|", {"title", "params", "grades"}),
        (f"{HEAD}score:\n  |", {"combine", "min", "max", "decimals", "scale"}),
        (f"{HEAD}score:\n  combine: |", {"sum", "weighted_average", "max", "min", "expression"}),
        (f"{HEAD}grades:\n  bands:\n    - |", {"grade", "min", "top_percent", "title", "advice"}),
        (
            f"{HEAD}indicators:\n  x:\n    type: aggregate\n    |",
            {"of", "lookup", "path", "op", "column", "filter", "window", "points", "weight"},
        ),
        (
            f"{HEAD}indicators:\n  x:\n    type: aggregate\n    op: |",
            {"sum", "count", "avg", "first", "share"},
        ),
        (
            f"{HEAD}indicators:\n  x:\n    type: aggregate\n    window:\n      |",
            {"date", "last", "next", "period", "from", "to", "offset"},
        ),
        (
            f"{HEAD}indicators:\n  x:\n    type: aggregate\n    window:\n      period: |",
            {"day", "month", "fiscal_year"},
        ),
        (
            f"{HEAD}indicators:\n  x:\n    type: column\n    points:\n      |",
            {"bands", "linear", "map", "rules", "quantiles"},
        ),
        (f"{HEAD}snapshots: |", {"day", "week", "month", "quarter"}),
    ],
)
def test_an_editor_completes(editor: Editor, text: str, offered: set[str]) -> None:
    found = editor.complete(f"{abs(hash(text))}.yaml", text)
    assert offered <= found, found


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("grade: {bands: [{grade: A}]}", "grade"),
        ("score: {combine: summ}", "weighted_average"),
        ("indicators: {x: {type: column}}", "column"),
        ("indicators: {x: {type: aggregate, of: a, lookup: b, op: summ}}", ""),
        ("leave: drop", "clear"),
        ("grades: {bands: []}", ""),
        ("snapshots: hour", "month"),
    ],
)
def test_an_editor_complains_at_the_line(editor: Editor, line: str, word: str) -> None:
    found = editor.diagnose(f"broken{abs(hash(line))}.yaml", f"{HEAD}{line}\n")
    assert 6 in {number for number, _ in found}, found
    assert any(word in message for _, message in found), found


@pytest.mark.parametrize(
    "file",
    [file for file in sorted((ROOT / "config").rglob("*.yaml")) if "tests" not in file.parts],
    ids=lambda file: f"{file.parent.name}-{file.stem}",
)
def test_an_editor_finds_nothing_in_the_rules_that_are_delivered(
    editor: Editor, file: Path
) -> None:
    text = MODELINE + file.read_text(encoding="utf-8")
    assert editor.diagnose(f"{file.parent.name}-{file.name}", text) == []
