"""The keys that a running service accepts, and which of them are in use.

A key that is known already costs no wait. An unknown one is refused only by a view of the ledger
that is at most VIEW_S old, so a rotation knows when every process has seen its new key.
"""

from __future__ import annotations

import hmac
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from gradesys.errors import GradesysError
from gradesys.keys import Rotation, digest_of, mark_of, note_use, read_rotation
from gradesys.marks.protocols import Ledger

LOG = logging.getLogger(__name__)
VIEW_S = 2.0
USE_S = 10.0
"""How exactly the last use of a key is remembered."""


class KeyRing:
    """Tells whose key was given. None configured: nobody's, whatever the ledger says."""

    def __init__(
        self,
        configured: Iterable[str],
        ledger: Ledger,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._configured = {digest_of(key): key for key in configured if key}
        self._ledger = ledger
        self._clock, self._now = clock, now
        self._lock = threading.Lock()
        self._rotation = Rotation()
        self._looked: float | None = None
        self._trouble: GradesysError | None = None
        self._uses: Counter[str] = Counter()
        self._noted: dict[str, float] = {}

    def owner(self, given: str) -> str | None:
        """The mark of the accepted key that ``given`` is; None for anything else. Raises the
        ledger's error when only the ledger could have told."""
        if not (self._configured and given):
            return None
        digest = digest_of(given)
        self._look(patiently=not self._is_accepted(digest))
        if not self._is_accepted(digest):
            if self._trouble is not None:
                raise self._trouble
            return None
        mark = self._mark(digest)
        self._note(mark)
        return mark

    def uses(self) -> Mapping[str, int]:
        """How many requests came with each key since the process started, by the key's mark."""
        with self._lock:
            return dict(self._uses)

    def _is_accepted(self, digest: str) -> bool:
        """Compare with every key in constant time, without an early exit."""
        accepted = self._rotation.accepted(self._configured.keys())
        matches = [hmac.compare_digest(digest, each) for each in accepted]
        return any(matches)

    def _mark(self, digest: str) -> str:
        if digest in self._configured:
            return mark_of(self._configured[digest])
        return next(each.mark for each in self._rotation.successors if each.digest == digest)

    def _look(self, patiently: bool) -> None:
        """Read the ledger unless that was done just now; an impatient caller lets others wait."""
        if not self._lock.acquire(blocking=patiently):
            return
        try:
            began = self._clock()
            if self._looked is None or began - self._looked >= VIEW_S:
                self._looked = began
                self._read()
        finally:
            self._lock.release()

    def _read(self) -> None:
        try:
            self._rotation, _ = read_rotation(self._ledger)
            self._trouble = None
        except GradesysError as error:
            LOG.warning("the keys stay as they were: %s", type(error).__name__)
            self._trouble = error

    def _note(self, mark: str) -> None:
        at = self._now()
        with self._lock:
            self._uses[mark] += 1
            if at - self._noted.get(mark, 0.0) < USE_S:
                return
            self._noted[mark] = at
        try:
            note_use(self._ledger, mark, at)
        except GradesysError as error:
            LOG.warning("the use of key %s is not noted: %s", mark, type(error).__name__)
