"""A client whose sleeping moves a clock of its own, and the mock that keeps requests at home."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
import responses

from gradesys.dataverse.client import Client
from gradesys.dataverse.retry import ClientOptions
from tests.dataverse.organisation import ROOT


@dataclass
class Clock:
    """Time that passes only while somebody sleeps."""

    now: float = 1000.0
    naps: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.now += seconds

    def read(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def options(clock: Clock) -> ClientOptions:
    return ClientOptions(parallelism=4, sleep=clock.sleep, clock=clock.read)


@pytest.fixture
def mock() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def client(options: ClientOptions) -> Iterator[Client]:
    client = Client(ROOT, lambda: "a-token", options)
    yield client
    client.close()
