"""The write-ahead log of the sqlite file, made to last.

sqlite itself would wait for the disk inside the transaction, where everybody else who writes waits
with it. The log only grows until its pages are copied, so whoever flushes it flushes every commit
before as well, and threads that wait at the same time share a wait.
"""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path


class Log:
    """The log beside the sqlite file at ``path``, while a connection is open on it."""

    def __init__(self, path: Path) -> None:
        self._path = f"{path}-wal"
        self._flushing = threading.Lock()
        self._others = ThreadPoolExecutor(1, "log")
        self._commits = 0
        self._lasting = 0

    @property
    def commits(self) -> int:
        """The number of the last commit."""
        return self._commits

    def grown(self) -> int:
        """Count a commit, within the turn of whoever commits; its number."""
        self._commits += 1
        return self._commits

    def flush(self, number: int) -> None:
        """Wait until the commit of that number, and all before it, would outlast a power cut.
        Raises OSError."""
        with self._flushing:
            if self._lasting >= number:
                return
            reached = self._commits
            self._wait_for_disk()
            self._lasting = reached

    def hurry(self) -> None:
        """Let another thread begin to wait for what is committed: who must know flushes later."""
        self._others.submit(self.flush, self._commits)

    def _wait_for_disk(self) -> None:
        try:
            file = os.open(self._path, os.O_RDWR)
        except FileNotFoundError:  # where sqlite can keep no log, it has waited itself
            return
        try:
            os.fsync(file)
        finally:
            os.close(file)
