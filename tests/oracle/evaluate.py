"""The judge's front door: one record, or many records of one org, under one model (5, 6)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypedDict, Unpack

from tests.oracle.bands import Bands
from tests.oracle.clock import model_clock
from tests.oracle.earning import Earned, Ladder
from tests.oracle.errors import InputError, RecordError
from tests.oracle.params import resolve
from tests.oracle.population import Population, graded_value
from tests.oracle.reasons import reasons
from tests.oracle.result import Grade, Result
from tests.oracle.scores import score
from tests.oracle.showing import Shown
from tests.oracle.subject import Subject
from tests.oracle.values import Node, exact, moment
from tests.oracle.world import Row, World

Tables = Mapping[str, Sequence[Row]]


class Stored(TypedDict, total=False):
    """What is known beside the model and the rows."""

    previous: Node  # {grade, earned, below_since, score} at the end of the day before
    cutpoints: Node  # {indicator: [...], grades: {grade: number}}
    lookups: Mapping[str, str] | None  # {"table.lookup": target table}


def evaluate(
    model: Node, tables: Tables, record: object, as_of: str | dt.datetime, **stored: Unpack[Stored]
) -> Result:
    """Evaluate one record of a merged model; InputError when that is not possible at all."""
    world = World(tables, stored.get("lookups"))
    oracle = Oracle(model, world, as_of, stored.get("cutpoints"))
    return oracle.evaluate(record, stored.get("previous"))


class Oracle:
    """A model at one instant over one world; ask it about as many records as you like."""

    def __init__(
        self, model: Node, world: World, as_of: str | dt.datetime, cutpoints: Node = None
    ) -> None:
        self.model = resolve(exact(model))
        self.world = world
        clock = model_clock(self.model, as_of)
        self.population = Population(world, self.model, clock, exact(cutpoints))

    def evaluate(self, record: object, previous: Node = None) -> Result:
        """The result of one record; `previous` is the state at the end of the day before."""
        row = self.world.find(self.model["table"], record)
        if row is None:
            raise InputError(f"no row {record!r} in {self.model['table']}")
        try:
            inside = self.population.holds(row)
            return self._result(row, exact(previous) or {}) if inside else Result(False)
        except RecordError as error:
            return Result(True, error=str(error))

    def _result(self, row: Row, previous: dict[str, Node]) -> Result:
        subject = self.population.subject(row)
        scored = score(subject)
        raw, (earned, since) = self._earned(subject, previous)
        return Result(
            in_population=True,
            score=scored,
            grade=self._shown(subject, scored, earned, previous.get("grade")),
            raw_grade=raw,
            earned=earned,
            below_since=None if since is None else since.isoformat(),
            values={name: subject.value(name) for name in subject.indicators},
            points={name: subject.points(name) for name in subject.indicators},
            reasons=[] if scored is None else reasons(subject),
        )

    def _bands(self) -> Bands:
        return Bands(self.model["grades"].get("bands") or [], self.population.grade_cuts)

    def _earned(self, subject: Subject, previous: dict[str, Node]) -> tuple[Grade, Earned]:
        grades = self.model.get("grades")
        if grades is None:
            return None, (None, None)
        graded, unknown = graded_value(subject), grades.get("unknown")
        if graded is None:
            return unknown, (unknown, None)
        bands = self._bands()
        raw = bands.reached(graded, unknown)
        return raw, Ladder(bands, grades, subject.clock).earned(raw, graded, _before(previous))

    def _shown(
        self, subject: Subject, scored: Decimal | None, earned: Grade, previous: Grade
    ) -> Grade:
        if self.model.get("grades") is None:
            return None
        return Shown(subject, self._bands(), scored).grade(earned, previous)


def _before(previous: dict[str, Node]) -> Earned:
    """What was earned the day before (where a case does not say: the grade shown) and the clock."""
    earned: Grade = previous["earned"] if "earned" in previous else previous.get("grade")
    since = previous.get("below_since")
    day = moment(since) if isinstance(since, str) else since
    return earned, day
