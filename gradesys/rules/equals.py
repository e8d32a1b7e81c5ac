"""One object for cells that look alike: most columns hold few different values, and every Decimal
takes a hundred bytes of memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Any

MOST = 10_000
"""Of a column with more different values than this, the others are left as they are."""
SHARED = frozenset({str, int, Decimal})
"""Types of which equal values may be many objects, and look alike where they are spelled alike."""


class Equals:
    """The values met so far by how they are spelled, by attribute; None: too many."""

    def __init__(self) -> None:
        self._met: dict[str, dict[Any, Any] | None] = {}

    def share(self, objects: Sequence[Any], attributes: Sequence[str]) -> None:
        """Let equally spelled texts and numbers of an attribute be one object."""
        for name in attributes:
            met, cells = self._met.setdefault(name, {}), list(map(attrgetter(name), objects))
            kind = next((each.__class__ for each in cells if each is not None), None)
            if met is None or kind not in SHARED:
                continue
            spelled: Iterable[Any] = map(str, cells) if kind is Decimal else cells
            shared = map(met.setdefault, spelled, cells)
            for each, cell, value in zip(objects, cells, shared, strict=True):
                if value is not cell:
                    setattr(each, name, value)
            if len(met) > MOST:
                self._met[name] = None
