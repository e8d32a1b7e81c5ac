"""Literals of a ``$filter`` in the form in which the column they are compared with is stored."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

from odata_query import ast

from emulator.definitions import Column
from emulator.errors import Unsupported, bad_query
from emulator.query.grammar import function_name
from emulator.rows.values import DECIMALS, TEXT_KINDS, SqlValue, decimal_to_sql

_GUID = re.compile(r"\{?([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\}?")
_LIMIT = Decimal(10) ** 15 - Decimal(1).scaleb(-DECIMALS)
_WHOLE = 2**63 - 1
_EDM = {
    "Integer": "Edm.Int32",
    "BigInt": "Edm.Int64",
    "Picklist": "Edm.Int32",
    "State": "Edm.Int32",
    "Status": "Edm.Int32",
    "Money": "Edm.Decimal",
    "Decimal": "Edm.Decimal",
    "Double": "Edm.Double",
    "Boolean": "Edm.Boolean",
    "Uniqueidentifier": "Edm.Guid",
    "DateTime": "Edm.DateTimeOffset",
}


def literal_value(column: Column, node: ast._Node) -> SqlValue:
    """The literal as stored in this column; 400 when the types do not go together."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return literal_value(column, _negated(node.operand))
    if isinstance(node, ast.Null):
        return None
    if isinstance(node, ast.Call):
        raise Unsupported(f"the query function {function_name(node.func)}")
    try:
        value = _reader(column)(node)
    except (ValueError, OverflowError) as error:
        raise bad_query(f"Unrecognized literal '{node}' in $filter: {error}") from error
    if value is None:
        found = f"Edm.{type(node).__name__}"
        wanted = _EDM.get(column.kind, "Edm.Guid" if column.is_lookup else "Edm.String")
        raise bad_query(
            "A binary operator with incompatible types was detected. Found operand types "
            f"'{wanted}' and '{found}' for operator kind 'Equal'."
        )
    return value


def _reader(column: Column) -> Callable[[ast._Node], SqlValue]:
    if column.kind in TEXT_KINDS:
        return _text
    if column.is_lookup:
        return _guid
    if column.kind == "DateTime" and column.behavior == "DateOnly":
        return _date
    return _READERS[column.kind]


def _negated(node: ast._Node) -> ast._Node:
    if isinstance(node, ast.Integer | ast.Float):
        return type(node)(f"-{node.val}")
    return node


def _text(node: ast._Node) -> str | None:
    return str(node.val) if isinstance(node, ast.String) else None


def _guid(node: ast._Node) -> str | None:
    found = _GUID.fullmatch(node.val) if isinstance(node, ast.GUID | ast.String) else None
    return found[1].lower() if found else None


def _whole(node: ast._Node) -> int | float | None:
    if isinstance(node, ast.Integer):
        return max(-_WHOLE, min(_WHOLE, int(node.val)))
    return float(node.val) if isinstance(node, ast.Float) else None


def _decimal(node: ast._Node) -> str | None:
    if not isinstance(node, ast.Integer | ast.Float):
        return None
    # Beyond every storable value the order is all that matters.
    return decimal_to_sql(max(-_LIMIT, min(_LIMIT, Decimal(node.val))))


def _double(node: ast._Node) -> float | None:
    return float(node.val) if isinstance(node, ast.Integer | ast.Float) else None


def _boolean(node: ast._Node) -> int | None:
    return int(node.py_val) if isinstance(node, ast.Boolean) else None


def _date(node: ast._Node) -> str | None:
    return node.py_val.isoformat() if isinstance(node, ast.Date) else None


def _moment(node: ast._Node) -> str | None:
    if isinstance(node, ast.Date):
        return f"{node.py_val.isoformat()}T00:00:00Z"
    if not isinstance(node, ast.DateTime):
        return None
    return stored_moment(node.val)


def stored_moment(text: str) -> str:
    """An ISO date-time in UTC; a fraction of a second stays, sorting after the whole second."""
    moment = datetime.fromisoformat(text)
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    # "." sorts before "Z", so the fraction follows the Z: 00Z < 00Z.5 < 01Z.
    fraction = f".{moment.microsecond:06d}" if moment.microsecond else ""
    return f"{moment.replace(tzinfo=None).isoformat(timespec='seconds')}Z{fraction}"


_READERS: dict[str, Callable[[ast._Node], SqlValue]] = {
    "Integer": _whole,
    "BigInt": _whole,
    "Picklist": _whole,
    "State": _whole,
    "Status": _whole,
    "Money": _decimal,
    "Decimal": _decimal,
    "Double": _double,
    "Boolean": _boolean,
    "Uniqueidentifier": _guid,
    "DateTime": _moment,
}
