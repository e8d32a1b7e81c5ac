"""The authority's issuer and signing keys: found by discovery, kept, asked for sparingly.

Whoever sends tokens with invented key ids must not make us ask, so that is done once a minute at
most, whatever comes. A key that the authority withdrew ends with the view that holds it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from gradesys.errors import GradesysError, TemporaryError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

PAUSE_S = 60.0
RENEW_S = 6 * 3600.0
"""From when on the keys are asked for again."""
TRUST_S = 24 * 3600.0
"""How long they count where the authority does not answer."""


class Published(Struct, frozen=True):
    """What the authority tells: the issuer that its tokens name, and its keys by their ids."""

    issuer: str
    keys: Mapping[str, RSAPublicKey]


class Authority:
    """What is known of it, for any number of threads; ``fetch`` asks and ``clock`` is monotonic."""

    def __init__(
        self, fetch: Callable[[], Published], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._fetch, self._clock = fetch, clock
        self._lock = threading.Lock()
        self._known: tuple[float, Published] | None = None
        self._asked: float | None = None
        self._trouble: GradesysError = TemporaryError("the authority was not asked yet")

    def published(self, key_id: str) -> Published:
        """What it tells, newer than before where that lacks the key. Raises what asking raised
        when nothing is known that still counts."""
        with self._lock:
            if self._should_ask(key_id):
                self._ask()
            if self._known is None or self._clock() - self._known[0] > TRUST_S:
                raise self._trouble
            return self._known[1]

    def _should_ask(self, key_id: str) -> bool:
        now = self._clock()
        if self._asked is not None and now - self._asked < PAUSE_S:
            return False
        known = self._known
        return known is None or key_id not in known[1].keys or now - known[0] > RENEW_S

    def _ask(self) -> None:
        self._asked = self._clock()
        try:
            self._known = self._asked, self._fetch()
        except GradesysError as error:
            self._trouble = error
