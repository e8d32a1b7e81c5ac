"""Which lane a request travels in: live work goes first, a resync takes what is left.

A context variable, so that nothing between the resync and the socket has to pass it on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
PATIENCE = 8
"""A resync waits so many times longer than live work before a wait is an error: it reads again what
it had read, and a pause of a whole window is nothing unusual where it spends the execution time."""
_BACKGROUND: ContextVar[bool] = ContextVar("background", default=False)


def is_background() -> bool:
    """Whether this thread's requests give way to live ones."""
    return _BACKGROUND.get()


def patience(seconds: float, background: bool) -> float:
    """How long a request of a lane waits, where a live one waits so many seconds."""
    return seconds * PATIENCE if background else seconds


@contextmanager
def in_background(background: bool = True) -> Iterator[None]:
    """Requests of the block give way to live ones."""
    before = _BACKGROUND.set(background)
    try:
        yield
    finally:
        _BACKGROUND.reset(before)


def carried(work: Callable[P, T]) -> Callable[P, T]:
    """The same function for other threads, in the lane of the thread that hands it over, and on its
    account (meter.py)."""
    ours = copy_context()

    def run(*args: P.args, **named: P.kwargs) -> T:
        return ours.copy().run(work, *args, **named)

    return run
