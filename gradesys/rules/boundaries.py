"""Which cases stand at the edges of a model: below, at and above every band, nulls, window ends.

Each wish says what the engine must find for it to be worth a case; wishes that come out otherwise
are reported, not written.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from msgspec import Struct

from gradesys.rules.boundarysearch import Search, Try, edges, least_step
from gradesys.rules.compile import CompiledModel
from gradesys.rules.model import AnyIndicator
from gradesys.rules.samples import Sample, Tables
from gradesys.rules.scorecard import Scorecard

DAY = timedelta(days=1)
SIDES = "just below", "just at"


class Boundary(Struct, frozen=True):
    """A case at an edge; ``about``: the indicators worth telling the values and points of."""

    name: str
    tables: Tables
    card: Scorecard
    about: tuple[str, ...] = ()


class Boundaries(Struct, frozen=True):
    """The edges of one model on one day, found with the engine."""

    model: CompiledModel
    today: date
    attempt: Try

    def all(self) -> Iterator[Boundary | str]:
        """Every boundary that rows were found for, and the names of those without."""
        yield from self._made("nothing is known", self._sample())
        empty = self._sample()
        empty.record = {key: v for key, v in empty.record.items() if v == "r1"}
        empty.tables[self.model.model.table] = [empty.record]
        if self.model.model.population is not None:
            yield from self._made("outside the population", empty)
        for name, node in self.model.model.indicators.items():
            yield from self._of_indicator(name, node)
            yield from self._of_window(name)
        yield from self._of_grades()

    def _sample(self) -> Sample:
        return Sample(self.model.model, self.today)

    def _made(self, name: str, sample: Sample, *about: str) -> Iterator[Boundary | str]:
        card = self.attempt(sample.tables)
        yield name if card is None else Boundary(name, sample.tables, card, about)

    def _of_indicator(self, name: str, node: AnyIndicator) -> Iterator[Boundary | str]:
        for edge in edges(self.model, name):
            step = least_step(node, edge)
            values = (("below", edge - step), ("at", edge), ("above", edge + step))
            found = [self._given(f"{name} {word} {edge:f}", name, value) for word, value in values]
            if any(isinstance(each, Boundary) for each in found):
                yield from found
            else:
                yield from self._reached(name, edge) or found

    def _given(self, title: str, name: str, value: Decimal) -> Boundary | str:
        """The case in which rows give the indicator just this value."""
        sample = self._sample()
        card = self.attempt(sample.tables) if sample.give(name, value) else None
        if card is None or card.values.get(name) != value:
            return title
        return Boundary(title, sample.tables, card, (name,))

    def _reached(self, name: str, edge: Decimal) -> list[Boundary | str]:
        """Both sides of an edge of a value that others make: an expression, a transform."""

        def value_of(card: Scorecard) -> Decimal | None:
            value = card.values.get(name)
            return value if isinstance(value, Decimal) else None

        pair = Search(self.model, self.today, self.attempt, value_of).around(edge)
        made = (
            self._made(f"{name} {word} {edge:f}", sample, name)
            for word, sample in zip(SIDES, pair or (), strict=False)
        )
        return [each for found in made for each in found]

    def _of_window(self, name: str) -> Iterator[Boundary | str]:
        aggregate = self.model.indicators[name].source.aggregate
        if aggregate is None or aggregate.window is None:
            return
        for word, day in _days(*aggregate.window(self.today)):
            sample = self._sample()
            if sample.give(name, Decimal(1), day):
                yield from self._made(f"{name}: {word}", sample, name)
            else:
                yield f"{name}: {word}"

    def _of_grades(self) -> Iterator[Boundary | str]:
        grades = self.model.model.grades
        if grades is None or grades.by != "score":
            return
        for band in grades.bands:
            if band.min is None:
                continue
            search = Search(self.model, self.today, self.attempt, lambda card: card.score)
            found = search.around(band.min)
            if found is None:
                yield f"a score around {band.min:f} ({band.grade})"
            for word, sample in zip(SIDES, found or (), strict=False):
                yield from self._made(f"score {word} {band.min:f} ({band.grade})", sample)


def _days(start: date | None, end: date | None) -> Iterator[tuple[str, date]]:
    """The days at both ends of a window, inside and outside."""
    if start is not None:
        yield from (("the day before the window", start - DAY), ("the first day", start))
    if end is not None:
        yield from (("the last day", end - DAY), ("the day after the window", end))
