"""The inputs of one record's score: its row, what its aggregates gave, and the clock."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from gradesys.errors import RecordError
from gradesys.records import Row, Value
from gradesys.rules.clock import Moment
from gradesys.rules.cutpoints import NO_CUTS, Cutpoints


class Tally(Struct, frozen=True):
    """An aggregate's value; ``rows`` entered the operation; ``notes`` are for the explanation."""

    value: Value
    rows: int
    notes: tuple[str, ...] = ()


Fold = Tally | RecordError
"""What an aggregate gave for this record, or why it could not."""


class Facts(Struct, frozen=True):
    """The scored row, its folds by indicator, the clock, and the cut points of its population."""

    row: Row
    folds: Mapping[str, Fold]
    moment: Moment
    cuts: Cutpoints = NO_CUTS


def tally(fold: Fold) -> Tally:
    """The fold, unless it failed; then its RecordError."""
    if isinstance(fold, RecordError):
        raise fold
    return fold
