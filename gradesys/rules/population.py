"""Statistics over everybody: the cut points of quantiles and of `top_percent` (sections 4, 6, 7).

First the values of the whole population, then the cuts of quantiles, and under these the graded
values. A record's error leaves it out of the statistics that the error touches, and of no others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, DecimalException, localcontext

from gradesys.errors import RecordError
from gradesys.records import Value
from gradesys.rules.arithmetic import CONTEXT
from gradesys.rules.compile import CompiledModel
from gradesys.rules.cutpoints import Cutpoints, quantile_cuts, top_cut
from gradesys.rules.scoring import breakdown_of
from gradesys.rules.state import Grade
from gradesys.rules.values import number
from gradesys.rules.workspace import Facts, Workspace


class _Known(dict[str, Value]):
    """Values by indicator; one that could not be computed raises when it is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.failed: dict[str, RecordError] = {}

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or name in self.failed

    def __missing__(self, name: str) -> Value:
        raise self.failed[name]


@dataclass(slots=True)
class Census:
    """What everybody has of a model's ranked indicators. ``members``: the population, which is
    scored again under the quantile cuts; empty where no grade ranks."""

    model: CompiledModel
    values: dict[str, list[Decimal]] = field(default_factory=dict)
    members: list[Facts] = field(default_factory=list)

    def add(self, facts: Facts) -> None:
        """Count one scored row, if it belongs to the population."""
        if not _belongs(self.model, facts):
            return
        if self.model.percents:
            self.members.append(facts)
        known = _values(self.model, facts) if self.model.shares else {}
        for name in self.model.shares:
            value = _number(known, name)
            if value is not None:
                self.values.setdefault(name, []).append(value)

    def cutpoints(self, day: date) -> Cutpoints:
        """The cut points of everybody counted, measured on this local day."""
        shares = self.model.shares
        quantiles = {name: quantile_cuts(all, shares[name]) for name, all in self.values.items()}
        cuts = Cutpoints(quantiles, day=day)
        return replace(cuts, grades=dict(self._grades(cuts)))

    def _grades(self, cuts: Cutpoints) -> Iterator[tuple[Grade, Decimal]]:
        graded = [_graded_value(self.model, replace(facts, cuts=cuts)) for facts in self.members]
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


def _values(model: CompiledModel, facts: Facts) -> _Known:
    known = _Known()
    workspace = Workspace(facts, model.model.params, known)
    for name in model.order:
        try:
            with localcontext(CONTEXT):
                known[name] = model.indicators[name].value(workspace)
        except RecordError as error:
            known.failed[name] = error
        except DecimalException:
            known.failed[name] = RecordError("a number is too large")
    return known


def _number(known: Mapping[str, Value], name: str) -> Decimal | None:
    try:
        return number(known[name])
    except RecordError:
        return None


def _graded_value(model: CompiledModel, facts: Facts) -> Decimal | None:
    """The rounded score, or an indicator's value as it is; None where it cannot be computed."""
    known = _values(model, facts)
    by = "score" if model.grades is None else model.grades.node.by
    if by != "score":
        return _number(known, by)
    try:
        with localcontext(CONTEXT):
            return breakdown_of(model, Workspace(facts, model.model.params, known)).score
    except (RecordError, DecimalException):
        return None
