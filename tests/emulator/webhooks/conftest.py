"""An emulator of its own with a receiver, and steps that are taken away after each test."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from tests.emulator.serving import OrgServer
from tests.emulator.webhooks.receiver import Receiver

SECRET = '<settings><setting name="x-gs-key" value="s3cret"/></settings>'


@pytest.fixture(scope="module")
def server(start_server: Callable[..., OrgServer]) -> OrgServer:
    return start_server()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def hooks(server: OrgServer, receiver: Receiver) -> Iterator["Hooks"]:
    hooks = Hooks(server, receiver)
    yield hooks
    hooks.remove()


class Hooks:
    """Registers steps on one endpoint and takes them away again."""

    def __init__(self, server: OrgServer, receiver: Receiver) -> None:
        self.server = server
        self.receiver = receiver
        self.steps: list[str] = []
        self.endpoint = server.create("serviceendpoints", **endpoint(receiver.url))
        server.send("POST", f"{server.url}/_emulator/faults", {})
        server.send("POST", f"{server.url}/_emulator/stats/reset")

    def step(self, message: str, table: str = "invoice", **values: Any) -> str:
        server = self.server
        (row,) = server.rows(f"sdkmessages?$select=name&$filter=name eq '{message}'")
        binds = {
            "eventhandler_serviceendpoint__bind": f"/serviceendpoints({self.endpoint})",
            "sdkmessageid__bind": f"/sdkmessages({row['sdkmessageid']})",
        }
        if table:
            (found,) = server.rows(
                f"sdkmessagefilters?$filter=sdkmessageid/name eq '{message}'"
                f" and primaryobjecttypecode eq '{table}'"
            )
            filter_id = found["sdkmessagefilterid"]
            binds["sdkmessagefilterid__bind"] = f"/sdkmessagefilters({filter_id})"
        fixed = {"name": f"test: {message} of {table}", "stage": 40, "mode": 1}
        step = server.create(
            "sdkmessageprocessingsteps", **fixed, **({"asyncautodelete": True} | values), **binds
        )
        self.steps.append(step)
        return step

    def image(self, step: str, kind: int, columns: str) -> None:
        self.server.create(
            "sdkmessageprocessingstepimages",
            name="gs_pre", entityalias="gs_pre", imagetype=kind, messagepropertyname="Target",
            attributes=columns,
            sdkmessageprocessingstepid__bind=f"/sdkmessageprocessingsteps({step})",
        )  # fmt: skip

    def settle(self) -> dict[str, Any]:
        answer = requests.post(f"{self.server.url}/_emulator/settle", timeout=40)
        assert answer.status_code == 200
        stats: dict[str, Any] = answer.json()
        return stats

    def remove(self) -> None:
        self.settle()
        for step in self.steps:
            assert self.server.send("DELETE", f"sdkmessageprocessingsteps({step})").ok
        assert self.server.send("DELETE", f"serviceendpoints({self.endpoint})").ok


def endpoint(url: str) -> dict[str, Any]:
    return {"name": "test", "contract": 8, "authtype": 5, "messageformat": 2, "url": url,
            "authvalue": SECRET}  # fmt: skip
