"""Marks (the dirty set) and Ledger (what must be remembered), as the engine sees them.

The contract is the weakest that suffices (architecture section 4): at least once, any order, no
ordering promises, leases only so that two workers seldom do the same work. Correctness lives in
the handler, not here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Protocol

from msgspec import Struct

from gradesys.records import Key

INTERVAL_S = 1.2
"""Least time between two runs of one key (architecture section 4)."""
LEASE_S = 15.0
"""How long a claim lasts without a heartbeat: a killed process's keys come back after it. Several
heartbeats long, for a backlog's claims take a slow storage account seconds to prolong."""
MEMORY_S = 86_400.0
"""How long a clean key's last mark is remembered, for a resync that started before it."""


def unheard() -> None:
    """Nobody listens."""


def text_of(key: Key) -> str:
    """A key's unique text."""
    return "|".join((key.kind, key.table, key.id, key.via))


class Message(Struct, frozen=True):
    """A claimed key. ``attempt`` counts from 1; ``token`` proves the claim; ``marked`` is when the
    oldest mark that it answers was made, by the store's clock."""

    key: Key
    attempt: int
    token: str
    marked: float = 0.0


class Stats(Struct, frozen=True):
    """``dirty``: keys waiting, being handled or waiting for a retry; ``oldest_s``: the age of the
    oldest of them in seconds; ``parked``: keys set aside with a reason."""

    dirty: int
    oldest_s: float
    parked: int


class Parked(Struct, frozen=True):
    """A key that cannot be scored, and why. ``part`` is a model id, or empty for the whole key;
    ``since`` is when that reason was last met, by the store's clock."""

    key: Key
    part: str
    reason: str
    since: float


class Marks(Protocol):
    """The durable, coalescing set of keys that may be stale."""

    def mark(self, keys: Collection[Key], seen: Callable[[], None] = unheard) -> None:
        """Remember the keys; durable on return. A key that is marked already stays one key.
        ``seen`` is called as soon as they can be claimed, which may be before they are durable."""

    def claim(self, limit: int, keys: Collection[Key] | None = None) -> list[Message]:
        """Take up to ``limit`` due keys (of ``keys``, when given)."""

    def due(self, most: int) -> int:
        """Count the keys that could be claimed now, up to ``most``."""

    def begin(self, *messages: Message) -> list[Message]:
        """Clear the marks, before the first read. Those missing in the answer lost their claim:
        somebody else has it. It need not be durable before ``secure`` returns."""

    def secure(self) -> None:
        """Wait until what was begun is durable: before the first write to Dataverse, or nobody
        would know after a power cut that something may have been written."""

    def done(self, *messages: Message) -> None:
        """Acknowledge. A key that was marked again since ``begin`` stays dirty."""

    def retry(self, message: Message, delay_s: float, failed: bool = True) -> bool:
        """Give the key back; it is due after the delay. False: the claim is lost. One that has not
        ``failed`` but waits is no attempt, except that a second claim always counts as one."""

    def abandon(self, messages: Iterable[Message]) -> None:
        """Prolong these claims no more: keys whose run was not ended come back when their lease
        runs out. Asks no store, so it never fails."""

    def park(self, key: Key, part: str, reason: str) -> None:
        """Set the key aside, visibly."""

    def release(self, parts: Collection[tuple[Key, str]]) -> None:
        """Take parts of keys out of the parked list: they were scored again."""

    def parked(self, keys: Collection[Key] | None = None) -> list[Parked]:
        """Everything that is set aside (of ``keys``, when given), the oldest first."""

    def waiting(self, keys: Collection[Key]) -> set[Key]:
        """Which of the keys are dirty: waiting, being handled, or due for a retry."""

    def marked_since(self, keys: Collection[Key], since: float) -> set[Key]:
        """Which of the keys were marked at or after that time of ``clock``."""

    def clock(self) -> float:
        """The store's time in seconds, for ``marked_since``."""

    def keep_alive(self) -> None:
        """Prolong this process's claims; called every few seconds."""

    def sweep(self) -> None:
        """Forget what needs no memory any more."""

    def stats(self) -> Stats:
        """Count what waits and what is parked."""


class Entry(Struct, frozen=True):
    """A remembered value and its version; version 0 means that there is none yet."""

    value: Mapping[str, Any]
    version: int


class Ledger(Protocol):
    """Small named values with compare-and-swap."""

    def get(self, name: str) -> Entry:
        """Read a value; an unknown name is an empty value of version 0."""

    def put_if(self, name: str, value: Mapping[str, Any], version: int) -> bool:
        """Store the value if the stored version is still ``version``."""

    def list(self, prefix: str) -> dict[str, Mapping[str, Any]]:
        """All values whose name starts with the prefix."""

    def drop(self, name: str) -> None:
        """Forget a value, if there is one."""


class Notes(Protocol):
    """Marks and ledger together, where nothing else is needed."""

    @property
    def marks(self) -> Marks:
        """The keys that wait."""

    @property
    def ledger(self) -> Ledger:
        """What must be remembered."""
