"""Statistics over everybody: the cut points of quantiles and of `top_percent` (sections 4, 6, 7).

First the values of the whole population, then the cuts of quantiles, and under these the graded
values. A record's error leaves it out of the statistics that the error touches, and of no others.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal, DecimalException

from msgspec import Struct, field
from msgspec.structs import replace

from gradesys.errors import RecordError
from gradesys.rules.compile import CompiledModel
from gradesys.rules.cutpoints import Cutpoints, quantile_cuts, top_cut
from gradesys.rules.emit.statistics import Measure
from gradesys.rules.state import Grade
from gradesys.rules.tally import Facts


class Census(Struct):
    """What everybody has of a model's ranked indicators. ``members``: the population, which is
    scored again under the quantile cuts; empty where no grade ranks. Use it in ``computing()``."""

    model: CompiledModel
    values: dict[str, list[Decimal]] = field(default_factory=dict)
    members: list[Facts] = field(default_factory=list)

    def add(self, facts: Facts) -> None:
        """Count one scored row, if it belongs to the population."""
        if not _belongs(self.model, facts):
            return
        if self.model.percents:
            self.members.append(facts)
        for name, measure in self.model.measures.items():
            value = _measured(measure, facts)
            if value is not None:
                self.values.setdefault(name, []).append(value)

    def cutpoints(self, day: date) -> Cutpoints:
        """The cut points of everybody counted, measured on this local day."""
        shares = self.model.shares
        quantiles = {name: quantile_cuts(all, shares[name]) for name, all in self.values.items()}
        cuts = Cutpoints(quantiles, day=day)
        return replace(cuts, grades=dict(self._grades(cuts)))

    def _grades(self, cuts: Cutpoints) -> Iterator[tuple[Grade, Decimal]]:
        measure = self.model.graded
        graded = [_measured(measure, replace(facts, cuts=cuts)) for facts in self.members]
        found = [value for value in graded if value is not None]
        for grade, percent in self.model.percents.items():
            cut = top_cut(found, percent)
            if cut is not None:
                yield grade, cut


def _belongs(model: CompiledModel, facts: Facts) -> bool:
    try:
        return model.population.test(facts.row, facts.moment)
    except RecordError:
        return False


def _measured(measure: Measure, facts: Facts) -> Decimal | None:
    """None where the number cannot be computed."""
    try:
        return measure(facts)
    except (RecordError, DecimalException):
        return None
