"""What one model says about one record: the result that outputs, explanations and cases read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from gradesys.records import Value
from gradesys.rules.account import Breakdown, Scored, Sheet, breakdown
from gradesys.rules.arithmetic import computed
from gradesys.rules.grades import next_grade
from gradesys.rules.state import Grade, Snapshot
from gradesys.rules.tally import Facts

_AT_THE_END = 3
"""What ``met`` holds behind the points."""


class Aside(Struct, frozen=True):
    """What few records or models have beside score and grade."""

    notes: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    below_since: date | None = None
    grade_since: date | None = None


NO_ASIDE = Aside()


class Scorecard(Struct, frozen=True, gc=False):
    """One record in one model. Outside the population everything but the ids is empty.

    ``met`` is what scoring met on its way: the values of indicators that are not just a cell of
    the row, where the points of all came to rest (helpers: the points alone), and at its end the
    score before and after base, scale and clamp, and Figures; empty outside the population. What
    only people read (``values``, ``points``, ``breakdown``, ``next_grade``) is made of it when it
    is asked for. Nothing leads back to a card, so it is none of the garbage collector's business.
    """

    sheet: Sheet
    facts: Facts
    previous: Snapshot
    score: Decimal | None = None
    graded: Decimal | None = None
    raw_grade: Grade | None = None
    earned: Grade | None = None
    grade: Grade | None = None
    met: tuple[Any, ...] = ()
    aside: Aside = NO_ASIDE

    @property
    def in_population(self) -> bool:
        """Whether the model scores this record."""
        return bool(self.met)

    @property
    def notes(self) -> tuple[str, ...]:
        """Remarks for the explanation."""
        return self.aside.notes

    @property
    def reasons(self) -> tuple[str, ...]:
        """What cost the most points, by code."""
        return self.aside.reasons

    @property
    def below_since(self) -> date | None:
        """Since when the raw grade is below the earned one."""
        return self.aside.below_since

    @property
    def grade_since(self) -> date | None:
        """Since when this grade is shown; kept only for its output role."""
        return self.aside.grade_since

    def noting(self, note: str) -> Scorecard:
        """The card with one more note."""
        return replace(self, aside=replace(self.aside, notes=(*self.notes, note)))

    @property
    def model(self) -> str:
        """The id of the model."""
        return self.sheet.model

    @property
    def version(self) -> str:
        """The version of the model."""
        return self.sheet.versioned()

    @property
    def as_of(self) -> datetime:
        """The instant of the evaluation."""
        return self.facts.moment.now

    @property
    def today(self) -> date:
        """Its local day."""
        return self.facts.moment.today

    @property
    def values(self) -> Mapping[str, Value]:
        """The value of each indicator."""
        if not self.in_population:
            return {}
        met, cell = iter(self.met), self.facts.row.get
        named = zip(self.sheet.names, self.sheet.columns, strict=True)
        return {name: next(met) if column is None else cell(column) for name, column in named}

    @property
    def _rests(self) -> tuple[Any, ...]:
        return self.met[self.sheet.columns.count(None) : -_AT_THE_END]

    @property
    def points(self) -> Mapping[str, Decimal | None]:
        """The clamped points of each indicator."""
        if self.sheet.whole is not None:
            whole: Scorecard = computed(self.sheet.whole(), self.facts, self.previous)
            return whole.points
        rests = dict(zip(self.sheet.names, self._rests, strict=False))
        scored = {entry.name: rests[entry.name][1] for entry in self.sheet.entries if rests}
        return rests | scored

    @property
    def breakdown(self) -> Breakdown:
        """How the score came about."""
        if not self.in_population:
            return Breakdown(None)
        *_, combined, bounded, figures = self.met
        numbers = (figures, combined, bounded, self.score)
        return breakdown(Scored(self.sheet, self.values, self._rests, *numbers, self.today))

    @property
    def next_grade(self) -> tuple[Grade, Decimal] | None:
        """The next better band and what is missing to its ``min``."""
        grades = self.sheet.grades
        return None if grades is None else next_grade(grades, self.graded, self.facts.cuts)

    @property
    def snapshot(self) -> Snapshot:
        """What tomorrow's evaluation will start from."""
        return Snapshot(self.grade, self.earned, self.below_since, self.score, self.grade_since)


def grade_since(shown: Grade | None, previous: Snapshot, today: date) -> date | None:
    """The local day since which this grade is shown; kept only for its output role."""
    if shown is None:
        return None
    return (previous.grade_since if shown == previous.grade else None) or today


def remarks(notes: list[str]) -> tuple[str, ...]:
    """Each note once, in the order in which they were made."""
    return tuple(dict.fromkeys(notes))
