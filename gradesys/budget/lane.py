"""Which lane a request travels in: live work goes first, a resync takes what is left.

A context variable, so that nothing between the resync and the socket has to pass it on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
_BACKGROUND: ContextVar[bool] = ContextVar("background", default=False)


def is_background() -> bool:
    """Whether this thread's requests give way to live ones."""
    return _BACKGROUND.get()


@contextmanager
def in_background(background: bool = True) -> Iterator[None]:
    """Requests of the block give way to live ones."""
    before = _BACKGROUND.set(background)
    try:
        yield
    finally:
        _BACKGROUND.reset(before)


def carried(work: Callable[P, T]) -> Callable[P, T]:
    """The same function for another thread, in the lane of the thread that hands it over."""
    background = is_background()

    def run(*args: P.args, **named: P.kwargs) -> T:
        with in_background(background):
            return work(*args, **named)

    return run
