"""What somebody at a terminal wants of a resync."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct


class Wish(Struct, frozen=True):
    """What to resync and how. Empty ``models``: all of them."""

    models: tuple[str, ...] = ()
    as_of: datetime | None = None
    dry_run: bool = False
    confirm: Callable[[int], bool] | None = None
    """Asked before more than MANY records are changed; None: never ask."""
