"""How the demo's checks wait and judge; the first wrong thing ends them."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from gradesys.errors import GradesysError

PATIENCE_S = 10.0
POLL_S = 0.005

Found = TypeVar("Found")


def until(look: Callable[[], Found], good: Callable[[Found], bool], wanted: str) -> Found:
    """Look until it is good. Raises GradesysError when that takes longer than the patience."""
    deadline = time.monotonic() + PATIENCE_S
    while not good(found := look()):
        if time.monotonic() > deadline:
            raise GradesysError(f"no {wanted} within {PATIENCE_S:.0f} s; last seen: {found}")
        time.sleep(POLL_S)
    return found


def expect(holds: bool, otherwise: str) -> None:
    """Raise GradesysError unless it holds."""
    if not holds:
        raise GradesysError(otherwise)
