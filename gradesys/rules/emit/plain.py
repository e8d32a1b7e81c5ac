"""Expressions of nothing but ``+ - *`` and ``ratio`` over names and numbers, as one run of
operators: whether the last result is finite tells of all those before it.
"""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from gradesys.rules.emit.code import Code
from gradesys.rules.emit.expressions import PLAIN, Names, emit
from gradesys.rules.terms import Call, Literal, Name, Operation, Term

_DEEPEST = 20
_FEWEST = 2
"""Operations of which the code for one already is as short."""


class _Run(Struct, frozen=True):
    """The operators, how many, how deep, and the names that must hold numbers."""

    text: str
    signs: int
    depth: int
    names: tuple[str, ...]


def written(term: Term, names: Names) -> Code:
    """The code of a whole expression. Where a cell is no number, or a result is none, it is
    computed step by step, which tells what is wrong."""
    code, run = emit(term, names), _run(term, names)
    if run is None or run.signs < _FEWEST or run.depth > _DEEPEST:
        return code
    found = names.writer.name("t")
    kinds = "".join(f"{name}.__class__ is " for name in dict.fromkeys(run.names))
    numbers = f"{kinds}Decimal and " if kinds else ""
    text = f"({found} if {numbers}({found} := {run.text}).is_finite() else {code.text})"
    return replace(code, text=text, depth=code.depth + 1)


def _run(term: Term, names: Names) -> _Run | None:
    if isinstance(term, Call) and term.function == "ratio":
        return _joined("/", *(_atom(each, names) for each in term.arguments[:2]))
    if isinstance(term, Operation) and term.sign in PLAIN:
        return _joined(term.sign, _run(term.left, names), _run(term.right, names))
    return _atom(term, names)


def _atom(term: Term, names: Names) -> _Run | None:
    if isinstance(term, Literal) and isinstance(term.value, Decimal):
        return _Run(names.writer.number(term.value).text, 0, 0, ())
    if not isinstance(term, Name):
        return None
    code = names.value(term.name)
    if not code.atom or code.kind == "truth":
        return None
    return _Run(code.text, 0, 0, (code.text,) if code.null or code.kind == "any" else ())


def _joined(sign: str, left: _Run | None, right: _Run | None) -> _Run | None:
    if left is None or right is None:
        return None
    signs, depth = left.signs + right.signs + 1, max(left.depth, right.depth) + 1
    return _Run(f"({left.text} {sign} {right.text})", signs, depth, (*left.names, *right.names))
