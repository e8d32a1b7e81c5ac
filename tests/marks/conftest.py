"""Three stores of marks, each as an empty place that several processes may open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest

from gradesys.marks.protocols import Ledger, Marks
from gradesys.marks.sqlite import Database
from gradesys.marks.sqlite_ledger import SqliteLedger
from gradesys.marks.sqlite_marks import SqliteMarks
from tests.azurite.account import AzurePlace
from tests.azurite.running import azurite
from tests.clock import Clock
from tests.marks.faulty import FaultyLedger, FaultyMarks, Memory


class Place(Protocol):
    """Where marks are kept. Each call opens them as another process would."""

    def marks(self, clock: Clock) -> Marks: ...

    def ledger(self) -> Ledger: ...


@dataclass(frozen=True, slots=True)
class SqlitePlace:
    path: Path

    def marks(self, clock: Clock) -> Marks:
        return SqliteMarks(Database(self.path), clock)

    def ledger(self) -> Ledger:
        return SqliteLedger(Database(self.path))


@dataclass(frozen=True, slots=True)
class MemoryPlace:
    memory: Memory

    def marks(self, clock: Clock) -> Marks:
        return FaultyMarks(self.memory, clock)

    def ledger(self) -> Ledger:
        return FaultyLedger(self.memory)


@pytest.fixture(scope="session")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with azurite(tmp_path_factory.mktemp("azurite")) as found:
        yield found


@pytest.fixture
def azure_place(connection: str) -> AzurePlace:
    place = AzurePlace(connection)
    place.empty()
    return place


@pytest.fixture(params=["sqlite", "memory", "azure"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "azure":
        found: AzurePlace = request.getfixturevalue("azure_place")
        return found
    if request.param == "memory":
        return MemoryPlace(Memory())
    return SqlitePlace(tmp_path / "work.sqlite")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def open_marks(place: Place, clock: Clock) -> Callable[[], Marks]:
    """Each call is another process on the same marks."""
    return lambda: place.marks(clock)


@pytest.fixture
def marks(open_marks: Callable[[], Marks]) -> Marks:
    return open_marks()
