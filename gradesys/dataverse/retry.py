"""Retries: bounded attempts and bounded patience."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from msgspec import Struct
from tenacity import RetryCallState, Retrying, retry_if_exception
from tenacity.wait import wait_exponential_jitter

from gradesys.budget.lane import is_background, patience
from gradesys.errors import TemporaryError

T = TypeVar("T")
_BACKOFF = wait_exponential_jitter(multiplier=0.5, max=30)


class ClientOptions(Struct, frozen=True):
    """How hard to try. Times are seconds; ``timeout`` is (connect, read); ``patience``: in
    all, of live work; ``verify`` as in ``requests``: True, or the path of a CA bundle. ``count`` is
    told «requests» and «throttled»."""

    parallelism: int = 8
    timeout: tuple[float, float] = (10, 120)
    attempts: int = 6
    patience: float = 120.0
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    verify: bool | str = True
    count: Callable[[str], None] = lambda name: None


def keep_trying(
    attempt: Callable[[], T],
    may_repeat: Callable[[TemporaryError], bool],
    options: ClientOptions,
) -> T:
    """The result of ``attempt``, repeated on ``TemporaryError`` until attempts or patience end;
    the last error is raised as it is. A resync waits as it is asked to however often that is."""
    background = is_background()
    started, longest = options.clock(), patience(options.patience, background)
    failed = 0

    def enough(state: RetryCallState) -> bool:
        nonlocal failed
        failed += not (background and _asked(state))
        if failed >= options.attempts:
            return True
        return options.clock() - started + state.upcoming_sleep > longest

    retrying = Retrying(
        retry=retry_if_exception(lambda e: isinstance(e, TemporaryError) and may_repeat(e)),
        wait=_pause,
        stop=enough,
        sleep=options.sleep,
        reraise=True,
    )
    return retrying(attempt)


def _pause(state: RetryCallState) -> float:
    asked = _asked(state)
    return _BACKOFF(state) if asked is None else asked


def _asked(state: RetryCallState) -> float | None:
    error = state.outcome.exception() if state.outcome else None
    return error.retry_after if isinstance(error, TemporaryError) else None
