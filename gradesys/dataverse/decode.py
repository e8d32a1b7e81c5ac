"""Pages as rows: typed decoding that keeps every digit and skips what was not selected.

One struct type per shape lets msgspec build nothing but the wanted cells (200,000 rows take
seconds), and numbers go from the wire to Decimal without a float between.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any

import msgspec
from msgspec import Struct

from gradesys.dataverse.odata import property_of
from gradesys.dataverse.shapes import Shape
from gradesys.errors import PermanentError
from gradesys.records import DATES, NUMBERS, TEXTS, Column, Kind, Ref, Row, Value

LOOKUP_NAME = "@Microsoft.Dynamics.CRM.lookuplogicalname"
_Cell = Callable[[Any], Value]
_Getter = Callable[[Any], Any]


class Decoded(Struct, frozen=True):
    """The rows of one page, and where the next one is: a link, or for FetchXML whether there is
    one and the cookie to ask with (empty: pages are counted)."""

    rows: tuple[Row, ...]
    next_link: str | None = None
    more: bool = False
    cookie: str = ""


class PageDecoder:
    """Decodes the pages of reads of one shape into rows with exactly the columns ``names``."""

    def __init__(self, shape: Shape, names: tuple[str, ...]) -> None:
        self._blank: dict[str, Value] = dict.fromkeys(names)
        self._filler = _filler(shape)
        link = msgspec.field(name="@odata.nextLink", default=None)
        rows: Any = list[_struct(shape)]  # type: ignore[misc]  # the type is built at run time
        page = msgspec.defstruct("Page", [("value", rows), ("link", str | None, link)])
        self._decoder = msgspec.json.Decoder(page)

    def decode(self, content: bytes) -> Decoded:
        """The rows of ``content``. Raises ``PermanentError`` when it is no such page."""
        try:
            page: Any = self._decoder.decode(content)
            return Decoded(tuple(map(self._row, page.value)), page.link)
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            detail = error if isinstance(error, msgspec.DecodeError) else type(error).__name__
            raise PermanentError(f"the answer is not the page asked for: {detail}") from error

    def _row(self, struct: Any) -> Row:
        row = self._blank.copy()
        self._filler.fill(row, struct)
        return row


class _Filler(Struct, frozen=True):
    """Copies the cells of one struct, and of the parents inside it, into a flat row."""

    cells: tuple[tuple[str, _Cell], ...]
    parents: tuple[tuple[str, _Filler], ...]

    def fill(self, row: dict[str, Value], struct: Any) -> None:
        for name, cell in self.cells:
            row[name] = cell(struct)
        for attribute, filler in self.parents:
            parent = getattr(struct, attribute)
            if parent is not None:
                filler.fill(row, parent)


def _filler(shape: Shape, prefix: str = "") -> _Filler:
    return _Filler(
        tuple((prefix + c.name, _cell(i, c)) for i, c in enumerate(shape.columns)),
        tuple(
            (f"b{i}", _filler(branch.shape, f"{prefix}{branch.lookup}."))
            for i, branch in enumerate(shape.branches)
        ),
    )


def _struct(shape: Shape) -> type[msgspec.Struct]:
    fields: list[tuple[str, Any, Any]] = []
    for i, column in enumerate(shape.columns):
        name = property_of(column)
        fields.append((f"c{i}", WIRE[column.kind] | None, msgspec.field(name=name, default=None)))
        if column.kind is Kind.LOOKUP:
            annotation = msgspec.field(name=name + LOOKUP_NAME, default=None)
            fields.append((f"t{i}", str | None, annotation))
    for i, branch in enumerate(shape.branches):
        parent = msgspec.field(name=branch.navigation, default=None)
        fields.append((f"b{i}", _struct(branch.shape) | None, parent))
    return msgspec.defstruct("Wire", fields, gc=False)


def _cell(index: int, column: Column) -> _Cell:
    get = attrgetter(f"c{index}")
    convert = CONVERTERS.get(column.kind)
    if column.kind is Kind.LOOKUP:
        return _lookup(get, attrgetter(f"t{index}"), column)
    if convert is None:
        return get
    return lambda struct: None if (value := get(struct)) is None else convert(value)


def _lookup(get: _Getter, get_table: _Getter, column: Column) -> _Cell:
    only = column.targets[0] if len(column.targets) == 1 else None

    def cell(struct: Any) -> Value:
        id_ = get(struct)
        if id_ is None:
            return None
        table = only or get_table(struct)
        if table is None:
            raise PermanentError(f"lookup {column.name} came without the table it points to")
        return Ref(table.lower(), id_.lower())

    return cell


def _instant(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _local(value: datetime) -> datetime:
    return value.replace(tzinfo=None)


def _date(text: str) -> date:
    return date.fromisoformat(text[:10])


WIRE: dict[Kind, Any] = {
    **dict.fromkeys(NUMBERS, Decimal),
    **dict.fromkeys(TEXTS | {Kind.ID, Kind.LOOKUP, Kind.DATE}, str),
    **dict.fromkeys(DATES - {Kind.DATE}, datetime),
    Kind.BOOLEAN: bool,
}
CONVERTERS: dict[Kind, Callable[[Any], Value]] = {
    Kind.ID: str.lower,
    Kind.DATE: _date,
    Kind.INSTANT: _instant,
    Kind.LOCAL: _local,
}
