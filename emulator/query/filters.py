"""A ``$filter`` as SQL, with SQL Server's rules: unknown is neither true nor false.

Paths over single-valued navigation properties become left joins, ``any`` and ``all`` become
EXISTS. What has no translation is refused with 501.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct, field
from odata_query import ast

from emulator.definitions import Column
from emulator.errors import Unsupported, bad_query
from emulator.query.asker import Asking
from emulator.query.functions import NAMESPACE, operator_of, unpack_call
from emulator.query.grammar import function_name, parse_filter
from emulator.query.literals import literal_value
from emulator.query.operators.operand import Operand
from emulator.query.operators.table import condition_sql
from emulator.query.source import Source, Sql
from emulator.rows.schema import guid_order
from emulator.rows.values import TEXT_KINDS, fold_text

_COMPARE: dict[type, str] = {
    ast.Eq: "=",
    ast.NotEq: "<>",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_MIRRORED: dict[type, type] = {ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE}
_PATTERNS = {"contains": "%{}%", "startswith": "{}%", "endswith": "%{}"}


class _Scope(Struct, frozen=True):
    """The source names refer to, who asks, and the range variables of the lambdas around."""

    source: Source
    asking: Asking
    variables: Mapping[str, Source] = field(default_factory=dict)


def filter_sql(source: Source, text: str, asking: Asking) -> Sql:
    """The condition of a ``$filter``; joins it needs are added to the source."""
    return _condition(_Scope(source, asking), parse_filter(text))


def _condition(scope: _Scope, node: ast._Node) -> Sql:
    translate = _NODES.get(type(node))
    if translate is None:
        raise Unsupported(f"{type(node).__name__} in $filter")
    return translate(scope, node)


def _bool_op(scope: _Scope, node: ast.BoolOp) -> Sql:
    parts = [_condition(scope, part) for part in _chain(node)]
    word = " OR " if isinstance(node.op, ast.Or) else " AND "
    values = tuple(value for part in parts for value in part.values)
    return Sql(balanced([part.text for part in parts], word), values)


def _chain(node: ast.BoolOp) -> list[ast._Node]:
    """``a or b or c`` as a list: the tree leans left and may be hundreds deep."""
    parts: list[ast._Node] = []
    current: ast._Node = node
    while isinstance(current, ast.BoolOp) and type(current.op) is type(node.op):
        parts.append(current.right)
        current = current.left
    parts.append(current)
    return parts[::-1]


def balanced(texts: Sequence[str], word: str) -> str:
    """Bracketed so that the depth stays small: SQLite allows 1,000 levels."""
    if len(texts) == 1:
        return texts[0]
    middle = len(texts) // 2
    return f"({balanced(texts[:middle], word)}{word}{balanced(texts[middle:], word)})"


def _not(scope: _Scope, node: ast.UnaryOp) -> Sql:
    if not isinstance(node.op, ast.Not):
        raise Unsupported("arithmetic in $filter")
    inner = _condition(scope, node.operand)
    return Sql(f"NOT ({inner.text})", inner.values)


def _compare(scope: _Scope, node: ast.Compare) -> Sql:
    left, operator, right = node.left, type(node.comparator), node.right
    if not isinstance(left, ast.Identifier | ast.Attribute):
        left, right, operator = right, left, _MIRRORED.get(operator, operator)
    if not isinstance(left, ast.Identifier | ast.Attribute):
        raise Unsupported("a comparison without a column in $filter")
    if isinstance(right, ast.Identifier | ast.Attribute):
        raise Unsupported("comparing two columns in $filter")
    source, column = _column(scope, left)
    if operator is ast.In:
        return _in(source, column, right)
    return _compared(source, column, operator, right)


def _compared(source: Source, column: Column, operator: type, right: ast._Node) -> Sql:
    value = literal_value(column, right)
    expression = source.sql(column)
    if value is None:
        return _with_null(expression, operator)
    if operator in _MIRRORED and (column.is_lookup or column.kind == "Uniqueidentifier"):
        return Sql(
            f"{guid_order(expression)} {_COMPARE[operator]} {guid_order('?')}", (value,) * 10
        )
    return Sql(f"{expression} {_COMPARE[operator]} ?", (value,))


def _with_null(expression: str, operator: type) -> Sql:
    if operator is ast.Eq:
        return Sql(f"{expression} IS NULL")
    return Sql(f"{expression} IS NOT NULL" if operator is ast.NotEq else "NULL")


def _in(source: Source, column: Column, right: ast._Node) -> Sql:
    if not isinstance(right, ast.List):
        raise bad_query("The right operand of 'in' must be a list.")
    values = tuple(literal_value(column, item) for item in right.val)
    return Sql(f"{source.sql(column)} IN ({', '.join('?' * len(values))})", values)


def _call(scope: _Scope, node: ast.Call) -> Sql:
    if node.func.namespace == NAMESPACE:
        return _query_function(scope, node)
    name = function_name(node.func)
    if name not in _PATTERNS:
        raise Unsupported(f"the query function {name}")
    path, literal = node.args
    if not isinstance(path, ast.Identifier | ast.Attribute) or not isinstance(literal, ast.String):
        raise Unsupported(f"{name} of anything but a column and a text")
    source, column = _column(scope, path)
    if column.kind not in TEXT_KINDS:
        raise bad_query(f"No function signature for the function with name '{name}' matches.")
    if "[" in literal.val:
        raise Unsupported("'[' in a text pattern")
    pattern = _PATTERNS[name].format(fold_text(literal.val))
    return Sql(f"fold({source.sql(column)}) LIKE ?", (pattern,))


def _query_function(scope: _Scope, node: ast.Call) -> Sql:
    name, packed = node.func.name, node.args[0] if node.args else None
    if not isinstance(packed, ast.String):
        raise bad_query(f"Syntax error in the arguments of {name}.")
    path, values = unpack_call(name, packed.val)
    start, path = _start(scope, path)
    source = start.along(path[:-1])
    # Lookups may be called by their logical name here.
    column = source.table.columns.get(path[-1]) or source.column(path[-1])
    operand = Operand(source, column, scope.asking)
    return condition_sql(operand, operator_of(name), values)


def _lambda(scope: _Scope, node: ast.CollectionLambda) -> Sql:
    *path, navigation = _segments(node.owner)
    start, path = _start(scope, path)
    child, tie = start.along(path).children(navigation)
    if node.lambda_ is None:
        return Sql(f"EXISTS (SELECT 1 {child.from_clause()} WHERE {tie})")
    variable = node.lambda_.identifier.name
    inner_scope = _Scope(scope.source, scope.asking, {**scope.variables, variable: child})
    inner = _condition(inner_scope, node.lambda_.expression)
    if isinstance(node.operator, ast.Any):
        text = f"EXISTS (SELECT 1 {child.from_clause()} WHERE {tie} AND {inner.text})"
    else:
        text = f"NOT EXISTS (SELECT 1 {child.from_clause()} WHERE {tie} AND NOT ({inner.text}))"
    return Sql(text, inner.values)


def _boolean_column(scope: _Scope, node: ast._Node) -> Sql:
    """A column standing alone as a condition: only a Boolean can."""
    source, column = _column(scope, node)
    if column.kind != "Boolean":
        raise bad_query("The $filter expression must evaluate to a single boolean value.")
    return Sql(f"{source.sql(column)} = 1")


def _column(scope: _Scope, node: ast._Node) -> tuple[Source, Column]:
    start, path = _start(scope, _segments(node))
    if not path:
        raise bad_query("A range variable cannot be compared.")
    source = start.along(path[:-1])
    return source, source.column(path[-1])


def _start(scope: _Scope, path: list[str]) -> tuple[Source, list[str]]:
    if path and path[0] in scope.variables:
        return scope.variables[path[0]], path[1:]
    return scope.source, path


def _segments(node: ast._Node) -> list[str]:
    if isinstance(node, ast.Attribute):
        return [*_segments(node.owner), node.attr]
    if isinstance(node, ast.Identifier) and not node.namespace:
        return [node.name]
    raise Unsupported("type casts in $filter")


_NODES: dict[type, Callable[[_Scope, Any], Sql]] = {
    ast.BoolOp: _bool_op,
    ast.UnaryOp: _not,
    ast.Compare: _compare,
    ast.Call: _call,
    ast.CollectionLambda: _lambda,
    ast.Identifier: _boolean_column,
    ast.Attribute: _boolean_column,
}
