"""The scored rows of an evaluation, kept until they are scored: as they came off the wire, which is
small, and made into rows one at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any

from gradesys.records import Page, Row
from gradesys.rules.places import Places


class Targets:
    """Rows in the places of their records, and their ids in the order in which they came. ``key``
    is the id's column, and ``place`` where it stands among those of the read."""

    def __init__(self, place: int, key: str, places: Places) -> None:
        self._key, self._places, self._attribute = key, places, f"c{place}"
        self.ids: list[str] = []
        self.typed: list[Any] = []
        self._others: dict[str, Row] = {}
        self._made: Callable[[Any], Row] | None = None

    def add(self, page: Page) -> None:
        """Keep the rows of a page; a row that came before is replaced."""
        typed = page.typed
        if typed is None or self._made not in (None, typed.row):
            rows = page.rows if typed is None else map(typed.row, typed.objects)
            others = {str(row[self._key]): row for row in rows}
            self._others |= others
            self._keep(list(others), list(others.values()))
            return
        self._made = typed.row
        ids = self._keep(map(attrgetter(self._attribute), typed.objects), typed.objects)
        for id, each in zip(ids, typed.objects, strict=True):
            setattr(each, self._attribute, id)
        if self._others:
            for id in ids:
                self._others.pop(id, None)

    @property
    def is_typed(self) -> bool:
        """Whether all of them came in the one form of ``typed``."""
        return self._made is not None and not self._others

    def row(self, id: str) -> Row:
        """One of them."""
        if id in self._others:
            return self._others[id]
        assert self._made is not None
        return self._made(self.typed[self._places[id]])

    def _keep(self, ids: Iterable[str], rows: Sequence[Any]) -> list[str]:
        """Their ids, in the one text that all share: they are many."""
        places = self._places.of(ids)
        kept, texts = self.typed, list(map(self._places.ids.__getitem__, places))
        kept.extend([None] * (len(self._places) - len(kept)))
        for id, place, row in zip(texts, places, rows, strict=True):
            if kept[place] is None:
                self.ids.append(id)
            kept[place] = row
        return texts
