"""The earned grade: hysteresis and downgrade protection against yesterday's state (6, step 15)."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from tests.oracle.bands import Bands
from tests.oracle.calendars import duration, shift
from tests.oracle.clock import Clock
from tests.oracle.result import Grade
from tests.oracle.values import Node
from tests.oracle.windows import period_range

Earned = tuple[Grade, dt.date | None]  # the grade and below_since


@dataclass(frozen=True, slots=True)
class Ladder:
    """What the step needs: the bands, the `grades` key and the day."""

    bands: Bands
    grades: dict[str, Node]
    clock: Clock

    def earned(self, raw: Grade, graded: Decimal, before: Earned) -> Earned:
        """The grade earned today; `before` is what was earned at the end of the day before."""
        raw_place, old_place = self.bands.place(raw), self.bands.place(before[0])
        if raw_place is None or old_place is None or raw_place <= old_place:
            return raw, None
        if self._within_margin(graded, old_place):
            return before[0], None
        downgrade = self.grades.get("downgrade")
        if downgrade is None:
            return raw, None
        since = before[1] or self.clock.today
        if not self._over(downgrade, since):
            return before[0], since
        return self._down(downgrade, old_place, raw_place)

    def _within_margin(self, graded: Decimal, old_place: int) -> bool:
        margin, least = self.grades.get("hysteresis"), self.bands.minimum(old_place)
        return margin is not None and least is not None and bool(graded >= least - margin)

    def _over(self, downgrade: dict[str, Node], since: dt.date) -> bool:
        if downgrade.get("hold") is not None:
            hold = duration(downgrade["hold"])
            return self.clock.today >= shift(since, hold, 1, self.clock.calendar)
        if downgrade.get("until_end_of") is not None:
            _, end = period_range(downgrade["until_end_of"], since, 0, self.clock)
            return self.clock.today >= end
        return True

    def _down(self, downgrade: dict[str, Node], old_place: int, raw_place: int) -> Earned:
        steps = downgrade.get("max_steps")
        place = raw_place if steps is None else min(raw_place, old_place + int(steps))
        return self.bands.grade(place), None if place == raw_place else self.clock.today
