"""The beat that keeps a living process's claims.

Without it they end after a few seconds, so that a killed process's keys come back soon.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from gradesys.errors import GradesysError
from gradesys.marks.protocols import Marks

LOG = logging.getLogger(__name__)
BEAT_S = 2.0


@contextmanager
def kept_alive(marks: Marks) -> Iterator[None]:
    """Prolong this process's claims while the block lasts."""
    stop = threading.Event()
    beat = threading.Thread(target=_beat, args=(marks, stop), daemon=True)
    beat.start()
    try:
        yield
    finally:
        stop.set()
        beat.join()


def _beat(marks: Marks, stop: threading.Event) -> None:
    while not stop.wait(BEAT_S):
        try:
            marks.keep_alive()
        except GradesysError as error:
            LOG.warning("heartbeat: %s: %s", type(error).__name__, error)
