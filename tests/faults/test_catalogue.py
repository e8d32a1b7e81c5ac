"""The catalogue is whole: each of the forty faults has its test, wherever its theme lives."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

TESTS = Path(__file__).parents[1]
NAME = re.compile(r"test_fault_(\d\d)_\w+")


def numbered() -> dict[int, set[Path]]:
    """The files that hold a test of each fault."""
    found: defaultdict[int, set[Path]] = defaultdict(set)
    for path in TESTS.rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match = NAME.fullmatch(node.name) if isinstance(node, ast.FunctionDef) else None
            if match:
                found[int(match[1])].add(path)
    return found


def test_every_fault_is_promised_once() -> None:
    found = numbered()
    assert sorted(found) == list(range(1, 41))
    assert {number: files for number, files in found.items() if len(files) > 1} == {}
