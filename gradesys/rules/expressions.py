"""Expressions (rules.md 3.3): a syntax tree becomes terms, checked as far as the text alone tells.

Names are not checked here: which ones an expression may use depends on its place (15.2), so the
caller gets the sets of names and decides. What makes code of the terms is in emit.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from msgspec import Struct, field

from gradesys.rules.arithmetic import LARGEST_EXPONENT
from gradesys.rules.datefunctions import FUNCTIONS
from gradesys.rules.grammar import CONSTANTS, Source, parse
from gradesys.rules.nearest import nearest
from gradesys.rules.scalars import NUMBER, number
from gradesys.rules.terms import (
    NULL,
    Call,
    Choice,
    Comparison,
    Listed,
    Literal,
    Logic,
    Name,
    Not,
    Operation,
    PointsOf,
    Signed,
    Term,
)
from gradesys.rules.values import lacks_offset


class Expression(Struct, frozen=True):
    """A checked expression. ``names``: bare names, ``points_of``: names inside ``points()``.

    ``time_dependent``: the value moves with the day; ``volatile``: also within it.
    """

    text: str
    term: Term
    names: frozenset[str]
    points_of: frozenset[str]
    time_dependent: bool
    volatile: bool


class _Builder(Struct):
    """The text, and what was met in it so far."""

    source: Source
    names: set[str] = field(default_factory=set)
    points_of: set[str] = field(default_factory=set)
    calls: set[str] = field(default_factory=set)

    def build(self, node: ast.expr) -> Term:
        """The node as a term."""
        return BUILDERS[type(node)](node, self)


def compile_expression(text: str) -> Expression:
    """Raises RuleError with every problem; each names its column, the path is empty."""
    source, tree = parse(text)
    builder = _Builder(source)
    term = builder.build(tree)
    source.settle()
    used = [FUNCTIONS[name] for name in builder.calls]
    return Expression(
        text=text,
        term=term,
        names=frozenset(builder.names),
        points_of=frozenset(builder.points_of),
        time_dependent=any(function.moves for function in used),
        volatile=any(function.volatile for function in used),
    )


def _constant(node: ast.Constant, builder: _Builder) -> Term:
    value = node.value
    if isinstance(value, str):
        if lacks_offset(value):
            builder.source.refuse(node, f"the date-time '{value}' needs an offset")
        return Literal(value)
    if isinstance(value, bool) or value is None:
        return Literal(value)
    return Literal(_literal(node, builder.source))


def _literal(node: ast.Constant, source: Source) -> Decimal:
    """A number exactly as written."""
    text = source.written(node)
    try:
        if NUMBER.fullmatch(text):
            return number(text)
    except ValueError as error:
        source.refuse(node, str(error))
        return Decimal(0)
    source.refuse(node, f"{text} is no number of the rule language")
    return Decimal(0)


def _name(node: ast.Name, builder: _Builder) -> Term:
    name = builder.source.written(node)
    if name in CONSTANTS:
        return Literal(CONSTANTS[name])
    builder.names.add(name)
    return Name(name)


def _binary(node: ast.BinOp, builder: _Builder) -> Term:
    left, right = builder.build(node.left), builder.build(node.right)
    if isinstance(node.op, ast.Pow):
        _check_exponent(node.right, builder.source)
    return Operation(_SIGNS[type(node.op)], left, right)


def _check_exponent(node: ast.expr, source: Source) -> None:
    literal = node.operand if isinstance(node, ast.UnaryOp) else node
    value = literal.value if isinstance(literal, ast.Constant) else None
    if isinstance(value, int | float) and abs(value) > LARGEST_EXPONENT:
        source.refuse(node, f"an exponent lies within -{LARGEST_EXPONENT}..{LARGEST_EXPONENT}")


def _unary(node: ast.UnaryOp, builder: _Builder) -> Term:
    operand = builder.build(node.operand)
    if isinstance(node.op, ast.Not):
        return Not(operand)
    return Signed(_SIGNS[type(node.op)], operand)


def _logic(node: ast.BoolOp, builder: _Builder) -> Term:
    word = "and" if isinstance(node.op, ast.And) else "or"
    return Logic(word, tuple(builder.build(value) for value in node.values))


def _choice(node: ast.IfExp, builder: _Builder) -> Term:
    condition = builder.build(node.test)
    return Choice(condition, builder.build(node.body), builder.build(node.orelse))


def _comparison(node: ast.Compare, builder: _Builder) -> Term:
    first = builder.build(node.left)
    steps = (
        (_SIGNS[type(op)], _operand(op, operand, builder, node))
        for op, operand in zip(node.ops, node.comparators, strict=True)
    )
    return Comparison(first, tuple(steps))


def _operand(op: ast.cmpop, node: ast.expr, builder: _Builder, whole: ast.Compare) -> Term:
    """The right side of a comparison; of ``in`` a list in parentheses, which ends the chain."""
    if not isinstance(op, ast.In | ast.NotIn):
        return builder.build(node)
    if node is not whole.comparators[-1]:
        builder.source.refuse(node, "nothing can be compared with a list but by 'in'")
    if isinstance(node, ast.Tuple):
        return Listed(tuple(builder.build(item) for item in node.elts))
    if not builder.source.text.encode()[: node.col_offset].decode().rstrip().endswith("("):
        builder.source.refuse(node, "'in' needs a list in parentheses")
    return Listed((builder.build(node),))


def _tuple(node: ast.Tuple, builder: _Builder) -> Term:
    builder.source.refuse(node, "a list stands only after 'in'")
    return NULL


def _call(node: ast.Call, builder: _Builder) -> Term:
    source = builder.source
    name = source.written(node.func)
    if name == "points" and isinstance(node.func, ast.Name):
        return _points(node, builder)
    args = tuple(builder.build(argument) for argument in node.args)
    function = FUNCTIONS.get(name)
    if function is None:
        source.refuse(node, f"unknown function '{name}'{nearest(name, (*FUNCTIONS, 'points'))}")
        return NULL
    least, most = function.least, function.most
    if node.keywords or len(args) < least or (most is not None and len(args) > most):
        source.refuse(node, f"{name}() takes {_arity(least, most)}")
    builder.calls.add(name)
    return Call(name, args)


def _arity(least: int, most: int | None) -> str:
    if most is None:
        return f"at least {least} arguments"
    if least == most:
        return "1 argument" if most == 1 else f"{most} arguments"
    return f"{least} to {most} arguments"


def _points(node: ast.Call, builder: _Builder) -> Term:
    if len(node.args) != 1 or node.keywords or not isinstance(node.args[0], ast.Name):
        builder.source.refuse(node, "points() takes the name of an indicator")
        return NULL
    name = builder.source.written(node.args[0])
    builder.points_of.add(name)
    return PointsOf(name)


BUILDERS: dict[type[ast.expr], Callable[[Any, _Builder], Term]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _logic,
    ast.IfExp: _choice,
    ast.Compare: _comparison,
    ast.Tuple: _tuple,
    ast.Call: _call,
}
_SIGNS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.UAdd: "+",
    ast.Sub: "-",
    ast.USub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not in",
}
