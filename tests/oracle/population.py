"""Statistics over everybody: the cut points of quantiles and of top_percent (4, 6)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from functools import cached_property

from tests.oracle.arithmetic import EXACT
from tests.oracle.clock import Clock
from tests.oracle.errors import RecordError
from tests.oracle.filters import keeps
from tests.oracle.points import form_of
from tests.oracle.result import Grade
from tests.oracle.scores import score
from tests.oracle.subject import Cuts, Subject
from tests.oracle.values import Node, Value, number
from tests.oracle.world import Row, World


@dataclass(frozen=True)
class Population:
    """The scored rows of a model; `stored` cut points of a case take the place of computed ones."""

    world: World
    model: dict[str, Node]
    clock: Clock
    stored: Node

    def holds(self, row: Row) -> bool:
        """Whether a row of the scored table is scored."""
        table = self.model["table"]
        return keeps(
            self.model.get("population"),
            lambda column: self.world.read(table, row, column),
            self.clock,
        )

    def subject(self, row: Row) -> Subject:
        """A row with the cut points that its quantiles need."""
        return Subject(self.world, self.model, self.clock, row, self.quantile_cuts)

    @cached_property
    def quantile_cuts(self) -> Cuts:
        """Cut points by indicator; an indicator without values has none."""
        if self.stored is not None:
            return {name: cuts for name, cuts in self.stored.items() if name != "grades"}
        asked = {
            name: int(spec["points"]["quantiles"])
            for name, spec in (self.model.get("indicators") or {}).items()
            if spec is not None and form_of(spec.get("points")) == "quantiles"
        }
        found = {name: quantiles(self._values(name), k) for name, k in asked.items()}
        return {name: cuts for name, cuts in found.items() if cuts is not None}

    def _values(self, name: str) -> list[Decimal]:
        def value(row: Row) -> Value:
            return Subject(self.world, self.model, self.clock, row, {}).value(name)

        return list(self._numbers(value))

    @cached_property
    def grade_cuts(self) -> dict[Grade, Decimal]:
        """Cut by grade of every band that ranks by percent."""
        if self.stored is not None:
            return self.stored.get("grades") or {}
        bands = (self.model.get("grades") or {}).get("bands") or []
        ranked = [band for band in bands if band.get("top_percent") is not None]
        graded = list(self._numbers(lambda row: graded_value(self.subject(row)))) if ranked else []
        cuts = {band["grade"]: top_cut(graded, band["top_percent"]) for band in ranked}
        return {grade: cut for grade, cut in cuts.items() if cut is not None}

    def _numbers(self, ask: Callable[[Row], Value]) -> Iterator[Decimal]:
        for row in self.world.rows(self.model["table"]):
            try:
                value = ask(row) if self.holds(row) else None
                found = None if value is None else number(value)
            except RecordError:
                found = None  # an error of that record only; the others go on (15.3)
            if found is not None:
                yield found


def graded_value(subject: Subject) -> Decimal | None:
    """What the grade goes by: the rounded score, or an indicator's value as it is."""
    by = (subject.model.get("grades") or {}).get("by") or "score"
    if by == "score":
        return score(subject)
    value = subject.value(by)
    return None if value is None else number(value)


def quantiles(values: list[Decimal], k: int) -> list[Decimal] | None:
    """The k-1 values at the ranks ceil(i * n / k); None when nobody has a value."""
    ordered, n = sorted(values), len(values)
    return [ordered[-(-i * n // k) - 1] for i in range(1, k)] if n else None


def top_cut(graded: list[Decimal], percent: Decimal) -> Decimal | None:
    """The ceil(p * n / 100)-th largest graded value; None when nobody has one."""
    share = EXACT.multiply(percent, Decimal(len(graded))) / 100
    rank = int(share.to_integral_value(ROUND_CEILING))
    return sorted(graded, reverse=True)[rank - 1] if graded else None
