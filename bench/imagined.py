"""Populations that no emulator holds: what our own planner makes of them, and how long their
requests take under Dataverse's limits. Nothing is sent; the limits are the emulator's, by a clock
that only counts.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from math import ceil
from types import SimpleNamespace
from typing import cast

from msgspec.structs import replace

from bench.bound import PAGE_ROWS, WRITE_ROWS, Limits, Load, least_seconds
from bench.org import AS_OF, SCHEMA, model
from emulator.limits import DOP_HINT, Admission, LimitPlan, Refusal
from emulator.limits import Limits as Meters
from gradesys.dataverse.sending import BATCH_LIMIT
from gradesys.dataverse.slots import SPARED
from gradesys.engine import Context
from gradesys.records import Column, Kind, Read
from gradesys.resync.plan import divide
from gradesys.span import CREATED, Span

COUNTED = 50_000
"""The most rows that Dataverse counts."""
FIRST, LAST = datetime(2016, 1, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
PAGE_S, ROW_S, COUNT_S = 1.0, 0.005, 1.0
"""Server time of a page, of a written row, and of a batch of counts: assumed, see the document."""
ONE = DOP_HINT - SPARED
"""Requests that a resync has under way at once in one process: as many as Dataverse advises, but
for those that are left to live work."""
SLOTS = 4 * ONE


@dataclass
class _Population:
    """Accounts that came evenly over the years; ``asked``: requests so far, ``rounds`` of them one
    after the other."""

    accounts: int
    asked: int = 0
    rounds: int = 0

    def sizes(self, read: Read, spans: Sequence[Span]) -> tuple[int | None, ...]:
        batches = ceil(len(spans) / BATCH_LIMIT)
        self.asked += batches
        self.rounds += ceil(batches / ONE)
        return tuple(size if size <= COUNTED else None for size in map(self.size, spans))

    def ends(self, read: Read) -> tuple[datetime, datetime]:
        self.asked += 1
        self.rounds += 1
        return FIRST, LAST

    def size(self, span: Span) -> int:
        start, end = max(span.start or FIRST, FIRST), min(span.end or LAST, LAST)
        return round(self.accounts * max(0.0, (end - start) / (LAST - FIRST)))


@dataclass(frozen=True, slots=True)
class Shape:
    """Rows of each account that the two narrowed child reads leave, and the share that differs."""

    children: tuple[float, ...] = (3.0, 0.6)
    changed: float = 0.05


@dataclass(frozen=True, slots=True)
class Forecast:
    """``least_s``: by the formula; ``seconds``: by our schedule under the limits."""

    accounts: int
    partitions: int
    planning: int
    requests: int
    most: float
    server_s: float
    least_s: float
    seconds: float
    in_flight: int
    pauses: int


def forecast(accounts: int, shape: Shape, lanes: int, limits: Limits) -> Forecast:
    """A population of so many, with so many partitions worked on at once."""
    parts, population = _planned(accounts)
    asked = population.asked
    works = [_work(size, shape) for size in parts]
    each = [second for work in works for chain in work for second in chain]
    rows = (accounts, *(round(accounts * share) for share in shape.children))
    load = Load(rows, round(accounts * shape.changed), len(parts))
    chain = max(max(map(sum, reads)) + sum(writes) for *reads, writes in works)
    under_way = min(lanes * len(rows), SLOTS)
    ran = _Schedule(works, limits).run(lanes)
    return Forecast(
        accounts,
        len(parts),
        asked,
        asked + len(each),
        load.most,
        sum(each) + asked * COUNT_S,
        least_seconds(each, chain, under_way, limits),
        ran.now + population.rounds * COUNT_S,
        ran.most_in_flight,
        ran.pauses,
    )


def _planned(accounts: int) -> tuple[list[int], _Population]:
    """Sizes of the partitions that our planner cuts, and what it asked."""
    aged = replace(SCHEMA["account"], columns={**SCHEMA["account"].columns, **_AGE})
    population = _Population(accounts)
    known = SimpleNamespace(
        rulebook=SimpleNamespace(schema={**SCHEMA, "account": aged}), store=population
    )
    division = divide(cast(Context, known), (model(),), AS_OF)
    return [population.size(span) for span in division.spans], population


_AGE = {CREATED: Column(CREATED, Kind.INSTANT)}
Chain = tuple[float, ...]
"""Server seconds of requests of which each needs the one before."""


def _work(accounts: int, shape: Shape) -> tuple[Chain, ...]:
    """A partition's reads side by side, and last its writes."""
    rows = (accounts, *(accounts * share for share in shape.children))
    reads = [(PAGE_S,) * ceil(each / PAGE_ROWS) for each in rows]
    full, rest = divmod(round(accounts * shape.changed), WRITE_ROWS)
    writes = (WRITE_ROWS * ROW_S,) * full + ((rest * ROW_S,) if rest else ())
    return (*reads, writes)


@dataclass
class _Progress:
    """A partition under way: chains that wait for their turn, and how many are not done."""

    chains: list[Chain]
    open: int = 0


@dataclass
class _Schedule:
    """Partitions worked on as the product does, by the emulator's limits and an even clock."""

    works: Sequence[tuple[Chain, ...]]
    limits: Limits
    now: float = 0.0
    most_in_flight: int = 0
    pauses: int = 0
    _opens: float = 0.0
    _under_way: int = 0
    _queued: deque[tuple[_Progress, Chain]] = field(default_factory=deque)
    _events: list[tuple[float, int, _Progress, Chain, Admission | None]] = field(
        default_factory=list
    )

    def run(self, lanes: int) -> _Schedule:
        """To the end of the last partition."""
        plan = LimitPlan(
            requests=self.limits.requests,
            execution_s=self.limits.execution_s,
            concurrent=self.limits.concurrent,
            window_s=self.limits.window_s,
        )
        self._meters, self._number = Meters(lambda: self.now), count()
        self._meters.replace(plan)
        self._waiting = list(self.works)[::-1]
        for _ in range(min(lanes, len(self.works))):
            self._begin()
        while self._events:
            self.now, _, progress, chain, admission = heapq.heappop(self._events)
            if admission is None:
                self._ask(progress, chain)
            else:
                self._meters.leave(admission, chain[0])
                self._under_way -= 1
                if self._queued:
                    self._later(0.0, *self._queued.popleft(), None)
                self._go_on(progress, chain[1:])
        (told,) = self._meters.snapshot()["users"].values()
        self.most_in_flight, self.pauses = told["max_in_flight"], told["pauses"]
        return self

    def _begin(self) -> None:
        """Take the next partition: its reads at once, its writes after them."""
        if self._waiting:
            *reads, writes = self._waiting.pop()
            progress = _Progress([writes], len(reads))
            for chain in reads:
                self._go_on(progress, chain)

    def _go_on(self, progress: _Progress, chain: Chain) -> None:
        if chain:
            self._later(0.0, progress, chain, None)
            return
        progress.open -= 1
        if progress.open > 0:
            return
        if progress.chains:
            progress.open = 1
            self._go_on(progress, progress.chains.pop())
        else:
            self._begin()

    def _ask(self, progress: _Progress, chain: Chain) -> None:
        if self.now < self._opens:
            self._later(self._opens - self.now, progress, chain, None)
            return
        if self._under_way == SLOTS:
            self._queued.append((progress, chain))
            return
        answer = self._meters.admit("gradesys")
        if isinstance(answer, Refusal):
            self._opens = self.now + answer.retry_after  # all processes are told
            self._later(answer.retry_after, progress, chain, None)
        else:
            self._under_way += 1
            self._later(chain[0], progress, chain, answer)

    def _later(
        self, seconds: float, progress: _Progress, chain: Chain, admission: Admission | None
    ) -> None:
        event = (self.now + seconds, next(self._number), progress, chain, admission)
        heapq.heappush(self._events, event)
