"""Rows of a case file as typed rows: kinds told by shape, lookups by ``@type`` or the known lists
(rules.md sections 15.4, 15.7, 15.9).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from gradesys.errors import Problem, RuleError
from gradesys.records import Ref, Row, Value
from gradesys.rules.standard import id_column, lookups
from gradesys.rules.values import shaped

Targets = Mapping[str, str]
"""``table.lookup`` -> target table, as a case file's ``lookups`` says."""

_TYPE = "@type"


def read_rows(table: str, rows: Any, own: Targets) -> tuple[Row, ...]:
    """The rows of one table. RuleError: no list of maps, an id or a lookup's type is missing."""
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _wrong((table,), "a table is a list of rows")
    targets = _targets(table, own)
    return tuple(_row(table, index, row, targets) for index, row in enumerate(rows))


def read_id(value: Any) -> str | None:
    """An id as it compares: lower-case text, a number as its text."""
    return None if value is None else str(value).lower()


def cell(value: Any) -> Value:
    """A scalar as a value: text of a date's shape is a date or an instant."""
    if isinstance(value, str):
        found = shaped(value)
        return value if found is None else found
    if isinstance(value, dict | list):
        raise TypeError("a cell is a scalar")
    plain: Value = value
    return plain


def _targets(table: str, own: Targets) -> dict[str, tuple[str, ...]]:
    mine = {
        name.partition(".")[2]: (target,)
        for name, target in own.items()
        if name.partition(".")[0] == table
    }
    return {**lookups(table), **mine}


def _row(
    table: str, index: int, raw: Mapping[Any, Any], targets: Mapping[str, tuple[str, ...]]
) -> Row:
    key = id_column(None, table)
    if raw.get(key) is None:
        raise _wrong((table, index), f"a row needs its primary key '{key}'")
    row: dict[str, Value] = {}
    for column, value in _columns(raw):
        try:
            row[column] = read_id(value) if column == key else _cell(column, value, raw, targets)
        except (TypeError, LookupError) as error:
            raise _wrong((table, index, column), str(error.args[0])) from None
    return row


def _columns(raw: Mapping[Any, Any]) -> Iterable[tuple[str, Any]]:
    return ((str(name), value) for name, value in raw.items() if not str(name).endswith(_TYPE))


def _cell(
    column: str, value: Any, raw: Mapping[Any, Any], targets: Mapping[str, tuple[str, ...]]
) -> Value:
    told, known = raw.get(column + _TYPE), targets.get(column, ())
    if value is None or (told is None and not known):
        return cell(value)
    if told is None and len(known) > 1:
        raise LookupError(f"a lookup to several tables needs '{column}{_TYPE}'")
    return Ref(str(told or known[0]).lower(), str(value).lower())


def _wrong(path: tuple[str | int, ...], message: str) -> RuleError:
    return RuleError((Problem(("tables", *path), message),))
