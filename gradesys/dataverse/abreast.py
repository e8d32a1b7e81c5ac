"""The same question for several things, side by side.

Whoever stops by an error waits for what was sent, or a late answer would overtake what comes next.
Ctrl-C waits for it a moment only: Dataverse may have asked a thread to wait for minutes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

from gradesys.budget.lane import carried

Item = TypeVar("Item")
Found = TypeVar("Found")
LEAVE_S = 5.0
"""How long Ctrl-C waits for answers under way."""


def abreast(ask: Callable[[Item], Found], items: Sequence[Item], most: int) -> list[Found]:
    """What is found for each, in their order, by ``most`` threads. Raises the first error."""
    pool, ours, waits = ThreadPoolExecutor(max(1, most)), carried(ask), True
    asked = [pool.submit(ours, item) for item in items]
    try:
        return [each.result() for each in asked]
    except KeyboardInterrupt:
        waits = False
        wait(asked, LEAVE_S)
        raise
    finally:
        pool.shutdown(waits, cancel_futures=True)
