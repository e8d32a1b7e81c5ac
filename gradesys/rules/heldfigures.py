"""One figure of very many records: a row of cells, one for each record, in the order of places.

Sums of money are whole numbers of the smallest unit that pages are spelled in, eight bytes each;
once one needs more they are ints, and once pages differ in the unit they are Decimals.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import chain
from typing import Any

from msgspec import Struct, field

from gradesys.records import Amounts, Figure, Kind, Value
from gradesys.rules.arithmetic import CONTEXT, EXACT
from gradesys.rules.values import in_utc, whole

_ZERO = Decimal(0)
NOTHING = -(2**63)
"""Where sums are eight bytes each: no value has come."""
Pair = tuple[int, Any]
"""A place and a value for it."""
HeldCells = tuple[Any, ...]
"""A record's cell of every figure of every read."""


class Held(Struct):
    """``cells`` are ``blank`` where no value has come. ``places``: decimal places of the unit of a
    sum; None: its cells are Decimals."""

    figure: Figure
    kind: Kind
    cells: list[Any] | array[int] = field(default_factory=list)
    blank: Any = None
    places: int | None = None
    is_begun: bool = False

    def add(self, at: Sequence[int], found: Amounts) -> None:
        """Add values, each to the record whose place is told; within ``computing(EXACT)``."""
        ADDED[self.figure.op](self, at, found)

    def all(self, count: int) -> Sequence[Any]:
        """The cells of so many records."""
        self.cells.extend([self.blank] * (count - len(self.cells)))
        return self.cells

    def cell(self, place: int) -> Any:
        """A record's cell."""
        return self.cells[place] if place < len(self.cells) else self.blank

    def told(self, cell: Any) -> Value:
        """A cell as the figure that it is."""
        if self.figure.op == "sum":
            return _ZERO if cell is None or cell == self.blank else _decimal(cell, self.places)
        if self.figure.op == "count":
            return Decimal(cell)
        convert = TOLD.get(self.kind)
        value: Value = convert(cell) if convert else cell
        return value

    def rounded(self, cell: Any) -> Value:
        """The same with 28 digits, as an aggregate is told."""
        value = self.told(cell)
        return CONTEXT.plus(value) if isinstance(value, Decimal) else value


def held(figure: Figure, kind: Kind) -> Held:
    """A figure of which nothing has come yet."""
    if figure.op == "sum":
        return Held(figure, kind, array("q"), NOTHING)
    return Held(figure, kind, blank=0 if figure.op in ("count", "rows") else None)


class Worth(Struct, frozen=True):
    """What an aggregate is worth, from a record's cells; where one figure is all, its ``held`` and
    where it stands ``at`` among the cells."""

    value: Callable[[HeldCells], Value]
    at: int = 0
    held: Held | None = None


def _sum(held: Held, at: Sequence[int], found: Amounts) -> None:
    if held.is_begun and found.places != held.places:
        found = _agreed(held, found)
    elif any(number is not None for number in found.numbers):
        held.is_begun, held.places = True, found.places
    pairs: Iterator[Pair] = zip(at, found.numbers, strict=True)
    if held.blank is not None and (held.places is not None or not held.is_begun):
        pairs = _pack(held.cells, pairs)
    first = next(pairs, None)
    if first is not None:
        _loosen(held)
        _add(held, chain((first,), pairs))


def _pack(cells: Any, pairs: Iterator[Pair]) -> Iterator[Pair]:
    """Add numbers to sums of eight bytes; gives those that are left once a sum needs more."""
    nothing, limit = NOTHING, -NOTHING
    for place, number in pairs:
        if number is not None:
            cell = cells[place]
            total = number if cell == nothing else cell + number
            if not nothing < total < limit:
                return chain(((place, number),), pairs)
            cells[place] = total
    return pairs


def _add(held: Held, pairs: Iterator[Pair]) -> None:
    cells, zero = held.cells, _ZERO if held.places is None else 0
    for place, number in pairs:
        if number is not None:
            cell = cells[place]
            cells[place] = number + (zero if cell is None else cell)


def _loosen(held: Held) -> None:
    """Let cells have any size."""
    if held.blank is not None:
        held.cells = [None if cell == held.blank else cell for cell in held.cells]
        held.blank = None


def _agreed(held: Held, found: Amounts) -> Amounts:
    """The values as Decimals, and all sums too; nulls alone change nothing."""
    numbers = [None if n is None else _decimal(n, found.places) for n in found.numbers]
    if held.places is not None and any(number is not None for number in numbers):
        _loosen(held)
        held.cells = [None if c is None else _decimal(c, held.places) for c in held.cells]
        held.places = None
    return Amounts(numbers)


def _decimal(number: Any, places: int | None) -> Decimal:
    return Decimal(number) if not places else Decimal(number).scaleb(-places, EXACT)


def _count(held: Held, at: Sequence[int], found: Amounts) -> None:
    cells = held.cells
    for place, value in zip(at, found.numbers, strict=True):
        if value is not None:
            cells[place] += 1


def _rows(held: Held, at: Sequence[int], found: Amounts) -> None:
    cells = held.cells
    for place in at:
        cells[place] += 1


def _least(held: Held, at: Sequence[int], found: Amounts) -> None:
    cells = held.cells
    for place, value in zip(at, found.numbers, strict=True):
        if value is not None and ((cell := cells[place]) is None or value < cell):
            cells[place] = value


def _most(held: Held, at: Sequence[int], found: Amounts) -> None:
    cells = held.cells
    for place, value in zip(at, found.numbers, strict=True):
        if value is not None and ((cell := cells[place]) is None or value > cell):
            cells[place] = value


ADDED: Mapping[str, Callable[[Held, Sequence[int], Amounts], None]] = {
    "sum": _sum,
    "count": _count,
    "rows": _rows,
    "min": _least,
    "max": _most,
}
"""How values enter a figure."""
TOLD: Mapping[Kind, Callable[[Any], Value]] = {Kind.INTEGER: whole, Kind.INSTANT: in_utc}
"""From the end of an order to a cell of a row, by the kind of its column."""
