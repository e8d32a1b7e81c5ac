"""A whole run as plain values, for the file that it leaves behind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from bench.record import Race
from bench.resync import Comparison, Figures
from bench.wire import Wire


class Measured(NamedTuple):
    """``tripled`` is our resync with three times the related rows; ``rounds`` of records, and of
    resyncs."""

    race: Race
    resync: Comparison
    tripled: Figures
    wire: Wire
    rounds: tuple[int, int]

    @property
    def missing(self) -> list[str]:
        """Who did not take part."""
        return [*self.race.missing, *self.resync.missing, *self.wire.missing]


def document(measured: Measured) -> dict[str, Any]:
    """Every figure by name."""
    resync, wire = measured.resync, measured.wire
    record = {
        name: {"best_us": round(each.best * 1e6, 3), "median_us": round(each.median * 1e6, 3)}
        for name, each in measured.race.times.items()
    }
    return {
        "rounds": {"record": measured.rounds[0], "resync": measured.rounds[1]},
        "record": record,
        "resync": {"size": resync.size._asdict(), "figures": _rounded(resync.figures)},
        "tripled": _rounded({"gradesys": measured.tripled}),
        "wire": {"rows": wire.rows, "figures": _rounded(wire.figures)},
        "skipped": measured.missing,
    }


def _rounded(figures: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    return {
        name: {what: round(value, 3) for what, value in each._asdict().items()}
        for name, each in figures.items()
    }
