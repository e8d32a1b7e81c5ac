"""What a resync counted: of one partition, of a pass, or of a whole run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field
from msgspec.structs import fields

Counts = Mapping[str, int]


class Tally(Struct, frozen=True):
    """``read`` counts scored rows; ``causes`` says why rows changed (causes.py). Of the rows that
    the day may have moved ``sampled`` were scored again as of the run before, and ``drifted`` of
    these were not what it had stored. ``requests`` are those that this work sent."""

    read: int = 0
    changed: int = 0
    written: int = 0
    failed: int = 0
    closed: int = 0
    gone: int = 0
    parked: int = 0
    requests: int = 0
    sampled: int = 0
    drifted: int = 0
    causes: Counts = field(default_factory=dict)

    @property
    def drift(self) -> float:
        """The share of all rows read that nothing explains, estimated from the sample."""
        moved = self.causes.get("day", 0)
        guessed = moved * self.drifted / self.sampled if self.sampled else 0.0
        return (self.causes.get("drift", 0) + guessed) / self.read if self.read else 0.0


NUMBERS = tuple(each.name for each in fields(Tally) if each.name != "causes")
NOTHING = Tally()


def total(*tallies: Tally) -> Tally:
    """Everything together."""
    causes: Counter[str] = Counter()
    for tally in tallies:
        causes.update(tally.causes)
    numbers = {name: sum(getattr(tally, name) for tally in tallies) for name in NUMBERS}
    return Tally(**numbers, causes=dict(causes))


def told_tally(tally: Tally) -> dict[str, Any]:
    """A tally as JSON."""
    return {name: getattr(tally, name) for name in NUMBERS} | {"causes": dict(tally.causes)}


def read_tally(value: Mapping[str, Any]) -> Tally:
    """A tally from JSON; what it does not name is 0."""
    known = {name: int(value.get(name, 0)) for name in NUMBERS}
    return Tally(**known, causes=dict(value.get("causes", {})))
