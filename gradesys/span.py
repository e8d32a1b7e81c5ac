"""A stretch of a population, cut by the instant at which its records were created.

Large tables are scored in such parts (architecture section 5). The first part has no start and
takes in records that do not tell when they were created, so that every record is in exactly one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

CREATED = "createdon"


class Span(Struct, frozen=True):
    """Records created at ``start`` or later and before ``end``; None: no such limit."""

    start: datetime | None = None
    end: datetime | None = None

    @property
    def whole(self) -> bool:
        """Whether it leaves out nothing."""
        return self.start is None and self.end is None

    def holds(self, created: object) -> bool:
        """Tell whether a record created then belongs to it."""
        if not isinstance(created, datetime):
            return self.start is None
        after = self.start is None or created >= self.start
        return after and (self.end is None or created < self.end)

    def holds_all(self, created: Sequence[Any]) -> bool:
        """Tell whether all of many records do: by the first and the last, where all tell when."""
        if not created or None in created:
            return all(map(self.holds, created))
        return self.holds(min(created)) and self.holds(max(created))


WHOLE = Span()
