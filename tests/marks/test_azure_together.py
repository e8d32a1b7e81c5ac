"""What a claim's keys share on Azure: one reading and one change, also when others come between."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from azure.data.tables import TableEntity

from gradesys.marks.azure import Rows
from gradesys.marks.protocols import INTERVAL_S, LEASE_S, Marks
from gradesys.records import Key, KeyKind
from tests.azurite.account import AzurePlace
from tests.clock import Clock

KEYS = [Key(KeyKind.TARGET, "account", f"{number:03d}") for number in range(40)]
Between = Callable[[Callable[[], object], int], list[int]]
Pairs = Sequence[tuple[TableEntity, Mapping[str, Any]]]


@pytest.fixture
def marks(azure_place: AzurePlace, clock: Clock) -> Marks:
    return azure_place.marks(clock)


@pytest.fixture
def between(monkeypatch: pytest.MonkeyPatch) -> Between:
    """Do something before each of the first so many changes of several rows; the sizes of all."""

    def arrange(act: Callable[[], object], times: int) -> list[int]:
        sizes: list[int] = []
        swap_all = Rows.swap_all

        def disturbed(rows: Rows, pairs: Pairs) -> bool:
            sizes.append(len(pairs))
            if len(sizes) <= times:
                act()
            return swap_all(rows, pairs)

        monkeypatch.setattr(Rows, "swap_all", disturbed)
        return sizes

    return arrange


def test_many_keys_are_claimed_begun_prolonged_and_ended_in_one_change_each(
    marks: Marks, clock: Clock, between: Between
) -> None:
    marks.mark(KEYS)
    sizes = between(lambda: None, 0)
    claimed = marks.claim(30)
    assert len(marks.begin(*claimed)) == 30
    marks.keep_alive()
    marks.done(*claimed)
    assert sizes == [30] * 4
    assert marks.stats().dirty == 10


@pytest.mark.parametrize("times", [1, 2, 5])
def test_a_mark_that_comes_between_is_neither_lost_nor_in_the_way(
    azure_place: AzurePlace,
    clock: Clock,
    marks: Marks,
    between: Between,
    times: int,
) -> None:
    marks.mark(KEYS[:9])
    claimed = marks.claim(9)
    assert len(marks.begin(*claimed)) == 9
    other = azure_place.marks(clock)
    between(lambda: other.mark([KEYS[3]]), times)
    marks.done(*claimed)
    assert marks.stats().dirty == 1
    clock.forward(INTERVAL_S)
    assert [message.key for message in marks.claim(9)] == [KEYS[3]]


def test_keys_that_another_process_takes_meanwhile_are_not_claimed_twice(
    azure_place: AzurePlace,
    clock: Clock,
    marks: Marks,
    between: Between,
) -> None:
    marks.mark(KEYS[:9])
    other, theirs = azure_place.marks(clock), list[Key]()
    between(lambda: theirs.extend(m.key for m in other.claim(1, [KEYS[0]])), 1)
    mine = [message.key for message in marks.claim(9)]
    assert theirs == [KEYS[0]]
    assert (len(mine), set(mine)) == (8, set(KEYS[1:9]))


def test_a_claim_that_others_spoil_every_time_is_left_for_later(
    azure_place: AzurePlace,
    clock: Clock,
    marks: Marks,
    between: Between,
) -> None:
    marks.mark(KEYS[:9])
    other = azure_place.marks(clock)
    between(lambda: other.mark(KEYS[:9]), 3)
    assert marks.claim(9) == []
    assert len(marks.claim(9)) == 9


def test_a_claim_of_several_that_ran_out_for_one_of_them_holds_the_others(
    azure_place: AzurePlace, clock: Clock, marks: Marks
) -> None:
    marks.mark(KEYS[:3])
    mine = marks.claim(3)
    clock.forward(LEASE_S + 1)
    (lost,) = azure_place.marks(clock).claim(1, [KEYS[1]])
    assert {message.key for message in marks.begin(*mine)} == {KEYS[0], KEYS[2]}
    marks.keep_alive()
    marks.done(*mine)
    assert azure_place.marks(clock).waiting(KEYS) == {lost.key}


def test_workers_of_several_processes_share_a_backlog(
    azure_place: AzurePlace, clock: Clock
) -> None:
    processes = [azure_place.marks(clock) for _ in range(3)]
    processes[0].mark(KEYS)
    with ThreadPoolExecutor(6) as pool:
        claims = list(pool.map(lambda marks: marks.claim(10), processes * 2))
    keys = [message.key for claim in claims for message in claim]
    assert len(keys) == len(set(keys)) >= 10
