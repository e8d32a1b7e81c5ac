"""A map that is made when somebody looks into it: most results of a resync are only counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

T = TypeVar("T")


class Later(Mapping[str, T]):
    """``make`` is called once at most, with the id of what it makes."""

    __slots__ = ("_id", "_made", "_make")

    def __init__(self, make: Callable[[str], Mapping[str, T]], id: str) -> None:
        self._make, self._id = make, id
        self._made: Mapping[str, T] | None = None

    @property
    def _all(self) -> Mapping[str, T]:
        if self._made is None:
            self._made = self._make(self._id)
        return self._made

    def __getitem__(self, name: str) -> T:
        return self._all[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)
