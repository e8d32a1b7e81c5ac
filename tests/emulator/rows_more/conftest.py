"""One emulator for a module of tests, and webhooks on it where a test asks for them."""

from collections.abc import Callable, Iterator

import pytest

from tests.emulator.serving import OrgServer
from tests.emulator.webhooks.conftest import Hooks
from tests.emulator.webhooks.receiver import Receiver


@pytest.fixture(scope="module")
def server(start_server: Callable[..., OrgServer]) -> Iterator[OrgServer]:
    server = start_server()
    yield server
    assert server.unsupported() == 0, "something asked for what the emulator does not implement"


@pytest.fixture
def hooks(server: OrgServer) -> Iterator[Hooks]:
    receiver = Receiver()
    hooks = Hooks(server, receiver)
    yield hooks
    hooks.remove()
    receiver.close()
