"""A process that resyncs is killed at each single call that it makes, and another one goes on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gradesys.marks.protocols import LEASE_S
from gradesys.resync import Wish, plan, resync, runs, share
from tests.engine.world import CUSTOMERS, ORDERS
from tests.marks.faulty import Fault
from tests.resync.aged import House, aged_org, quiet

PEOPLE, PARTITION, CHUNK = 12, 5, 2
RANKED = CUSTOMERS.replace("{grade: A, min: 100}", "{grade: A, top_percent: 20}")


class Killed(BaseException):
    """The process is gone."""


class Life:
    """A process that dies ahead of its call number ``last``, and makes none after it."""

    def __init__(self, house: House, last: int) -> None:
        self._house, self._last = house, last
        self.calls: list[str] = []

    def run(self) -> bool:
        """Resync; whether it was killed."""
        context = self._house.process(self._plan)
        self._house.org.before = self._call
        try:
            resync(context, Wish(), quiet, self._house.org.clock.forward)
        except Killed:
            return True
        finally:
            self._house.org.before = lambda call: None
        return False

    def _plan(self, call: str) -> Fault:
        self._call(call)
        return Fault.NONE

    def _call(self, call: str) -> None:
        if call == "keep_alive":
            return
        if len(self.calls) >= self._last:
            raise Killed
        self.calls.append(call)


def by_resume(house: House) -> None:
    """Somebody types the command again; a run that was never stored is begun anew."""
    if house.resume() is None:
        house.resync()


def by_service(house: House) -> None:
    """A service's sweeps and workers find what is left."""
    house.work()
    if house.scores() != house.due():
        house.resync()


@pytest.fixture(autouse=True)
def smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve accounts in three partitions, one after the other."""
    monkeypatch.setattr(plan, "PARTITION_ROWS", PARTITION)
    monkeypatch.setattr(share, "AT_RISK", CHUNK)
    monkeypatch.setattr(share, "AT_ONCE", 1)


@pytest.mark.parametrize(
    ("texts", "go_on"),
    [
        pytest.param((CUSTOMERS,), by_resume, id="cut, resumed"),
        pytest.param((RANKED, ORDERS), by_service, id="ranked, by a service"),
        pytest.param((CUSTOMERS,), by_service, id="cut, by a service", marks=pytest.mark.long),
        pytest.param((RANKED, ORDERS), by_resume, id="ranked, resumed", marks=pytest.mark.long),
    ],
)
def test_a_kill_at_any_call_repeats_one_chunk_at_most(
    texts: tuple[str, ...], go_on: Callable[[House], None]
) -> None:
    whole = House(aged_org(PEOPLE), texts=texts)
    life = Life(whole, 10**6)
    assert not life.run()
    assert {"read", "write", "put_if", "mark", "claim", "begin", "done"} <= set(life.calls)
    repeated = [kill(texts, number, go_on) for number in range(len(life.calls))]
    print(f"killed at each of {len(repeated)} calls; rows repeated, at most: {max(repeated)}")
    assert max(repeated) <= CHUNK


def kill(texts: tuple[str, ...], number: int, go_on: Callable[[House], None]) -> int:
    """How many rows were written twice after a kill at this call."""
    house = House(aged_org(PEOPLE), texts=texts)
    assert Life(house, number).run()
    house.org.clock.forward(LEASE_S + 1)
    go_on(house)
    house.work()
    assert house.scores() == house.due(), number
    assert {run.state for run in runs(house.process().ledger)} <= {"done", "superseded"}, number
    written = len(house.org.writes)
    assert house.resync().written == 0, number
    return written - len(house.scores())
