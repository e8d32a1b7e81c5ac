"""What an operation says to steps beside its rows: its tag, and which of them it bypasses."""

import pytest

from tests.emulator.webhooks.conftest import Hooks
from tests.emulator.webhooks.receiver import pairs

LOGIC = "MSCRM.BypassBusinessLogicExecution"


def test_a_tag_is_among_the_shared_variables(hooks: Hooks) -> None:
    hooks.step("Update", "account")
    account = hooks.server.create("accounts", name="a")
    for path in (f"accounts({account})?tag=gradesys", f"accounts({account})"):
        assert hooks.server.send("PATCH", path, {"name": "b"}).status_code == 204
    hooks.settle()
    shared = [pairs(delivery.body["SharedVariables"]) for delivery in hooks.receiver.deliveries]
    assert sorted(shared, key=len) == [{}, {"tag": "gradesys"}]


@pytest.mark.parametrize(
    ("headers", "heard"),
    [
        ({}, 2),
        ({LOGIC: "CustomSync,CustomAsync"}, 0),
        ({LOGIC: "CustomSync"}, 2),
        ({"MSCRM.BypassCustomPluginExecution": "true"}, 2),
        ({"MSCRM.SuppressCallbackRegistrationExpanderJob": "true"}, 2),
        ({f"{LOGIC}StepIds": "{0}"}, 1),
        ({f"{LOGIC}StepIds": "{0}, {1}"}, 0),
        ({f"{LOGIC}StepIds": "00000000-0000-4000-8000-000000000404"}, 2),
    ],
    ids=str,
)
def test_steps_are_bypassed(hooks: Hooks, headers: dict[str, str], heard: int) -> None:
    account = hooks.server.create("accounts", name="a")
    steps = [hooks.step("Update", "account") for _ in range(2)]
    named = {name: value.format(*steps) for name, value in headers.items()}
    answer = hooks.server.send("PATCH", f"accounts({account})", {"name": "b"}, **named)
    assert answer.status_code == 204
    hooks.settle()
    assert len(hooks.receiver.deliveries) == heard


def test_no_more_than_three_steps_can_be_bypassed(hooks: Hooks) -> None:
    answer = hooks.server.send("POST", "accounts", {}, **{f"{LOGIC}StepIds": "a,b,c,d"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "0x80040203")
