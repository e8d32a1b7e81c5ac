"""Which errors are expected is written down; whoever catches more than that is named here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from functions.answers import STATUSES
from gradesys.errors import GradesysError, RuleError, SettingsError, StoreError, TemporaryError

ROOT = Path(__file__).parents[2]
SOURCES = sorted([*(ROOT / "gradesys").rglob("*.py"), *(ROOT / "functions").rglob("*.py")])
BROAD = {"Exception", "BaseException"}
ALLOWED = {("functions/answers.py", "answers"), ("functions/answers.py", "answered")}
ALLOWED |= {("gradesys/live/handling.py", "_failure"), ("gradesys/host.py", "_attempt")}
"""Where the unexpected ends: a reply, a key that is tried again or parked, and the loops."""
BUILT_IN = {"Exception", "ValueError"}


def broad(tree: ast.AST) -> Iterator[str]:
    """The functions that catch everything and do not raise it again."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            handlers = (node for node in ast.walk(function) if isinstance(node, ast.ExceptHandler))
            yield from (function.name for each in handlers if _is_broad(each))


def _is_broad(handler: ast.ExceptHandler) -> bool:
    caught = ast.walk(handler.type or ast.Name("Exception"))
    names = {name.id for name in caught if isinstance(name, ast.Name)}
    last = handler.body[-1]
    return bool(names & BROAD) and not (isinstance(last, ast.Raise) and last.exc is None)


def test_everything_is_caught_only_where_the_unexpected_ends() -> None:
    found = {
        (path.relative_to(ROOT).as_posix(), name)
        for path in SOURCES
        for name in broad(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert found <= ALLOWED, found - ALLOWED
    assert ("gradesys/live/handling.py", "_failure") in found


def test_every_error_of_ours_is_one_of_the_expected() -> None:
    """A class of its own would pass the handlers of GradesysError by. Two never leave the module
    that raises them, and who asks it."""
    strays = {
        f"{path.name} {node.name}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
        if {base.id for base in node.bases if isinstance(base, ast.Name)} & BUILT_IN
    }
    inner = {"composing.py TooMuch", "figures.py Unwritten"}
    assert strays == {"errors.py GradesysError"} | inner, strays


def test_what_may_pass_is_answered_so_that_dataverse_repeats_it() -> None:
    statuses = dict(STATUSES)
    passing = (StoreError, TemporaryError, SettingsError, RuleError, GradesysError)
    assert {statuses[kind] for kind in passing} == {503}
    assert STATUSES[-1][0] is GradesysError
