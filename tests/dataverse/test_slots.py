"""Requests under way at once: as many as Dataverse recommends, never more than configured."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from gradesys.dataverse.client import Client
from gradesys.dataverse.retry import ClientOptions
from gradesys.dataverse.slots import Slots
from tests.emulator.serving import OrgServer


@pytest.mark.parametrize(
    ("hints", "allowed"),
    [
        ((), 8),
        ((None,), 8),
        (("3",), 3),
        (("52",), 8),
        (("3", "52"), 8),
        (("3", None, "", "0", "-1", "many"), 3),
    ],
)
def test_the_last_hint_counts_up_to_what_is_configured(
    hints: tuple[str | None, ...], allowed: int
) -> None:
    slots = Slots(8)
    for hint in hints:
        slots.heed(hint)
    assert slots.allowed == allowed


def test_a_smaller_hint_lets_those_under_way_finish_and_nobody_in() -> None:
    slots, entered = Slots(2), threading.Event()

    def enter() -> None:
        with slots.one():
            entered.set()

    waiting = threading.Thread(target=enter)
    with slots.one():
        with slots.one():
            slots.heed("1")
            waiting.start()
        assert not entered.wait(0.05)
    waiting.join(10)
    assert entered.is_set()


def test_a_failed_request_gives_its_slot_back() -> None:
    slots = Slots(1)
    for _ in range(3):
        with pytest.raises(ValueError, match="lost"), slots.one():
            raise ValueError("lost")
    with slots.one():
        pass


@pytest.fixture(scope="module")
def slow_server(start_server: Callable[..., OrgServer]) -> Iterator[OrgServer]:
    server = start_server(latency_ms=20)
    yield server
    assert server.unsupported() == 0


@pytest.mark.parametrize("concurrent", [2, 3, 52])
def test_a_busy_client_keeps_to_the_hint_and_is_never_turned_away(
    slow_server: OrgServer, concurrent: int
) -> None:
    faults = {"limits": {"concurrent": concurrent}}
    slow_server.send("POST", f"{slow_server.url}/_emulator/faults", faults)
    with closing(Client(slow_server.url, lambda: None, ClientOptions(parallelism=6))) as client:
        client.request("GET", "WhoAmI")
        slow_server.emulator.stats.reset()
        with ThreadPoolExecutor(12) as pool:
            list(pool.map(lambda _: client.request("GET", "accounts?$top=1"), range(48)))
        assert client.parallelism == min(concurrent, 6)
    stats = slow_server.emulator.stats.snapshot()
    assert stats["throttled"] == 0
    assert 1 < stats["max_in_flight"] <= min(concurrent, 6)


def test_refusals_leave_fewer_and_give_them_back() -> None:
    slots = Slots(8)
    found = []
    for left in (None, 4, 1, 60, None):
        slots.leave(left)
        found.append(slots.allowed)
    assert found == [8, 4, 1, 8, 8]


def test_background_requests_leave_slots_to_live_ones() -> None:
    slots, entered = Slots(4), threading.Event()

    def enter() -> None:
        with slots.one(background=True):
            entered.set()

    third = threading.Thread(target=enter)
    with slots.one(background=True):
        with slots.one(background=True):
            third.start()
            with slots.one(), slots.one():
                assert not entered.wait(0.05)
        assert entered.wait(5)
    third.join(10)
