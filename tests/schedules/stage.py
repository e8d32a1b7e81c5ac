"""A stage on which processes take turns: each runs to its next call of the outside and waits there.

Nothing runs beside anything else, so a schedule is a list of steps and comes out the same each
time. A killed process gets no further turn, not even to tidy up.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from greenlet import getcurrent, greenlet

MOST_CALLS = 20_000
"""Far more than any process of a test makes."""


class Killed(BaseException):
    """The process is gone; nothing in the product may catch this."""


class Actor:
    """A process with something to do; ``waiting`` names the call that it is about to make."""

    def __init__(self, play: Callable[[], object]) -> None:
        self.waiting = "start"
        self.calls: list[str] = []
        self.killed = False
        self._thread = greenlet(play)

    @property
    def ended(self) -> bool:
        """Whether it came to its end, or was killed."""
        return self.killed or bool(self._thread.dead)

    def step(self) -> bool:
        """Make the call that it waits at and go on to the next; False when it has ended."""
        if not self.ended:
            self._thread.switch()
        return not self.ended

    def until(self, call: str) -> Actor:
        """Go on until it is about to make such a call, which it must."""
        while self.step():
            if self.waiting == call:
                return self
        raise AssertionError(f"it never came to {call}: {self.calls}")

    def finish(self) -> Actor:
        """Go on to the end, which must come."""
        for _ in range(MOST_CALLS):
            if not self.step():
                return self
        raise AssertionError(f"it never ends: {self.calls[-20:]}")

    def kill(self) -> None:
        """End it where it is."""
        self.killed = True
        if self._thread:
            with contextlib.suppress(Killed):
                self._thread.throw(Killed)

    def pause(self, call: str) -> None:
        """Wait for the next turn."""
        if self.killed:
            raise Killed
        self.waiting = call
        self.calls.append(call)
        self._thread.parent.switch()


class Stage:
    """Who is on stage; ``pause`` is called ahead of every call of the outside."""

    def __init__(self) -> None:
        self._actors: dict[greenlet, Actor] = {}

    def actor(self, play: Callable[[], object]) -> Actor:
        """A process that will do this."""
        actor = Actor(play)
        self._actors[actor._thread] = actor
        return actor

    def pause(self, call: str) -> None:
        """Let others have their turn; who is not on stage goes on."""
        actor = self.current()
        if actor is not None:
            actor.pause(call)

    def current(self) -> Actor | None:
        """Whose turn it is."""
        return self._actors.get(getcurrent())
