"""Columns and options that an organisation must hold, as frozen data."""

from __future__ import annotations

from msgspec import Struct

from gradesys.deploy.texts import Text
from gradesys.records import Column, Kind

WRITTEN = Text("written by gradesys", "نوشتهٔ gradesys")
"""Part of every description that apply gives: so a column of ours is told from a customer's."""


def note(title: Text) -> Text:
    """The description of a column of ours."""
    return Text(f"{title.en}, {WRITTEN.en}.", f"{title.fa}، {WRITTEN.fa}.")


def is_note(text: str) -> bool:
    """Whether a description, in either language, is one of ours."""
    return WRITTEN.en in text or WRITTEN.fa in text


class OptionSpec(Struct, frozen=True):
    """One option of a choice. ``name`` is what the rules call it, for ever the same thing.

    ``value`` is the number that the rules demand; None takes the next free one. ``color`` is
    ``#RRGGBB``.
    """

    name: str
    title: Text
    value: int | None = None
    color: str | None = None

    @property
    def spellings(self) -> frozenset[str]:
        """The labels under which an existing option is recognised."""
        return frozenset({self.name, self.title.en, self.title.fa})


class ColumnSpec(Struct, frozen=True):
    """One column. ``column`` is what is created, ``fits`` the kinds that will do if it exists."""

    table: str
    column: Column
    title: Text
    description: Text
    fits: frozenset[Kind]
    options: tuple[OptionSpec, ...] = ()
    audited: bool = True

    @property
    def name(self) -> str:
        """Logical name."""
        return self.column.name

    @property
    def label(self) -> str:
        """How people know it: ``account.gs_score``."""
        return f"{self.table}.{self.name}"
