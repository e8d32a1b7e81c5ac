"""Map keys that are booleans. In Python ``True == 1``; in a rule file ``true`` and ``1`` differ."""

from __future__ import annotations

from enum import Enum


class Flag(Enum):
    """``true`` or ``false`` as the key of a YAML map (rules.md 15.10)."""

    TRUE = "true"
    FALSE = "false"

    @classmethod
    def of(cls, value: bool) -> Flag:
        """The key that stands for this boolean."""
        return cls.TRUE if value else cls.FALSE

    def __str__(self) -> str:
        return self.value

    def __repr__(self) -> str:
        return f"Flag.{self.name}"
