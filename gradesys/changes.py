"""What is to be written of a record, and what became of it: the words that rules, engine and stores
share about writes. Data without behaviour, as gradesys/records.py is about reads.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from gradesys.records import Page, Row


class Change(Struct, frozen=True):
    """New values of output columns of one record, already rounded to their columns."""

    table: str
    id: str
    values: Row


class Fate(StrEnum):
    """What became of a change."""

    WRITTEN = "written"
    GONE = "gone"
    CLOSED = "closed"
    REFUSED = "refused"
    FAILED = "failed"


class Outcome(Struct, frozen=True):
    """The fate of one change. ``closed``: the row is read-only; ``refused``: it cannot be written
    as it is; ``failed``: retries ran out."""

    change: Change
    fate: Fate
    reason: str = ""


class Written(Struct, frozen=True):
    """Outcomes in the order of the changes, and the pages of the verifying reads, if asked for."""

    outcomes: tuple[Outcome, ...]
    pages: tuple[Page, ...] = ()
