"""Pages as rows: typed decoding that keeps every digit and skips what was not selected.

One struct type per shape lets msgspec build nothing but the wanted cells (200,000 rows take
seconds), and numbers go from the wire to Decimal without a float between. Rows are made of the
structs only where somebody asks for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from operator import attrgetter
from types import GenericAlias
from typing import Annotated, Any, overload

import msgspec
from msgspec import Struct

from gradesys.dataverse.amounts import amounts
from gradesys.dataverse.odata import property_of
from gradesys.dataverse.shapes import Shape
from gradesys.errors import PermanentError
from gradesys.records import DATES, NUMBERS, TEXTS, Column, Kind, Ref, Row, Typed, Value

LOOKUP_NAME = "@Microsoft.Dynamics.CRM.lookuplogicalname"
_NULL = msgspec.Raw(b"null")
_Cell = Callable[[Any], Value]
_Getter = Callable[[Any], Any]
Wires = Mapping[Kind, Any]
"""The type of a cell on the wire, by the kind of its column."""
Converters = Mapping[Kind, Callable[[Any], Value]]
"""From a cell on the wire to that of a row; kinds that are not there need none."""


class Rows(Sequence[Row]):
    """The rows of a page, made when somebody looks at them; that there are any is known before."""

    def __init__(self, count: int, make: Callable[[], Iterable[Row]]) -> None:
        self._count, self._make = count, make

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | Sequence[Row]:
        return tuple(self._make())[place]

    def __iter__(self) -> Iterator[Row]:
        return iter(self._make())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)


class Decoded(Struct, frozen=True):
    """The rows of one page, and where the next one is: a link, or for FetchXML whether there is
    one and the cookie to ask with (empty: pages are counted)."""

    rows: Sequence[Row]
    next_link: str | None = None
    more: bool = False
    cookie: str = ""
    typed: Typed | None = None


class Form(Struct, frozen=True):
    """``cells`` of typed rows (None: all), and which of these stay as they are ``spelled``."""

    cells: frozenset[str] | None = None
    spelled: frozenset[str] = frozenset()


WHOLE = Form()


class PageDecoder:
    """Decodes the pages of reads of one shape into rows with exactly the columns ``names``.

    Cells are expected as Dataverse spells them today; an organisation that once spells one in
    another way (a day with a time, a whole number with a point) is read in the wider way from then
    on.
    """

    def __init__(self, shape: Shape, names: tuple[str, ...], form: Form = WHOLE) -> None:
        tight, wide = _filler(shape, TIGHT_CONVERTERS), _filler(shape, CONVERTERS)
        self._tight = _Decoding(_decoder(shape, TIGHT), _maker(names, tight))
        self._wide = _Decoding(_decoder(shape, WIRE), _maker(names, wide))
        self._is_flat = tuple(column.name for column in shape.columns) == names
        is_few = form.cells is not None and self._is_flat
        self._few = _decoder(shape, TIGHT, form) if is_few else None
        self._amounts = dict.fromkeys(form.spelled if is_few else (), amounts)
        self._is_tight = True

    def decode(self, content: bytes) -> Decoded:
        """The rows of ``content``. Raises ``PermanentError`` when it is no such page."""
        return self._decoded(content, self._few)

    def _decoded(self, content: bytes, few: msgspec.json.Decoder[Any] | None) -> Decoded:
        try:
            if self._is_tight:
                try:
                    return self._typed(content, few)
                except msgspec.ValidationError:
                    self._is_tight = False
            page: Any = self._wide.decoder.decode(content)
            return Decoded(tuple(map(self._wide.row, page.value)), page.link)
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            detail = error if isinstance(error, msgspec.DecodeError) else type(error).__name__
            raise PermanentError(f"the answer is not the page asked for: {detail}") from error

    def _typed(self, content: bytes, few: msgspec.json.Decoder[Any] | None) -> Decoded:
        page: Any = (few or self._tight.decoder).decode(content)
        objects, row = page.value, self._tight.row

        def rows() -> Iterable[Row]:
            return self._decoded(content, None).rows if few else map(row, objects)

        typed = Typed(objects, row, self._amounts if few else {}) if self._is_flat else None
        return Decoded(Rows(len(objects), rows), page.link, typed=typed)


class _Decoding(Struct, frozen=True):
    """One way of reading the pages of a shape."""

    decoder: msgspec.json.Decoder[Any]
    row: Callable[[Any], Row]


class _Filler(Struct, frozen=True):
    """Copies the cells of one struct, and of the parents inside it, into a flat row. ``get`` takes
    those called ``names`` all at once; ``cells`` are those that must be converted."""

    names: tuple[str, ...]
    get: _Getter
    cells: tuple[tuple[str, _Cell], ...]
    parents: tuple[tuple[str, _Filler], ...]

    def fill(self, row: dict[str, Value], struct: Any) -> None:
        row.update(zip(self.names, self.get(struct), strict=False))
        for name, cell in self.cells:
            row[name] = cell(struct)
        for attribute, filler in self.parents:
            parent = getattr(struct, attribute)
            if parent is not None:
                filler.fill(row, parent)


def _maker(names: tuple[str, ...], filler: _Filler) -> Callable[[Any], Row]:
    blank: dict[str, Value] = dict.fromkeys(names)

    def row(struct: Any) -> Row:
        made = blank.copy()
        filler.fill(made, struct)
        return made

    return row


def _filler(shape: Shape, converters: Converters, prefix: str = "") -> _Filler:
    plain: list[tuple[int, Column]] = []
    special: list[tuple[int, Column]] = []
    for i, column in enumerate(shape.columns):
        is_plain = column.kind is not Kind.LOOKUP and column.kind not in converters
        (plain if is_plain else special).append((i, column))
    attributes = [f"c{i}" for i, _ in plain]
    return _Filler(
        tuple(prefix + column.name for _, column in plain),
        attrgetter(*attributes, "__class__", "__class__"),  # two at least: a tuple at any rate
        tuple((prefix + column.name, _cell(i, column, converters)) for i, column in special),
        tuple(
            (f"b{i}", _filler(branch.shape, converters, f"{prefix}{branch.lookup}."))
            for i, branch in enumerate(shape.branches)
        ),
    )


def _decoder(shape: Shape, wires: Wires, form: Form = WHOLE) -> msgspec.json.Decoder[Any]:
    link = msgspec.field(name="@odata.nextLink", default=None)
    rows = GenericAlias(list, (_struct(shape, wires, form),))
    page = msgspec.defstruct("Page", [("value", rows), ("link", str | None, link)])
    return msgspec.json.Decoder(page)


def _struct(shape: Shape, wires: Wires, form: Form = WHOLE) -> type[msgspec.Struct]:
    fields: list[tuple[str, Any, Any]] = []
    for i, column in enumerate(shape.columns):
        if form.cells is not None and column.name not in form.cells:
            continue
        name, is_spelled = property_of(column), column.name in form.spelled
        wire = msgspec.Raw if is_spelled else wires[column.kind] | None
        missing = _NULL if is_spelled else None
        fields.append((f"c{i}", wire, msgspec.field(name=name, default=missing)))
        if column.kind is Kind.LOOKUP and len(column.targets) != 1:
            annotation = msgspec.field(name=name + LOOKUP_NAME, default=None)
            fields.append((f"t{i}", str | None, annotation))
    for i, branch in enumerate(shape.branches):
        parent = msgspec.field(name=branch.navigation, default=None)
        fields.append((f"b{i}", _struct(branch.shape, wires) | None, parent))
    return msgspec.defstruct("Wire", fields, gc=False)


def _cell(index: int, column: Column, converters: Converters) -> _Cell:
    get = attrgetter(f"c{index}")
    if column.kind is Kind.LOOKUP:
        return _lookup(get, attrgetter(f"t{index}"), column)
    convert = converters[column.kind]
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
    if value.tzinfo is UTC:
        return value
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _local(value: datetime) -> datetime:
    return value.replace(tzinfo=None)


def _date(text: str) -> date:
    return date.fromisoformat(text[:10])


WIRE: Wires = {
    **dict.fromkeys(NUMBERS, Decimal),
    **dict.fromkeys(TEXTS | {Kind.ID, Kind.LOOKUP, Kind.DATE}, str),
    **dict.fromkeys(DATES - {Kind.DATE}, datetime),
    Kind.BOOLEAN: bool,
}
CONVERTERS: Converters = {
    Kind.ID: str.lower,
    Kind.DATE: _date,
    Kind.INSTANT: _instant,
    Kind.LOCAL: _local,
}
TIGHT: Wires = {
    **WIRE,
    Kind.INTEGER: int,
    Kind.CHOICE: int,
    Kind.DATE: date,
    Kind.INSTANT: Annotated[datetime, msgspec.Meta(tz=True)],
}
TIGHT_CONVERTERS: Converters = {
    Kind.ID: str.lower,
    Kind.INTEGER: Decimal,
    Kind.CHOICE: Decimal,
    Kind.INSTANT: _instant,
    Kind.LOCAL: _local,
}
