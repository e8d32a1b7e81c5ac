"""Three stores of marks, each as an empty place that several processes may open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest
from azure.data.tables import TableServiceClient
from azure.storage.queue import QueueServiceClient

from gradesys.marks.azure import Storage
from gradesys.marks.azure_ledger import AzureLedger
from gradesys.marks.azure_marks import AzureMarks
from gradesys.marks.protocols import Ledger, Marks
from gradesys.marks.sqlite import Database
from gradesys.marks.sqlite_ledger import SqliteLedger
from gradesys.marks.sqlite_marks import SqliteMarks
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


@dataclass(frozen=True, slots=True)
class AzurePlace:
    connection: str

    def storage(self) -> Storage:
        return Storage(self.connection, lambda: None)

    def marks(self, clock: Clock) -> Marks:
        return AzureMarks(self.storage(), clock)

    def ledger(self) -> Ledger:
        return AzureLedger(self.storage())


@pytest.fixture(scope="session")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with azurite(tmp_path_factory.mktemp("azurite")) as found:
        yield found


@pytest.fixture
def azure_place(connection: str) -> AzurePlace:
    with TableServiceClient.from_connection_string(connection) as tables:
        for table in tables.list_tables():
            tables.delete_table(table.name)
    with QueueServiceClient.from_connection_string(connection) as queues:
        for queue in queues.list_queues():
            queues.get_queue_client(queue.name).clear_messages()
    return AzurePlace(connection)


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
