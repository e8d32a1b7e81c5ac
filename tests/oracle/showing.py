"""The grade that is shown: rules, then a manual grade, then the lock (6, steps 16 to 18)."""

from dataclasses import dataclass
from decimal import Decimal

from tests.oracle.bands import Bands
from tests.oracle.errors import InputError
from tests.oracle.points import hit
from tests.oracle.result import Grade
from tests.oracle.subject import Subject
from tests.oracle.values import Node, Value, is_date


@dataclass(frozen=True, slots=True)
class Shown:
    """What the steps need: the row, its bands and score."""

    subject: Subject
    bands: Bands
    score: Decimal | None

    @property
    def _grades(self) -> dict[str, Node]:
        found: dict[str, Node] = self.subject.model.get("grades") or {}
        return found

    def grade(self, earned: Grade, previous: Grade) -> Grade:
        """The shown grade, from the earned one and the one shown the day before."""
        locked = self.subject.model.get("lock_column")
        if locked is not None and previous is not None and self.subject.read(locked) is True:
            return previous
        manual = self._manual()
        return self._ruled(earned) if manual is None else manual

    def _ruled(self, grade: Grade) -> Grade:
        for rule in self._grades.get("rules") or []:
            scope = self.subject.scope({"score": self.score, "grade": grade}, points=True)
            if hit(rule, scope):
                grade = self._bounded(rule, grade)
        return grade

    def _bounded(self, rule: dict[str, Node], grade: Grade) -> Grade:
        if rule.get("set") is not None:
            named: Grade = rule["set"]
            return named
        place = self.bands.place(grade)
        if place is None:
            return grade
        if rule.get("at_most") is not None:
            place = max(place, self._bound(rule["at_most"]))
        if rule.get("at_least") is not None:
            place = min(place, self._bound(rule["at_least"]))
        return self.bands.grade(place)

    def _bound(self, named: Grade) -> int:
        place = self.bands.place(named)
        if place is None:
            raise InputError(f"a rule names a grade that is no band: {named!r}")
        return place

    def _manual(self) -> Grade:
        manual = self.subject.model.get("manual")
        if manual is None or not self._valid_today(manual.get("until_column")):
            return None
        typed = self.subject.read(manual["grade_column"])
        return self._own_grade(typed)

    def _valid_today(self, until_column: str | None) -> bool:
        until = None if until_column is None else self.subject.read(until_column)
        clock = self.subject.clock
        return until is None or clock.today <= clock.day(until)

    def _own_grade(self, typed: Value) -> Grade:
        if typed is None or isinstance(typed, bool) or is_date(typed):
            return None
        for band in self.bands.listed:
            if isinstance(typed, Decimal) and band.get("value") == typed:
                named: Grade = band["grade"]
                return named
        sets = [rule.get("set") for rule in self._grades.get("rules") or []]
        bands = [band["grade"] for band in self.bands.listed]
        known: list[Grade] = [*bands, self._grades.get("unknown"), *sets]
        return next((grade for grade in known if grade is not None and grade == typed), None)
