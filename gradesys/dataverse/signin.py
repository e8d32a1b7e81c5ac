"""How we sign in, and how seldom we try once we are refused.

A wrong secret or an expired one cannot be cured by asking more often: after a refusal nobody asks
for a while, then one request does, and each further refusal makes the while longer. Whatever waits
is kept, and goes on by itself as soon as one request is let in again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from gradesys.dataverse.auth import renew
from gradesys.errors import SettingsError, SignInRefused

FIRST_PAUSE_S, LONGEST_PAUSE_S = 5.0, 60.0


class SignIn:
    """Tokens for any number of threads. ``clock`` is in seconds and never goes back."""

    def __init__(self, token: Callable[[], str | None], clock: Callable[[], float]) -> None:
        self._token = token
        self._clock = clock
        self._lock = threading.Lock()
        self._refusal = ""
        self._pause = 0.0
        self._opens = 0.0
        self._trying = False

    @property
    def refusal(self) -> str:
        """Why we are kept out; empty while we are not."""
        return self._refusal

    def token(self) -> str | None:
        """A bearer token, or None where nobody signs in. Raises ``SignInRefused`` while it is
        pointless to ask, and ``TemporaryError`` where the authority does not answer."""
        self._ask_leave()
        try:
            return self._token()
        except SettingsError as error:
            raise self.refused(str(error)) from error

    def renew(self) -> None:
        """Ask the authority anew: the token was not liked."""
        renew(self._token)

    def refused(self, reason: str) -> SignInRefused:
        """Close the door; only the refusal of a new try makes the pause longer."""
        with self._lock:
            if self._trying or not self._refusal:
                self._pause = min(2 * self._pause or FIRST_PAUSE_S, LONGEST_PAUSE_S)
                self._opens = self._clock() + self._pause
            self._refusal, self._trying = reason, False
            return SignInRefused(reason, self._opens - self._clock())

    def accepted(self) -> None:
        """We were let in."""
        if self._refusal:
            with self._lock:
                self._refusal, self._trying, self._pause = "", False, 0.0

    def _ask_leave(self) -> None:
        with self._lock:
            wait = self._opens - self._clock()
            if self._refusal and wait > 0:
                raise SignInRefused(self._refusal, wait)
            if self._refusal:
                # Whoever comes now is the one that tries; the others go on waiting.
                self._opens, self._trying = self._clock() + self._pause, True
