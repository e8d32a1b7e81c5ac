"""Aggregates of which a few figures say all, over the typed rows of millions.

One generated loop a page adds to one list a record, which all reads share. Where a page comes in
another form, what was added up so far enters the ordinary folds, which go on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from gradesys.records import Column, Figure, Kind, Page, Partial, Read, Value
from gradesys.rules.arithmetic import CONTEXT, EXACT, computing
from gradesys.rules.emit.figures import WHOLE, Loop, Shape, States, figures_loop
from gradesys.rules.folding import Folding
from gradesys.rules.summing import Summing
from gradesys.rules.tally import Tally
from gradesys.rules.values import in_utc, whole

_ZERO = Decimal(0)
Member = tuple[Folding, Summing]
Teller = Callable[[list[Any]], Tally]


class Figuring:
    """The figures of all reads of one evaluation, by record."""

    def __init__(self, children: Mapping[Read, Sequence[Folding]]) -> None:
        self._states: States = {}
        self._blank: list[Any] = []
        self._shares: dict[Read, _Share] = {}
        for read, foldings in children.items():
            members = _members(read, foldings)
            share = _Share(read, members, len(self._blank)) if members else None
            if share is not None and share.loop is not None:
                share.is_all = len(members) == len(foldings)
                self._blank += share.blank
                self._shares[read] = share

    def add(self, page: Page) -> bool:
        """Take in a page, for the foldings whose results figures tell; the others still need it.
        False: nobody's."""
        share = self._shares.get(page.read)
        if share is None:
            return False
        if page.typed is None:
            if page.rows or page.partials:
                share.spill(self._states)
                del self._shares[page.read]
            return False
        assert share.loop is not None
        share.use(self._states)
        with computing(EXACT):
            share.loop(page.typed.objects, self._states, self._opened)
        return True

    def cells(self, read: Read) -> frozenset[str] | None:
        """The columns of a read that figures are made of; None: all, or somebody needs rows."""
        share = self._shares.get(read)
        return share.cells if share is not None and share.is_all else None

    def tellers(self, foldings: Mapping[str, object]) -> dict[str, Teller] | None:
        """What tells each of the foldings from a record's figures; None: not all of them can."""
        tellers = {n: f.told for n, f in foldings.items() if isinstance(f, Folding) and f.told}
        return tellers if len(tellers) == len(foldings) else None

    def of(self, id: str) -> list[Any]:
        """The figures of a record."""
        return self._states.get(id) or self._blank

    def _opened(self, id: str | None) -> list[Any] | None:
        if id is None:
            return None
        return self._states.setdefault(id.lower(), self._blank.copy())


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


def _teller(value: Callable[[list[Any]], Value], place: int) -> Teller:
    def tell(state: list[Any]) -> Tally:
        return Tally(value(state), state[place])

    return tell


class _Share:
    """What one read gives: the number of rows at ``place`` of a record's list, then the figures."""

    def __init__(self, read: Read, members: Sequence[Member], place: int) -> None:
        self._members, self._place = members, place
        self._figures = tuple(sorted({each for _, summing in members for each in summing.figures}))
        self._columns: Mapping[str, Column] = members[0][1].columns
        kinds = tuple(self._columns[name].kind for name in read.columns)
        single = self._columns[read.key].targets == (read.target,)
        self.loop: Loop | None = figures_loop(read, Shape(kinds, single, self._figures, place))
        filters = {name for folding, _ in members for name in folding.aggregate.filtered}
        self.cells = frozenset({read.key, *filters, *(f.column for f in self._figures)})
        self.is_all = False

    @property
    def blank(self) -> list[Any]:
        """The figures of no rows."""
        return [0, *map(self._start, self._figures)]

    def use(self, states: States) -> None:
        """Let the foldings tell their results from figures."""
        for folding, summing in self._members:
            if folding.worth is None:
                value = folding.worth = self._valuer(summing)
                folding.figured, folding.told = states, _teller(value, self._place)

    def spill(self, states: States) -> None:
        """Let the foldings go on from the figures with rows."""
        partials = [self._partial(id, state) for id, state in states.items() if state[self._place]]
        for folding, _ in self._members:
            folding.figured, folding.told, folding.worth = {}, None, None
            folding.merge(partials)

    def _start(self, figure: Figure) -> Any:
        if figure.op in ("min", "max"):
            return None
        is_counted = figure.op == "count" or self._columns[figure.column].kind in WHOLE
        return 0 if is_counted else _ZERO

    def _valuer(self, summing: Summing) -> Callable[[list[Any]], Value]:
        place, told = self._place, summing.told
        readers = [(self._at(each), self._reader(each)) for each in summing.figures]
        if told is None:
            at, read = readers[0][0], self._reader(summing.figures[0], rounding=True)
            return lambda state: read(state[at])

        def value(state: list[Any]) -> Value:
            found = told(Decimal(state[place]), *[read(state[at]) for at, read in readers])
            return CONTEXT.plus(found) if isinstance(found, Decimal) else found

        return value

    def _partial(self, id: str, state: list[Any]) -> Partial:
        figures = {each: self._reader(each)(state[self._at(each)]) for each in self._figures}
        return Partial(id, state[self._place], figures)

    def _at(self, figure: Figure) -> int:
        return self._place + 1 + self._figures.index(figure)

    def _reader(self, figure: Figure, rounding: bool = False) -> Callable[[Any], Value]:
        kind = Kind.INTEGER if figure.op == "count" else self._columns[figure.column].kind
        return (ROUNDED if rounding else READERS).get(kind, _as_it_is)


def _as_it_is(figure: Any) -> Any:
    return figure


READERS: Mapping[Kind, Callable[[Any], Value]] = {
    Kind.INTEGER: whole,
    Kind.INSTANT: in_utc,
}
"""From a figure to a cell, by the kind of its column."""
ROUNDED: Mapping[Kind, Callable[[Any], Value]] = {
    **READERS,
    Kind.INTEGER: lambda figure: None if figure is None else CONTEXT.create_decimal(figure),
    Kind.DECIMAL: CONTEXT.plus,
    Kind.MONEY: CONTEXT.plus,
}
"""The same with 28 digits, as an aggregate is told."""
