"""Expressions: parsed with Python's ast, only the nodes of 3.3, evaluated in exact decimals."""

import ast
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from tests.oracle.arithmetic import ROUNDED, finite
from tests.oracle.clock import Clock
from tests.oracle.comparing import holds, truth
from tests.oracle.errors import InputError
from tests.oracle.functions import LENIENT, STRICT, divide, power
from tests.oracle.values import NUMBER, Value, number

_WORDS: dict[str, Value] = {"true": True, "false": False, "null": None}


@dataclass(frozen=True, slots=True)
class Scope:
    """What the names of an expression mean at its place (15.2); `points` None = barred there."""

    clock: Clock
    name: Callable[[str], Value]
    points: Callable[[str], Value] | None = None


def evaluate_text(text: str | Decimal | bool, scope: Scope) -> Value:
    """The value of an expression; a bare number or boolean of the rule file is one too."""
    if not isinstance(text, str):
        return text
    return _evaluate(_parse(text), scope)


@cache
def _parse(text: str) -> ast.expr:
    flat = " ".join(text.split("\n")).strip()
    try:
        body = ast.parse(flat, mode="eval").body
    except SyntaxError as error:
        raise InputError(f"not an expression: {text!r}") from error
    for node in ast.walk(body):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float, complex):
            constant: Any = node  # a Decimal is no value that ast itself would give
            constant.value = _number(ast.get_source_segment(flat, node) or "")
    return body


def _number(source: str) -> Decimal:
    # ast gives a float; the digits as written are the number.
    if not NUMBER.fullmatch(source):
        raise InputError(f"not a number: {source!r}")
    return Decimal(source)


def _evaluate(node: ast.expr, scope: Scope) -> Value:
    evaluate = _NODES.get(type(node))
    if evaluate is None:
        raise InputError(f"not allowed in an expression: {type(node).__name__}")
    return evaluate(node, scope)


def _constant(node: ast.Constant, scope: Scope) -> Value:
    value = node.value
    if value is None or isinstance(value, bool | Decimal | str):
        return value
    raise InputError(f"not allowed in an expression: {value!r}")


def _name(node: ast.Name, scope: Scope) -> Value:
    return _WORDS[node.id] if node.id in _WORDS else scope.name(node.id)


def _binary(node: ast.BinOp, scope: Scope) -> Value:
    left, right = _evaluate(node.left, scope), _evaluate(node.right, scope)
    operate = _BINARY.get(type(node.op))
    if operate is None:
        raise InputError(f"not an operator here: {type(node.op).__name__}")
    return None if left is None or right is None else operate(left, right)


def _unary(node: ast.UnaryOp, scope: Scope) -> Value:
    value = _evaluate(node.operand, scope)
    if isinstance(node.op, ast.Not):
        return not truth(value)
    if not isinstance(node.op, ast.UAdd | ast.USub):
        raise InputError(f"not an operator here: {type(node.op).__name__}")
    if value is None:
        return None
    x = number(value)
    return ROUNDED.plus(x) if isinstance(node.op, ast.UAdd) else ROUNDED.minus(x)


def _logic(node: ast.BoolOp, scope: Scope) -> Value:
    parts = (truth(_evaluate(part, scope)) for part in node.values)
    return all(parts) if isinstance(node.op, ast.And) else any(parts)


def _choice(node: ast.IfExp, scope: Scope) -> Value:
    taken = node.body if truth(_evaluate(node.test, scope)) else node.orelse
    return _evaluate(taken, scope)


def _comparison(node: ast.Compare, scope: Scope) -> Value:
    left = _evaluate(node.left, scope)
    for op, right in zip(node.ops, node.comparators, strict=True):
        if isinstance(op, ast.In | ast.NotIn):
            found = _member(left, right, scope)
            if found != isinstance(op, ast.In):
                return False
            continue
        value = _evaluate(right, scope)
        if not holds(op, left, value, scope.clock):
            return False
        left = value
    return True


def _member(left: Value, right: ast.expr, scope: Scope) -> bool:
    # `(1)` without a comma is no tuple for Python, but a list of one for a reader.
    items = right.elts if isinstance(right, ast.Tuple) else [right]
    values = [_evaluate(item, scope) for item in items]
    return any(holds(ast.Eq(), left, value, scope.clock) for value in values)


def _call(node: ast.Call, scope: Scope) -> Value:
    if not isinstance(node.func, ast.Name) or node.keywords:
        raise InputError("only plain calls of the known functions are allowed")
    if node.func.id == "points":
        return _points(node, scope)
    table = LENIENT if node.func.id in LENIENT else STRICT
    if node.func.id not in table:
        raise InputError(f"unknown function: {node.func.id}")
    least, most, function = table[node.func.id]
    if not least <= len(node.args) <= most:
        raise InputError(f"wrong number of arguments: {node.func.id}")
    values = [_evaluate(argument, scope) for argument in node.args]
    if table is STRICT and None in values:
        return None
    return function(scope.clock, *values)


def _points(node: ast.Call, scope: Scope) -> Value:
    if scope.points is None or len(node.args) != 1 or not isinstance(node.args[0], ast.Name):
        raise InputError("points(x) of one indicator is not allowed here")
    return scope.points(node.args[0].id)


_BINARY: dict[type[ast.operator], Callable[[Value, Value], Value]] = {
    ast.Add: lambda a, b: finite(ROUNDED.add(number(a), number(b))),
    ast.Sub: lambda a, b: finite(ROUNDED.subtract(number(a), number(b))),
    ast.Mult: lambda a, b: finite(ROUNDED.multiply(number(a), number(b))),
    ast.Div: divide,
    ast.Pow: power,
}
_NODES: dict[type[ast.expr], Callable[..., Value]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _logic,
    ast.IfExp: _choice,
    ast.Compare: _comparison,
    ast.Call: _call,
}
