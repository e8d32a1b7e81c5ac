"""Rotating the key, stopped anywhere: what Dataverse sends is accepted at every moment."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from gradesys.deploy import rotation
from gradesys.errors import GradesysError, SettingsError, TemporaryError
from gradesys.keyring import VIEW_S, KeyRing
from gradesys.keys import Rotation, mark_of, read_rotation
from gradesys.marks.sqlite import Database
from gradesys.marks.sqlite_ledger import SqliteLedger
from tests.clock import Clock
from tests.deploy.organisations import deploy, wanted
from tests.deploy.watched import WatchedClient

OLD, NEW, OTHER = (letter * 40 for letter in "abc")
DAY = 86_400.0


@pytest.fixture
def ledger(tmp_path: Path) -> SqliteLedger:
    return SqliteLedger(Database(tmp_path / "work.sqlite"))


pytestmark = pytest.mark.deployed


@pytest.fixture
def client(client: WatchedClient) -> WatchedClient:
    """Of an organisation whose endpoints send the old key."""
    deploy(client, wanted(key=OLD))
    client.written.clear()
    return client


def start(client: WatchedClient, ledger: SqliteLedger, key: str, patience: int) -> None:
    """The command's requests to Dataverse; the one after ``patience`` of them fails."""
    client.patience = len(client.written) + patience
    endpoints = rotation.registered_endpoints(client)
    rotation.require_known(endpoints, read_rotation(ledger)[0], [OLD])
    rotation.accept(ledger, key, [OLD])
    rotation.move(client, endpoints, key)
    rotation.note_move(ledger, time.time())


def sent(client: WatchedClient) -> set[str]:
    """The marks of the keys that the endpoints send."""
    rows = rotation.registered_endpoints(client)
    return {str(row["description"]).rpartition(" ")[2] for row in rows}


def obstacles(client: WatchedClient, ledger: SqliteLedger, *keys: str, since: float) -> str:
    endpoints = rotation.registered_endpoints(client)
    return "\n".join(rotation.obstacles(ledger, keys, endpoints, since))


@pytest.mark.parametrize(("patience", "again"), [(0, OTHER), (1, NEW), (1, OTHER)])
def test_a_start_that_was_stopped_anywhere_refuses_nothing_and_can_be_repeated(
    client: WatchedClient, ledger: SqliteLedger, patience: int, again: str
) -> None:
    clock = Clock()
    running = KeyRing([OLD], ledger, clock, clock)
    with pytest.raises(TemporaryError):
        start(client, ledger, NEW, patience)
    clock.forward(VIEW_S)
    accepted = {running.owner(key) for key in (OLD, NEW)}
    assert sent(client) <= accepted
    assert "rotate-key start again" in obstacles(client, ledger, NEW, OLD, since=time.time() + DAY)
    start(client, ledger, again, patience=2)
    clock.forward(VIEW_S)
    assert sent(client) == {mark_of(again)} == {running.owner(again)}
    assert obstacles(client, ledger, again, OLD, since=time.time() + DAY) == ""
    rotation.drop_older(ledger)
    clock.forward(VIEW_S)
    assert [key for key in (OLD, NEW, OTHER) if running.owner(key)] == [again]


def test_a_second_start_with_the_same_key_changes_nothing(
    client: WatchedClient, ledger: SqliteLedger
) -> None:
    start(client, ledger, NEW, patience=2)
    assert [call[1].partition("(")[0] for call in client.written] == ["serviceendpoints"] * 2
    start(client, ledger, NEW, patience=0)


def test_an_older_key_is_kept_while_something_speaks_for_it(
    client: WatchedClient, ledger: SqliteLedger
) -> None:
    start(client, ledger, NEW, patience=2)
    moved = read_rotation(ledger)[0].moved
    assert "does not begin" in obstacles(client, ledger, OLD, NEW, since=moved + DAY)
    assert "long enough" in obstacles(client, ledger, NEW, OLD, since=moved - 1)
    KeyRing([OLD], ledger, now=lambda: moved + DAY).owner(OLD)
    for keys in ((NEW, OLD), (NEW,)):
        assert "not long ago" in obstacles(client, ledger, *keys, since=moved + DAY)
    assert obstacles(client, ledger, NEW, OLD, since=moved + 2 * DAY) == ""
    client.patience = None
    deploy(client, wanted(key=OLD))
    assert "start again" in obstacles(client, ledger, NEW, OLD, since=moved + 2 * DAY)


@pytest.mark.parametrize(
    "key", ["", "short", "x" * 31, "ک" * 40, "a b" * 20, "a,b" * 20, "a\n" * 20]
)
def test_a_key_that_can_be_guessed_or_not_be_sent_is_refused(
    ledger: SqliteLedger, key: str
) -> None:
    with pytest.raises(SettingsError):
        rotation.accept(ledger, key, [OLD])
    assert read_rotation(ledger) == (Rotation(), 0)


def test_settings_of_another_service_are_refused(
    client: WatchedClient, ledger: SqliteLedger
) -> None:
    endpoints = rotation.registered_endpoints(client)
    with pytest.raises(GradesysError, match="service's settings"):
        rotation.require_known(endpoints, Rotation(), [OTHER])


def test_the_states_are_told_by_marks(client: WatchedClient, ledger: SqliteLedger) -> None:
    start(client, ledger, NEW, patience=1_000)
    endpoints = rotation.registered_endpoints(client)
    new, old = rotation.key_states(ledger, [OLD], endpoints)
    assert new == rotation.KeyState(mark_of(NEW), True, True, False, True, None)
    assert old == rotation.KeyState(mark_of(OLD), False, True, True, False, None)
