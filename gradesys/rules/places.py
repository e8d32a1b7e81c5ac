"""A number for each record of an evaluation, so that all that is kept of it stands in lists.

Lists are small and are read from one end to the other; a map for each thing that is kept of 200,000
records would be looked up all over the memory.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count


class Places:
    """Places by id, from 0, in the order in which records are first heard of."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}
        self.ids: list[str] = []

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, id: str) -> int:
        return self._places[id]

    def get(self, id: str) -> int | None:
        """The place of an id in lower case; None: never heard of."""
        return self._places.get(id)

    def of(self, ids: Iterable[str]) -> list[int]:
        """The places of records; new ones come behind the others."""
        ids, places = list(ids), self._places
        try:
            return list(map(places.__getitem__, ids))
        except KeyError:
            found = list(map(places.get, ids))
        missing = [id.lower() for id, place in zip(ids, found, strict=True) if place is None]
        fresh = [id for id in dict.fromkeys(missing) if id not in places]
        places.update(zip(fresh, count(len(self.ids)), strict=False))
        self.ids += fresh
        rest = map(places.__getitem__, missing)
        return [next(rest) if place is None else place for place in found]
