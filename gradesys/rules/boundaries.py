"""Which cases stand at the edges of a model: below, at and above every band, nulls, window ends.

Each wish says what the engine must find for it to be worth a case; wishes that come out otherwise
are reported, not written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from gradesys.rules.compile import CompiledModel
from gradesys.rules.model import AggregateIndicator, AnyIndicator, Bands, Linear, ValueMap
from gradesys.rules.samples import COUNTS, Sample, Tables
from gradesys.rules.scorecard import Scorecard

CENT = Decimal("0.01")
UNBOUNDED = Decimal(1_000_000)
"""How far to look where no points tell."""
DAY = timedelta(days=1)

Try = Callable[[Tables], Scorecard | None]
"""Scores the record of some tables; None where it cannot be scored."""


@dataclass(frozen=True, slots=True)
class Boundary:
    """A case at an edge; ``about``: the indicators worth telling the values and points of."""

    name: str
    tables: Tables
    card: Scorecard
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Boundaries:
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
        step = _step(node)
        for edge in _edges(self.model, name):
            for word, value in (("below", edge - step), ("at", edge), ("above", edge + step)):
                title = f"{name} {word} {edge:f}"
                sample = self._sample()
                card = self.attempt(sample.tables) if sample.give(name, value) else None
                if card is None or card.values.get(name) != value:
                    yield title
                else:
                    yield Boundary(title, sample.tables, card, (name,))

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
            found = self._around(band.min)
            if found is None:
                yield f"a score around {band.min:f} ({band.grade})"
            for word, sample in zip(("just below", "just at"), found or (), strict=False):
                yield from self._made(f"score {word} {band.min:f} ({band.grade})", sample)

    def _around(self, edge: Decimal) -> tuple[Sample, Sample] | None:
        """Two samples whose scores lie closest around the edge, one indicator varied."""
        indicators = self.model.model.indicators
        found = (self._bisected(name, edge, full) for full in (False, True) for name in indicators)
        return next((pair for pair in found if pair is not None), None)

    def _bisected(self, name: str, edge: Decimal, full: bool) -> tuple[Sample, Sample] | None:
        step = _step(self.model.model.indicators[name])

        def tried(value: Decimal) -> tuple[Sample, bool] | None:
            sample = self._sample()
            for other in [each for each in self.model.model.indicators if each != name and full]:
                sample.give(other, max(_edges(self.model, other), default=Decimal(1)))
            card = self.attempt(sample.tables) if sample.give(name, value) else None
            if card is None or card.score is None:
                return None
            return sample, card.score >= edge

        low, high = Decimal(0), max(_edges(self.model, name), default=UNBOUNDED)
        first, last = tried(low), tried(high)
        if first is None or last is None or first[1] or not last[1]:
            return None
        while (middle := low + ((high - low) / 2).quantize(step)) not in (low, high):
            found = tried(middle)
            if found is None:
                return None
            low, high, first, last = (
                (low, middle, first, found) if found[1] else (middle, high, found, last)
            )
        return first[0], last[0]


def _days(start: date | None, end: date | None) -> Iterator[tuple[str, date]]:
    """The days at both ends of a window, inside and outside."""
    if start is not None:
        yield from (("the day before the window", start - DAY), ("the first day", start))
    if end is not None:
        yield from (("the last day", end - DAY), ("the day after the window", end))


def _edges(model: CompiledModel, name: str) -> list[Decimal]:
    """The values at which something changes for this indicator."""
    node = model.model.indicators[name]
    points, grades = node.points, model.model.grades
    found: list[Decimal] = []
    if isinstance(points, Bands):
        found += [band.min for band in points.bands if band.min is not None]
    elif isinstance(points, Linear):
        found += sorted(points.linear.start)
    elif isinstance(points, ValueMap):
        found += [key for key in points.map if isinstance(key, Decimal)]
    if grades is not None and grades.by == name:
        found += [band.min for band in grades.bands if band.min is not None]
    return sorted(set(found))


def _step(node: AnyIndicator) -> Decimal:
    counted = isinstance(node, AggregateIndicator) and node.op in COUNTS
    return Decimal(1) if counted else CENT
