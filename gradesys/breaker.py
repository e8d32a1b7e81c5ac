"""When a foreign writer fights for our columns: after a while we stop, visibly.

A flip is a write of just the values that we wrote last time to this record: somebody set them back.
Honest changes never are, however many. Flips are in the ledger, so that all processes count
together, and obey.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping

from msgspec import Struct

from gradesys.marks.protocols import Ledger, Marks
from gradesys.records import Key, KeyKind

LOG = logging.getLogger(__name__)
FLIPS = 20
WINDOW_S = 600.0
REST_S = 3600.0
"""How long a record is left alone before it is tried again."""
FEW = 4
"""So many records are looked up one by one; of more, all are listed that anybody fights over."""
NAME = "breaker"


class Fight(Struct, frozen=True):
    """What the ledger knows of a record: when it was set back, what we wrote last, and until when
    it is left alone (0: it is not)."""

    flips: tuple[float, ...] = ()
    last: str = ""
    until: float = 0.0


def fights(ledger: Ledger, table: str, ids: Collection[str]) -> dict[str, Fight]:
    """What the ledger knows of these records, by id; nothing of most."""
    if len(ids) > FEW:
        listed = ledger.list(f"{NAME}/{table}/")
        found = {name.rpartition("/")[2]: value for name, value in listed.items()}
    else:
        found = {id: ledger.get(_name(table, id)).value for id in ids}
    return {id: _read(value) for id, value in found.items() if value and id in ids}


def recent(fight: Fight | None, now: float) -> tuple[float, ...]:
    """The flips that still count."""
    return tuple(flip for flip in fight.flips if flip > now - WINDOW_S) if fight else ()


def add_flip(ledger: Ledger, table: str, id: str, digest: str, now: float) -> bool:
    """A record was set back; whether that was the flip that opens the breaker."""

    def flipped(known: Fight) -> Fight:
        flips = (*recent(known, now), now)
        if len(flips) < FLIPS:
            return Fight(flips, digest)
        return Fight((), digest, now + REST_S)

    opens = _swap(ledger, _name(table, id), flipped).until > now
    if opens:
        LOG.error("breaker: %s %s is set back again and again", table, id)
    return opens


def note_write(ledger: Ledger, table: str, id: str, digest: str) -> None:
    """An honest write of a record that is fought over: what all processes compare with next."""
    _swap(ledger, _name(table, id), lambda known: Fight(known.flips, digest, known.until))


def close(ledger: Ledger, key: Key) -> None:
    """Let a record be written again, as if nobody had ever set it back."""
    entry = ledger.get(_name(key.table, key.id))
    if entry.value:
        ledger.put_if(_name(key.table, key.id), {}, entry.version)


def opened(ledger: Ledger) -> dict[Key, float]:
    """The records that are left alone, and until when."""
    found = {name: _read(value).until for name, value in ledger.list(f"{NAME}/").items() if value}
    return {_key(name): until for name, until in found.items() if until}


def close_rested(ledger: Ledger, marks: Marks) -> None:
    """Try those again that were left alone long enough."""
    rested = [key for key, until in opened(ledger).items() if until <= marks.clock()]
    for key in rested:
        close(ledger, key)
    if rested:
        marks.mark(rested)


def _swap(ledger: Ledger, name: str, step: Callable[[Fight], Fight]) -> Fight:
    """Change what the ledger knows of a record, on what nobody changed meanwhile."""
    while True:
        entry = ledger.get(name)
        after = step(_read(entry.value))
        value = {"flips": list(after.flips), "last": after.last, "until": after.until}
        if ledger.put_if(name, value, entry.version):
            return after


def _read(value: Mapping[str, object]) -> Fight:
    flips, until = value.get("flips"), value.get("until")
    return Fight(
        tuple(float(flip) for flip in flips) if isinstance(flips, list) else (),
        str(value.get("last", "")),
        float(until) if isinstance(until, int | float) else 0.0,
    )


def _name(table: str, id: str) -> str:
    return f"{NAME}/{table}/{id}"


def _key(name: str) -> Key:
    _, table, id = name.split("/", 2)
    return Key(KeyKind.TARGET, table, id)
