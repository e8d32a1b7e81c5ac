"""The text of an expression as a syntax tree of allowed nodes only (rules.md 3.3).

Python's parser does the reading; what the rule language does not have is refused here, with the
column where it stands, before anything is built from it.
"""

from __future__ import annotations

import ast
import re
import warnings

from msgspec import Struct, field

from gradesys.errors import Problem, RuleError

LONGEST = 500
DEEPEST = 30
"""Levels of nesting; a chain such as ``a + b + c`` is one level however long it is."""
CONSTANTS = {"true": True, "false": False, "null": None}

_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_ALLOWED = (
    ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Call, ast.Name, ast.Constant,
    ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.UAdd, ast.USub, ast.Not, ast.And, ast.Or,
    ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn, ast.Tuple, ast.Load,
)  # fmt: skip


class Source(Struct):
    """An expression's text while it is compiled, and what was found wrong with it."""

    text: str
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, node: ast.expr, message: str) -> None:
        """Note a problem at the node's column (counted from 1)."""
        before = self.text.encode()[: node.col_offset].decode()
        self.problems.append(Problem((), f"column {len(before) + 1}: {message}"))

    def written(self, node: ast.expr) -> str:
        """The node as it stands in the text; Python's own reading loses digits and letters."""
        return self.text.encode()[node.col_offset : node.end_col_offset].decode()

    def settle(self) -> None:
        """Raise RuleError when anything was refused."""
        if self.problems:
            raise RuleError(tuple(self.problems))


def parse(text: str) -> tuple[Source, ast.expr]:
    """The text on one line, and its tree. RuleError for syntax errors and nodes not allowed."""
    source = Source(" ".join(text.split("\n")).strip())
    plain = _QUOTED.sub("", source.text)
    if len(text) > LONGEST:
        raise _error(f"an expression has at most {LONGEST} characters")
    if "#" in plain or "\\" in text:
        raise _error("an expression has no comments and no backslashes")
    tree = _read(source.text)
    if _depth(tree) > DEEPEST:
        raise _error("nested too deeply")
    _check(source, tree)
    source.settle()
    return source, tree


def _read(text: str) -> ast.expr:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return ast.parse(text, mode="eval").body
    except SyntaxError as error:
        raise _error(f"column {error.offset or 1}: {error.msg}") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise _error("this cannot be read as an expression") from error


def _depth(tree: ast.expr) -> int:
    waiting, deepest = [(tree, 1)], 0
    while waiting:
        node, depth = waiting.pop()
        deepest = max(deepest, depth)
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                chained = isinstance(node, ast.BinOp) and child is node.left
                waiting.append((child, depth if chained else depth + 1))
    return deepest


def _check(source: Source, tree: ast.expr) -> None:
    """Refuse the outermost nodes that the rule language does not have."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop(0)
        children = list(ast.iter_child_nodes(node))
        signs = [child for child in children if not isinstance(child, ast.expr)]
        foreign = [part for part in (node, *signs) if not isinstance(part, _ALLOWED)]
        if foreign and isinstance(node, ast.expr):
            source.refuse(node, f"{_spelled(foreign[0])} is not part of the rule language")
        else:
            waiting += [child for child in children if isinstance(child, ast.expr)]


def _spelled(node: ast.AST) -> str:
    return _SPELLINGS.get(type(node), type(node).__name__.lower())


def _error(message: str) -> RuleError:
    return RuleError((Problem((), message),))


_SPELLINGS: dict[type[ast.AST], str] = {
    ast.Attribute: "a dot",
    ast.Subscript: "an index",
    ast.List: "a list in []",
    ast.Mod: "%",
    ast.FloorDiv: "//",
    ast.Is: "'is'",
    ast.IsNot: "'is not'",
    ast.keyword: "a named argument",
    ast.GeneratorExp: "a loop",
    ast.ListComp: "a loop",
    ast.JoinedStr: "an f-string",
}
