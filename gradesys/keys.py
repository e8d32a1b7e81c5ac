"""Webhook keys without the keys: digests, marks, and what a rotation wrote into the ledger.

The settings of a running service cannot change, and a restart would refuse events. So the ledger
says which key succeeds which, and every process that accepts the old one accepts the new one too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from functools import cache
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from gradesys.errors import TemporaryError
from gradesys.marks.protocols import Entry, Ledger

NAME = "webhook_keys"
USES = "webhook_key_used_"


def digest_of(key: str) -> str:
    """What keys are compared by: of one length, and safe to keep for a key made of chance."""
    return hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()


@cache
def mark_of(key: str) -> str:
    """How people tell keys apart: eight digits of a hash, slow on purpose, for a key may be a
    person's choice, and whoever sees the mark may guess."""
    return hashlib.pbkdf2_hmac("sha256", key.encode(), b"gradesys", 200_000).hex()[:8]


class Successor(Struct, frozen=True):
    """A new key, accepted wherever one of the digests in ``replaces`` is configured."""

    digest: str
    mark: str
    replaces: frozenset[str]


class Rotation(Struct, frozen=True):
    """``successors``: the last one is the newest. ``dropped``: digests that count no more.
    ``moved``: when the endpoints were given the newest one, in Unix seconds; 0: not yet."""

    successors: tuple[Successor, ...] = ()
    dropped: tuple[str, ...] = ()
    moved: float = 0.0

    def accepted(self, configured: Collection[str]) -> frozenset[str]:
        """The digests that a process accepts whose settings hold the ``configured`` ones."""
        mine = frozenset(configured)
        heirs = (each.digest for each in self.successors if each.replaces & mine)
        return mine.union(heirs).difference(self.dropped)

    @property
    def newest(self) -> Successor | None:
        """The key that events shall carry; None: there never was a rotation."""
        return self.successors[-1] if self.successors else None

    @property
    def under_way(self) -> bool:
        """Whether an older key is still accepted."""
        return self.newest is not None and not self.newest.replaces.issubset(self.dropped)

    def with_successor(self, key: str, configured: Iterable[str]) -> Rotation:
        """Accept ``key`` too, wherever one of the ``configured`` digests or of those that they
        replaced is."""
        mine = frozenset(configured)
        inherited = (each.replaces for each in self.successors if each.digest in mine)
        heir = Successor(digest_of(key), mark_of(key), mine.union(*inherited) - {digest_of(key)})
        others = tuple(each for each in self.successors if each.digest != heir.digest)
        return replace(self, successors=(*others, heir), moved=0.0)

    def finished(self) -> Rotation:
        """Accept the newest key only."""
        if self.newest is None:
            return self
        older = {each.digest for each in self.successors[:-1]} | self.newest.replaces
        dropped = tuple(sorted(older.union(self.dropped)))
        return replace(self, successors=(self.newest,), dropped=dropped)


def read_rotation(ledger: Ledger) -> tuple[Rotation, int]:
    """What the ledger says, and its version. Raises the store's errors."""
    entry = ledger.get(NAME)
    return _rotation(entry), entry.version


def write_rotation(ledger: Ledger, rotation: Rotation, version: int) -> None:
    """Store it over that version. Raises TemporaryError when somebody else was faster."""
    successors = [
        {"digest": each.digest, "mark": each.mark, "replaces": sorted(each.replaces)}
        for each in rotation.successors
    ]
    value = {"successors": successors, "dropped": list(rotation.dropped), "moved": rotation.moved}
    if not ledger.put_if(NAME, value, version):
        raise TemporaryError("somebody else is rotating the key too; look at rotate-key status")


def note_use(ledger: Ledger, mark: str, at: float) -> None:
    """Remember that an event came with this key; another process may have noted a later one."""
    entry = ledger.get(USES + mark)
    if entry.value.get("at", 0.0) < at:
        ledger.put_if(USES + mark, {"at": at}, entry.version)


def last_uses(ledger: Ledger) -> dict[str, float]:
    """When each key, by its mark, last came with an event, in Unix seconds."""
    return {
        name.removeprefix(USES): float(value["at"]) for name, value in ledger.list(USES).items()
    }


def _rotation(entry: Entry) -> Rotation:
    stored: list[dict[str, Any]] = entry.value.get("successors", [])
    return Rotation(
        tuple(Successor(s["digest"], s["mark"], frozenset(s["replaces"])) for s in stored),
        tuple(entry.value.get("dropped", ())),
        float(entry.value.get("moved", 0.0)),
    )
