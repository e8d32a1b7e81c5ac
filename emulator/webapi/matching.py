"""A ``$filter`` on metadata, evaluated in memory: definitions are not in SQL tables."""

import re
from collections.abc import Callable
from typing import Any

from odata_query import ast

from emulator.errors import Unsupported, missing_segment
from emulator.query.grammar import function_name, parse_filter

Item = dict[str, Any]
# A member of an enumeration: Microsoft.Dynamics.CRM.AttributeTypeCode'String'.
_ENUMERATED = re.compile(r"('(?:[^']|'')*')|Microsoft\.Dynamics\.CRM\.\w+('\w+')")


def matches(item: Item, text: str) -> bool:
    """Whether a definition satisfies the filter; an enumeration's member is its name."""
    plain = _ENUMERATED.sub(lambda found: found[1] or found[2], text)
    return bool(_value(item, parse_filter(plain)))


def _value(item: Item, node: ast._Node) -> Any:
    evaluate = _NODES.get(type(node))
    if evaluate is None:
        raise Unsupported(f"{type(node).__name__} in a $filter on metadata")
    return evaluate(item, node)


def _member(item: Item, node: ast.Identifier) -> Any:
    if node.name not in item:
        raise missing_segment(node.name)
    return item[node.name]


def _nested(item: Item, node: ast.Attribute) -> Any:
    owner = _value(item, node.owner)
    if not isinstance(owner, dict) or node.attr not in owner:
        raise missing_segment(node.attr)
    return owner[node.attr]


def _literal(item: Item, node: ast._Literal) -> Any:
    return node.val.lower() if isinstance(node, ast.GUID) else node.py_val


def _bool_op(item: Item, node: ast.BoolOp) -> bool:
    left = bool(_value(item, node.left))
    if isinstance(node.op, ast.Or):
        return left or bool(_value(item, node.right))
    return left and bool(_value(item, node.right))


def _not(item: Item, node: ast.UnaryOp) -> bool:
    return not _value(item, node.operand)


def _compare(item: Item, node: ast.Compare) -> bool:
    compare = _COMPARE.get(type(node.comparator))
    if compare is None:
        raise Unsupported(f"{type(node.comparator).__name__} in a $filter on metadata")
    return compare(_value(item, node.left), _value(item, node.right))


def _list(item: Item, node: ast.List) -> list[Any]:
    return [_value(item, part) for part in node.val]


def _call(item: Item, node: ast.Call) -> bool:
    name = function_name(node.func)
    if name not in _CALLS:
        raise Unsupported(f"the query function {name} on metadata")
    text, part = (str(_value(item, argument)) for argument in node.args)
    return _CALLS[name](text.casefold(), part.casefold())


_COMPARE: dict[type, Callable[[Any, Any], bool]] = {
    ast.Eq: lambda left, right: bool(left == right),
    ast.NotEq: lambda left, right: bool(left != right),
    ast.In: lambda left, right: left in right,
}
_CALLS: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda text, part: part in text,
    "startswith": lambda text, part: text.startswith(part),
    "endswith": lambda text, part: text.endswith(part),
}
_NODES: dict[type, Callable[[Item, Any], Any]] = {
    ast.Identifier: _member,
    ast.Attribute: _nested,
    ast.BoolOp: _bool_op,
    ast.UnaryOp: _not,
    ast.Compare: _compare,
    ast.Call: _call,
    ast.List: _list,
    ast.String: _literal,
    ast.Integer: _literal,
    ast.Boolean: _literal,
    ast.Null: _literal,
    ast.GUID: _literal,
}
