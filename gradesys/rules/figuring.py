"""Aggregates of which a few figures say all, over the typed rows of millions.

All reads share the places of the records; a page is added step by step, each in one loop over one
list. Where a page comes in another form, what was added up so far enters the ordinary folds, which
go on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import repeat
from operator import attrgetter
from typing import Any

from gradesys.records import Amounts, Column, Figure, Kind, Page, Partial, Read, Typed, Value
from gradesys.rules.arithmetic import CONTEXT, EXACT, computing
from gradesys.rules.emit.figures import WHOLE, leaving
from gradesys.rules.folding import Folding
from gradesys.rules.heldfigures import Held, HeldCells, Worth, held
from gradesys.rules.places import Places
from gradesys.rules.summing import Summing
from gradesys.rules.tally import Tally

Member = tuple[Folding, Summing]
Teller = Callable[[HeldCells], Tally]
_ROWS = Figure("rows", "")


class Figuring:
    """The figures of all reads of one evaluation, by record."""

    def __init__(self, children: Mapping[Read, Sequence[Folding]], places: Places) -> None:
        self._places = places
        self._held: list[Held] = []
        self._shares: dict[Read, _Share] = {}
        for read, foldings in children.items():
            members = _members(read, foldings)
            share = _Share(read, members, len(self._held)) if members else None
            if share is not None and share.leaving is not None:
                share.is_all = len(members) == len(foldings)
                self._held += share.held
                self._shares[read] = share

    def add(self, page: Page) -> bool:
        """Take in a page, for the foldings whose results figures tell; the others still need it.
        False: nobody's."""
        share = self._shares.get(page.read)
        if share is None:
            return False
        if page.typed is None:
            if page.rows or page.partials:
                share.spill(self._places)
                del self._shares[page.read]
            return False
        share.use(self.known)
        share.add(page.typed, self._places)
        return True

    def form(self, read: Read) -> tuple[frozenset[str] | None, frozenset[str]]:
        """The columns of a read that figures are made of (None: all, or somebody needs rows), and
        those that are only added up."""
        share = self._shares.get(read)
        return (share.cells, share.spelled) if share and share.is_all else (None, frozenset())

    def tellers(self, foldings: Mapping[str, object]) -> dict[str, Teller] | None:
        """What tells each of the foldings from a record's figures; None: not all of them can."""
        tellers = {n: f.told for n, f in foldings.items() if isinstance(f, Folding) and f.told}
        return tellers if len(tellers) == len(foldings) else None

    def of(self, id: str) -> HeldCells:
        """The figures of a record."""
        return self.known(id) or tuple([held.blank for held in self._held])

    def known(self, id: str) -> HeldCells | None:
        """The same; None: nobody has heard of it."""
        place = self._places.get(id)
        return None if place is None else tuple([held.cell(place) for held in self._held])

    def all(self) -> Iterable[HeldCells]:
        """The figures of all records, in the order of their places."""
        count = len(self._places)
        return zip(*(h.all(count) for h in self._held), strict=True) if self._held else repeat(())


def _members(read: Read, foldings: Sequence[Folding]) -> list[Member]:
    """The foldings whose result figures tell. A narrowing that is the filter of one of them is that
    of all: it is why they share the read."""
    found = [
        (folding, summing)
        for folding in foldings
        if (summing := folding.aggregate.summing) is not None
        and summing.ours
        and summing.exact(folding.moment)
    ]
    return found if found and found[0][1].columns.keys() >= set(read.columns) else []


def _teller(value: Callable[[HeldCells], Value], place: int) -> Teller:
    def tell(cells: HeldCells) -> Tally:
        return Tally(value(cells), cells[place])

    return tell


class _Share:
    """What one read gives: the number of rows at ``place`` of a record's cells, then figures."""

    def __init__(self, read: Read, members: Sequence[Member], place: int) -> None:
        self._members, self._place = members, place
        self._figures = tuple(sorted({each for _, summing in members for each in summing.figures}))
        self._columns: Mapping[str, Column] = members[0][1].columns
        self._attributes = {name: f"c{index}" for index, name in enumerate(read.columns)}
        kinds = tuple(self._columns[name].kind for name in read.columns)
        single = self._columns[read.key].targets == (read.target,)
        self.leaving = leaving(read, kinds, single)
        self._keys = attrgetter(self._attributes[read.key])
        self.held = [held(_ROWS, Kind.INTEGER), *(held(f, self._kind(f)) for f in self._figures)]
        filters = {name for folding, _ in members for name in folding.aggregate.filtered}
        amounts = {f.column for f in self._figures if f.op == "sum" and self._kind(f) not in WHOLE}
        self.cells = frozenset({read.key, *filters, *(f.column for f in self._figures)})
        self.spelled = frozenset(amounts - filters)
        self.is_all = False

    def add(self, typed: Typed, places: Places) -> None:
        """Add the rows of a page."""
        assert self.leaving is not None
        rows = self.leaving(typed.objects)
        at, count = places.of(map(self._keys, rows)), len(places)
        values: dict[str, Amounts] = {}
        with computing(EXACT):
            for held in self.held:
                name = held.figure.column
                if name not in values:
                    values[name] = self._values(typed, rows, name)
                held.all(count)
                held.add(at, values[name])

    def use(self, known: Callable[[str], HeldCells | None]) -> None:
        """Let the foldings tell their results from figures."""
        for folding, summing in self._members:
            if folding.worth is None:
                folding.worth = worth = self._worth(summing)
                folding.figured, folding.told = known, _teller(worth.value, self._place)

    def spill(self, places: Places) -> None:
        """Let the foldings go on from the figures with rows."""
        rows = self.held[0]
        partials = [
            self._partial(id, place) for place, id in enumerate(places.ids) if rows.cell(place)
        ]
        for folding, _ in self._members:
            folding.figured, folding.told, folding.worth = None, None, None
            folding.merge(partials)

    def _kind(self, figure: Figure) -> Kind:
        return Kind.INTEGER if figure.op == "count" else self._columns[figure.column].kind

    def _values(self, typed: Typed, rows: Sequence[Any], name: str) -> Amounts:
        if not name:
            return Amounts(rows)
        cells = list(map(attrgetter(self._attributes[name]), rows))
        if name in typed.amounts:
            return typed.amounts[name](cells)
        return Amounts(cells, 0 if self._columns[name].kind in WHOLE else None)

    def _worth(self, summing: Summing) -> Worth:
        place, told = self._place, summing.told
        found = [(self._at(each), self.held[self._at(each) - place]) for each in summing.figures]
        if told is None:
            at, only = found[0]
            return Worth(lambda cells: only.rounded(cells[at]), at, only)

        def value(cells: HeldCells) -> Value:
            figures = [held.told(cells[at]) for at, held in found]
            result = told(Decimal(cells[place]), *figures)
            return CONTEXT.plus(result) if isinstance(result, Decimal) else result

        return Worth(value)

    def _partial(self, id: str, place: int) -> Partial:
        rows, *others = self.held
        figures = {held.figure: held.told(held.cells[place]) for held in others}
        return Partial(id, rows.cells[place], figures)

    def _at(self, figure: Figure) -> int:
        return self._place + 1 + self._figures.index(figure)
