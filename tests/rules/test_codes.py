"""Every complaint that the rules can make has a code of its own kind.

A code is told from the words (gradesys.rules.codes), so a complaint that is reworded or new could
fall to the last code unseen. Here the words are taken from the source itself.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from gradesys.errors import Problem
from gradesys.rules.codes import CODES, code_of

RULES = Path(__file__).parents[2] / "gradesys" / "rules"
LAST = CODES[-1].name
NO_RULE_FILE = {"composing.py", "document.py", "sources.py"}
"""What these say is what the last code means."""
WRAPPED = {
    "expressions.py": "column 9: ",
    "grammar.py": "column 9: ",
    "resolving.py": "$param: ",
}
"""What their complaints begin with when they are told."""
MESSAGE_NAMES = {"message", "why", "told"}
STAND_IN = "9"


def _text(node: ast.expr) -> str:
    """A text of the source, with a stand-in for what is filled in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(map(_text, node.values))
    if isinstance(node, ast.BinOp):
        return _text(node.left) + _text(node.right)
    return STAND_IN


def _tellers(tree: ast.AST) -> dict[str, int]:
    """The functions that take a message, and where it stands among the arguments."""
    found = {"Problem": 1}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            names = [each.arg for each in node.args.args if each.arg != "self"]
            for place in (names.index(name) for name in MESSAGE_NAMES & set(names)):
                found[node.name] = place
    return found


def _said(tree: ast.AST, tellers: dict[str, int]) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            place = tellers.get(name)
            if place is not None and len(node.args) > place:
                yield node.args[place]
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in MESSAGE_NAMES:
            yield node.value


def complaints() -> Iterator[tuple[str, str]]:
    """(file, words) of every complaint that is written out in the source."""
    trees = {file: ast.parse(file.read_text("utf-8")) for file in sorted(RULES.glob("*.py"))}
    shared = _tellers(trees[RULES / "problems.py"])
    for file, tree in trees.items():
        for node in _said(tree, shared | _tellers(tree)):
            for part in [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]:
                words = _text(part)
                if len([word for word in words.split() if word.isalpha()]) > 1:
                    yield file.name, WRAPPED.get(file.name, "") + words


ALL = sorted(set(complaints()))


def test_the_source_is_really_searched() -> None:
    assert len(ALL) > 100
    assert {"casefile.py", "together.py", "filters.py", *NO_RULE_FILE} <= {file for file, _ in ALL}


@pytest.mark.parametrize(("file", "words"), ALL)
def test_no_complaint_falls_to_the_last_code(file: str, words: str) -> None:
    code = code_of(Problem((), words)).name
    assert code != LAST or file in NO_RULE_FILE, words
