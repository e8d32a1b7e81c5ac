"""The scored rows of an evaluation, kept until they are scored: as they came off the wire, which is
small, and made into rows one at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from gradesys.records import Page, Row


class Targets:
    """Rows by id, in the order in which they came. ``key`` is the id's column, and ``place`` where
    it stands among those of the read."""

    def __init__(self, place: int, key: str) -> None:
        self._attribute, self._key = f"c{place}", key
        self._kept: dict[str, Any] = {}
        self._others: dict[str, Row] = {}
        self._made: Callable[[Any], Row] | None = None

    @property
    def ids(self) -> Collection[str]:
        """The ids of all rows."""
        return self._kept.keys()

    def add(self, page: Page) -> None:
        """Keep the rows of a page; a row that came before is replaced."""
        typed = page.typed
        if typed is None or self._made not in (None, typed.row):
            rows = page.rows if typed is None else map(typed.row, typed.objects)
            others = {str(row[self._key]): row for row in rows}
            self._others |= others
            self._kept |= others
            return
        self._made, attribute, kept = typed.row, self._attribute, self._kept
        for each in typed.objects:
            id = getattr(each, attribute)
            small = id.lower()
            kept[id if id == small else small] = each  # one text for both: they are many
            self._others.pop(small, None)

    @property
    def is_typed(self) -> bool:
        """Whether all of them came in the one form of ``typed``."""
        return self._made is not None and not self._others

    def typed(self, id: str) -> Any:
        """A row as it came off the wire."""
        return self._kept[id]

    def row(self, id: str) -> Row:
        """One of them."""
        if id in self._others:
            return self._others[id]
        assert self._made is not None
        return self._made(self._kept[id])
