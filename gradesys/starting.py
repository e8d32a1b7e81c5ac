"""The start of a process: modules are imported, and all of them stay.

The garbage collector would look through them a dozen times and find nothing, so it rests meanwhile,
and what came by then is none of its business later.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def starting() -> Iterator[None]:
    """For the imports of an entry point. A collector that rested before goes on resting."""
    was_at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_at_work:
            gc.enable()
