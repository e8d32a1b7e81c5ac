"""One row while it is folded: the scope of a ``row_expression`` (rules.md 15.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from gradesys.records import Row, Value
from gradesys.rules.clock import Moment


class RowScope(NamedTuple):
    """``params`` are those that no column of the row's table hides; ``notes`` grows."""

    row: Row
    moment: Moment
    params: Mapping[str, Value]
    notes: set[str]

    def value(self, name: str) -> Value:
        """The row's column, else the param, else null."""
        return self.row[name] if name in self.row else self.params.get(name)

    def points(self, name: str) -> None:
        """Rows have none; ``points()`` is refused when compiling."""

    def note(self, text: str) -> None:
        """Keep a remark for the explanation, once."""
        self.notes.add(text)
