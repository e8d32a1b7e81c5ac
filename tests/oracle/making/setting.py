"""What every part of the generator shares: the dice, the level and the days that matter."""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from tests.oracle.clock import Clock

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Setting:
    """`level` is "line" (columns and one-hop aggregates) or "full"; `days` are window edges."""

    dice: random.Random
    level: str
    clock: Clock
    days: list[dt.date] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def full(self) -> bool:
        """Whether the whole language is wanted."""
        return self.level == "full"

    def chance(self, p: float) -> bool:
        """True with probability p."""
        return self.dice.random() < p

    def pick(self, items: Sequence[T]) -> T:
        """One of the items."""
        return self.dice.choice(items)

    def some(self, items: Sequence[T], least: int, most: int) -> list[T]:
        """A few different items in random order."""
        return self.dice.sample(items, min(self.dice.randint(least, most), len(items)))
