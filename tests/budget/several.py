"""Several processes on one ledger and one clock, each with its part in the budget."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gradesys.budget.bucket import Limit
from gradesys.budget.gate import Budget
from gradesys.budget.shared import Times
from gradesys.errors import Answer, TemporaryError
from gradesys.marks.protocols import Entry
from tests.clock import Clock
from tests.marks.faulty import FaultyLedger, Memory, Plan, calm

LIMIT = Limit(6_000)


class Watched(FaultyLedger):
    """Counts what it is asked; ``between`` runs after each read, before what is written."""

    def __init__(self, memory: Memory, plan: Plan) -> None:
        super().__init__(memory, plan)
        self.between: Callable[[], object] | None = None
        self.calls: list[str] = []

    def get(self, name: str) -> Entry:
        self.calls.append("get")
        entry = super().get(name)
        if self.between is not None:
            self.between()
        return entry

    def put_if(self, name: str, value: Mapping[str, Any], version: int) -> bool:
        self.calls.append("put")
        return super().put_if(name, value, version)


@dataclass
class Process:
    """One process's part, and the instants at which it sent a request."""

    memory: Memory
    clock: Clock
    limit: Limit | None = LIMIT
    plan: Plan = calm
    patience: float = 0.0
    sent: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ledger = Watched(self.memory, self.plan)
        times = Times(self.clock, self.clock, self.clock.forward, self.patience)
        self.budget = Budget(self.ledger, self.limit, times)

    def send(self, count: int = 1, background: bool = False) -> int:
        """Send so many requests at once, as far as none has to wait; how many went."""
        for done in range(count):
            try:
                self.budget.enter(background)
            except TemporaryError:
                return done
            self.sent.append(self.clock.now)
        return count

    def refused(self, seconds: float | None, code: str = "0x80072322", under_way: int = 8) -> None:
        """Dataverse answered 429."""
        error = TemporaryError("slower", Answer(429, code), seconds)
        self.budget.told(error, under_way)


def processes(number: int, limit: Limit | None = LIMIT, **more: Any) -> list[Process]:
    """So many of them, on one ledger."""
    memory, clock = Memory(), Clock()
    return [Process(memory, clock, limit, **more) for _ in range(number)]


def most_in_a_window(sent: list[float], window_s: float) -> int:
    """The most requests of any window that is open at one end."""
    times, most, start = sorted(sent), 0, 0
    for place, at in enumerate(times):
        while times[start] <= at - window_s:
            start += 1
        most = max(most, place - start + 1)
    return most
