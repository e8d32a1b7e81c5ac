"""The grade bands of a model, best first, and the first one a value reaches (6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from tests.oracle.result import Grade
from tests.oracle.values import Node


@dataclass(frozen=True, slots=True)
class Bands:
    """`grades.bands` with the stored or computed cut of every `top_percent` band."""

    listed: list[dict[str, Node]]
    cuts: Mapping[Grade, Decimal]

    def place(self, grade: Grade) -> int | None:
        """The position of a grade, 0 = best; None when it is no band. Names compare exactly."""
        names = [band["grade"] for band in self.listed]
        return names.index(grade) if grade in names else None

    def grade(self, place: int) -> Grade:
        """The name of the band at a place."""
        named: Grade = self.listed[place]["grade"]
        return named

    def minimum(self, place: int) -> Decimal | None:
        """The `min` of a band; None where it has none or ranks by percent."""
        least: Decimal | None = self.listed[place].get("min")
        return least

    def reached(self, graded: Decimal, unknown: Grade) -> Grade:
        """The raw grade of a value that is not null."""
        for band in self.listed:
            if self._reaches(band, graded):
                named: Grade = band["grade"]
                return named
        return unknown

    def _reaches(self, band: dict[str, Node], graded: Decimal) -> bool:
        if band.get("top_percent") is not None:
            cut = self.cuts.get(band["grade"])
            return cut is not None and graded >= cut
        least = band.get("min")
        return least is None or bool(graded >= least)
