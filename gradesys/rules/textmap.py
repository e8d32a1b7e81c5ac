"""A map by text (rules.md sections 4 and 15.6) that learns the spellings which it met, so that a
text is brought into its normal form once and not for each record.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

from gradesys.rules.points import map_key

MOST = 1000
"""Spellings that are kept; free text has no end of them."""


class TextMap(dict[object, Any]):
    """Entries by normal form; ``rest`` stands for every other value. Only for keys that are texts:
    of other values some are equal that differ as keys (true and 1), and all of them get the rest.
    """

    def __init__(self, entries: Mapping[object, Any], rest: Any) -> None:
        super().__init__(entries)
        self._rest, self._written = rest, len(self)

    def __repr__(self) -> str:
        """As it was written, without what it learned."""
        return f"TextMap({dict(islice(self.items(), self._written))!r}, {self._rest!r})"

    def __missing__(self, value: object) -> Any:
        found = self.get(map_key(value), self._rest)
        if len(self) < MOST:
            self[value] = found
        return found
