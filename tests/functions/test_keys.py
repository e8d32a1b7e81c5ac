"""Which webhook keys are accepted, by whom and from when on."""

from __future__ import annotations

from pathlib import Path

import pytest

from gradesys.errors import StoreError, TemporaryError
from gradesys.keyring import USE_S, VIEW_S, KeyRing
from gradesys.keys import (
    digest_of,
    last_uses,
    mark_of,
    read_rotation,
    write_rotation,
)
from gradesys.marks.protocols import Entry
from gradesys.marks.sqlite import Database
from gradesys.marks.sqlite_ledger import SqliteLedger
from tests.clock import Clock

OLD, NEW, LATER = "the-old-key", "the-new-key", "the-key-after-that"


class Torn(SqliteLedger):
    """A ledger that may be out of reach."""

    broken = False

    def get(self, name: str) -> Entry:
        if self.broken:
            raise StoreError("out of reach")
        return super().get(name)


@pytest.fixture
def ledger(tmp_path: Path) -> Torn:
    return Torn(Database(tmp_path / "work.sqlite"))


def ring(ledger: Torn, clock: Clock, *keys: str) -> KeyRing:
    return KeyRing(keys, ledger, clock, clock)


def rotate(ledger: Torn, key: str, *configured: str) -> None:
    rotation, version = read_rotation(ledger)
    heir = rotation.with_successor(key, map(digest_of, configured))
    write_rotation(ledger, heir, version)


def finish(ledger: Torn) -> None:
    rotation, version = read_rotation(ledger)
    write_rotation(ledger, rotation.finished(), version)


@pytest.mark.parametrize(
    ("configured", "given", "accepted"),
    [
        ((OLD,), OLD, True),
        ((OLD, NEW), NEW, True),
        ((OLD,), f"{OLD} ", False),
        ((OLD,), OLD[:-1], False),
        ((OLD,), OLD.upper(), False),
        ((OLD,), "", False),
        ((OLD,), "\udcff", False),
        ((OLD,), "کلید", False),
        ((OLD,), "x" * 100_000, False),
        (("",), "", False),
        (("", OLD), "", False),
        ((), "", False),
        ((), OLD, False),
    ],
)
def test_a_key_is_accepted_when_it_is_a_configured_one(
    ledger: Torn, configured: tuple[str, ...], given: str, accepted: bool
) -> None:
    owner = ring(ledger, Clock(), *configured).owner(given)
    assert owner == (mark_of(given) if accepted else None)


def test_a_successor_is_accepted_by_whoever_accepts_the_key_that_it_replaces(ledger: Torn) -> None:
    clock = Clock()
    running, stranger, closed = (ring(ledger, clock, *keys) for keys in ((OLD,), (LATER,), ()))
    assert running.owner(OLD)
    rotate(ledger, NEW, OLD)
    clock.forward(VIEW_S)
    assert [each.owner(NEW) for each in (running, stranger, closed)] == [mark_of(NEW), None, None]
    assert running.owner(OLD) == mark_of(OLD)
    finish(ledger)
    clock.forward(VIEW_S)
    restarted = ring(ledger, clock, NEW)
    for each in (running, restarted):
        assert each.owner(NEW) == mark_of(NEW)
        assert each.owner(OLD) is None
    assert ring(ledger, clock, OLD, NEW).owner(OLD) is None


def test_a_service_that_never_restarts_follows_rotation_after_rotation(ledger: Torn) -> None:
    clock = Clock()
    running = ring(ledger, clock, OLD)
    for before, after in ((OLD, NEW), (NEW, LATER)):
        rotate(ledger, after, before)
        clock.forward(VIEW_S)
        assert running.owner(before) and running.owner(after)
        finish(ledger)
        clock.forward(VIEW_S)
        assert running.owner(before) is None and running.owner(after)


def test_a_start_that_is_repeated_with_another_key_keeps_every_key_until_the_end(
    ledger: Torn,
) -> None:
    rotate(ledger, NEW, OLD)
    rotate(ledger, LATER, OLD)
    rotate(ledger, LATER, OLD)
    clock = Clock()
    assert all(ring(ledger, clock, OLD).owner(key) for key in (OLD, NEW, LATER))
    finish(ledger)
    assert [bool(ring(ledger, clock, OLD).owner(key)) for key in (OLD, NEW, LATER)] == [
        *(False, False),
        True,
    ]


def test_the_ledger_is_read_once_in_a_while_and_not_by_every_stranger(ledger: Torn) -> None:
    clock = Clock()
    running = ring(ledger, clock, OLD)
    assert running.owner("stranger") is None
    ledger.broken = True
    assert running.owner("stranger") is None
    clock.forward(VIEW_S)
    with pytest.raises(StoreError):
        running.owner("stranger")
    assert running.owner(OLD) == mark_of(OLD)
    ledger.broken = False
    clock.forward(VIEW_S)
    assert running.owner("stranger") is None


def test_the_use_of_a_key_is_counted_and_its_last_time_remembered(ledger: Torn) -> None:
    clock = Clock()
    running = ring(ledger, clock, OLD, NEW)
    clock.forward(100)
    first = clock()
    for key in (OLD, OLD, NEW, "stranger"):
        running.owner(key)
    assert running.uses() == {mark_of(OLD): 2, mark_of(NEW): 1}
    assert last_uses(ledger) == {mark_of(OLD): first, mark_of(NEW): first}
    clock.forward(USE_S)
    running.owner(NEW)
    assert last_uses(ledger) == {mark_of(OLD): first, mark_of(NEW): first + USE_S}


def test_two_rotations_at_once_are_one(ledger: Torn) -> None:
    rotation, version = read_rotation(ledger)
    rotate(ledger, NEW, OLD)
    with pytest.raises(TemporaryError, match="somebody else"):
        write_rotation(ledger, rotation.with_successor(LATER, [digest_of(OLD)]), version)


def test_neither_ledger_nor_mark_tells_a_key(ledger: Torn) -> None:
    rotate(ledger, NEW, OLD)
    assert not [key for key in (OLD, NEW) if key in str(ledger.list(""))]
    assert len(mark_of(NEW)) == 8
