"""Looking for two samples that lie closest around an edge of a score or of a computed value.

What an expression or a transform makes of its inputs is not turned round by algebra: one input is
moved until the result crosses the edge, which is enough wherever it moves one way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

from msgspec import Struct

from gradesys.rules.compile import CompiledModel
from gradesys.rules.model import AggregateIndicator, AnyIndicator, Bands, Linear, ValueMap
from gradesys.rules.samples import COUNTS, MOST_ROWS, Sample, Tables
from gradesys.rules.scorecard import Scorecard

CENT, TENTH, ONE, SOME = Decimal("0.01"), Decimal("0.1"), Decimal(1), Decimal(10)
UNBOUNDED = Decimal(1_000_000)
"""How far to look where no points tell."""
MOST_DAYS = Decimal(3_650)
DIGITS = 20
"""Of large values only so many digits are moved: the engine has 28."""

Try = Callable[[Tables], Scorecard | None]
"""Scores the record of some tables; None where it cannot be scored."""
Measure = Callable[[Scorecard], Decimal | None]
Side = tuple[Sample, bool]
"""A sample, and whether it is at or above the edge."""


class Search(Struct, frozen=True):
    """Samples of one model on one day, by the number that is measured on them."""

    model: CompiledModel
    today: date
    attempt: Try
    measure: Measure

    def around(self, edge: Decimal) -> tuple[Sample, Sample] | None:
        """The closest sample below the edge and the closest at or above it, one input moved."""
        for full, name in product((False, True), self.model.model.indicators):
            others = self._filled(name) if full else Sample(self.model.model, self.today)
            for form in FORMS:
                if (pair := self._closest(edge, name, form, others)) is not None:
                    return pair
        return None

    def _closest(
        self, edge: Decimal, name: str, form: str, others: Sample
    ) -> tuple[Sample, Sample] | None:
        low, high, step = self._range(name, form)

        def tried(value: Decimal) -> Side | None:
            sample = others.copy()
            given = sample.give(name, FORMS[form](value, self.today))
            card = self.attempt(sample.tables) if given else None
            found = None if card is None else self.measure(card)
            return None if found is None else (sample, found >= edge)

        first = tried(low)
        last = None if first is None else tried(high)
        if first is None or last is None or first[1] == last[1]:
            return None
        while (middle := low + ((high - low) / 2).quantize(step)) not in (low, high):
            found = tried(middle)
            if found is None:
                return None
            if found[1] == last[1]:
                high, last = middle, found
            else:
                low, first = middle, found
        return (first[0], last[0]) if last[1] else (last[0], first[0])

    def _range(self, name: str, form: str) -> tuple[Decimal, Decimal, Decimal]:
        """From where to where an input is moved, and its smallest step."""
        if form == "days":
            return -MOST_DAYS, MOST_DAYS, ONE
        node = self.model.model.indicators[name]
        far = Decimal(MOST_ROWS) if is_count(node) else UNBOUNDED
        high = max(edges(self.model, name), default=far) if form == "number" else far
        high = high if high > 0 else far
        return Decimal(0), high, least_step(node, high)

    def _filled(self, name: str) -> Sample:
        """A sample in which every other input has its best value, a number or else a day; without
        those that can have neither."""
        gifts: list[tuple[str, Any]] = []
        for other, node in self.model.model.indicators.items():
            best = max(edges(self.model, other), default=SOME if is_count(node) else ONE)
            for form in (_number, _days_ago) if other != name else ():
                gift = other, form(best, self.today)
                if self.attempt(self._given([*gifts, gift]).tables) is not None:
                    gifts.append(gift)
                    break
        return self._given(gifts)

    def _given(self, gifts: Sequence[tuple[str, Any]]) -> Sample:
        sample = Sample(self.model.model, self.today)
        for name, value in gifts:
            sample.give(name, value)
        return sample


def edges(model: CompiledModel, name: str) -> list[Decimal]:
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


def least_step(node: AnyIndicator, size: Decimal) -> Decimal:
    """How far beside a value of this size another one of the indicator is looked for."""
    least = CENT
    if isinstance(node, AggregateIndicator):
        least = ONE if is_count(node) else TENTH if node.op == "share" else CENT
    return max(least, ONE.scaleb(size.adjusted() - DIGITS))


def is_count(node: AnyIndicator) -> bool:
    """Whether its values are numbers of rows."""
    return isinstance(node, AggregateIndicator) and node.op in COUNTS


def _number(value: Decimal, today: date) -> Any:
    return value


def _days_ago(value: Decimal, today: date) -> Any:
    return (today - timedelta(days=int(value))).isoformat()


FORMS: Mapping[str, Callable[[Decimal, date], Any]] = {
    "number": _number,
    "far": _number,
    "days": _days_ago,
}
"""What a moved number stands for: itself, up to its own last edge or far beyond it, or a day so
many days ago."""
