"""Pages of FetchXML answers as rows: flat, with the columns of parents under their aliases.

Null columns are not there at all, and the next page is asked for with a cookie that was encoded
twice (dataverse.md section 3.6).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import ParseError, fromstring

import msgspec

from gradesys.dataverse.decode import CONVERTERS, LOOKUP_NAME, WIRE, Decoded
from gradesys.dataverse.odata import property_of
from gradesys.dataverse.shapes import Shape, alias_of
from gradesys.errors import PermanentError
from gradesys.records import Column, Kind, Ref, Row, Value

_CRM = "@Microsoft.Dynamics.CRM."
Cell = tuple[str, str, Column]
"""A row's column, its member in the answer, and what metadata tells of it."""


class FetchDecoder:
    """Decodes the pages of reads of one shape into rows with exactly the columns ``names``."""

    def __init__(self, shape: Shape, names: tuple[str, ...]) -> None:
        self._blank: dict[str, Value] = dict.fromkeys(names)
        self._cells = tuple(_cells(shape, "", ""))

    def decode(self, content: bytes) -> Decoded:
        """The rows of ``content``. Raises ``PermanentError`` when it is no such page."""
        try:
            page = msgspec.json.decode(content, type=dict[str, msgspec.Raw])
            rows = msgspec.json.decode(page["value"], type=list[dict[str, msgspec.Raw]])
            more = bytes(page.get(f"{_CRM}morerecords", b"false")) == b"true"
            cookie = page.get(f"{_CRM}fetchxmlpagingcookie")
            return Decoded(tuple(map(self._row, rows)), more=more, cookie=_inner(cookie))
        except (msgspec.DecodeError, KeyError, ValueError, ParseError) as error:
            raise PermanentError(
                f"the answer is not the page asked for: {type(error).__name__}"
            ) from error

    def _row(self, members: dict[str, msgspec.Raw]) -> Row:
        row = self._blank.copy()
        for name, member, column in self._cells:
            raw = members.get(member)
            if raw is not None:
                row[name] = _value(column, raw, members.get(member + LOOKUP_NAME))
        return row


def _cells(shape: Shape, prefix: str, alias: str) -> Iterator[Cell]:
    for column in shape.columns:
        member = f"{alias}.{column.name}" if alias else property_of(column)
        yield prefix + column.name, member, column
    for number, branch in enumerate(shape.branches):
        inner = alias_of(alias, number)
        yield from _cells(branch.shape, f"{prefix}{branch.lookup}.", inner)


def _value(column: Column, raw: msgspec.Raw, table: msgspec.Raw | None) -> Value:
    value: Any = msgspec.json.decode(raw, type=WIRE[column.kind] | None)
    if value is None:
        return None
    if column.kind is Kind.LOOKUP:
        return Ref(_target(column, table), value.lower())
    convert = CONVERTERS.get(column.kind)
    plain: Value = convert(value) if convert else value
    return plain


def _target(column: Column, table: msgspec.Raw | None) -> str:
    if len(column.targets) == 1:
        return column.targets[0]
    if table is None:
        raise PermanentError(f"lookup {column.name} came without the table it points to")
    return msgspec.json.decode(table, type=str).lower()


def _inner(annotation: msgspec.Raw | None) -> str:
    if annotation is None:
        return ""
    outer = fromstring(msgspec.json.decode(annotation, type=str))
    return unquote(unquote(outer.get("pagingcookie", "")))
