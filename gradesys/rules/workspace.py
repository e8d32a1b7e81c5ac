"""What is known about one record while one model scores it: the scope of its expressions.

Indicators hide params of the same name; ``value``, ``score`` and ``grade`` are bound for the
expressions that may see them (rules.md section 15.2). Names were checked when compiling.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from gradesys.errors import RecordError
from gradesys.records import Row, Value
from gradesys.rules.aggregates import Tally
from gradesys.rules.clock import Moment
from gradesys.rules.cutpoints import NO_CUTS, Cutpoints

Fold = Tally | RecordError
"""What an aggregate gave for this record, or why it could not."""


@dataclass(frozen=True, slots=True)
class Facts:
    """The inputs: the scored row, its folds by indicator, the clock, and the cut points."""

    row: Row
    folds: Mapping[str, Fold]
    moment: Moment
    cuts: Cutpoints = NO_CUTS


@dataclass(slots=True)
class Workspace:
    """Facts, params, and what has been computed so far; a Scope for expressions."""

    facts: Facts
    params: Mapping[str, Value]
    known: dict[str, Value] = field(default_factory=dict)
    scored: dict[str, Decimal | None] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    bound: Mapping[str, Value] = field(default_factory=dict)

    @property
    def moment(self) -> Moment:
        """The clock of the evaluation."""
        return self.facts.moment

    @property
    def cuts(self) -> Cutpoints:
        """Where the population is divided."""
        return self.facts.cuts

    def value(self, name: str) -> Value:
        """A bound name, an indicator's value, or a param."""
        if name in self.bound:
            return self.bound[name]
        return self.known[name] if name in self.known else self.params[name]

    def points(self, name: str) -> Decimal | None:
        """The clamped points of an indicator; None where a helper has none."""
        return self.scored[name]

    def note(self, text: str) -> None:
        """Keep a remark for the explanation, once."""
        if text not in self.notes:
            self.notes.append(text)

    def binding(self, **names: Value) -> Workspace:
        """The same workspace, with more names for one expression."""
        bound = {**self.bound, **names}
        return Workspace(self.facts, self.params, self.known, self.scored, self.notes, bound)
