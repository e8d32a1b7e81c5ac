"""Deliveries that fail, are late, doubled or reordered, and the system jobs they leave."""

from typing import Any

import pytest

from tests.emulator.webhooks.conftest import Hooks


@pytest.mark.parametrize("status", [502, 503, 504])
def test_an_unavailable_endpoint_is_tried_once_more(hooks: Hooks, status: int) -> None:
    hooks.step("Create", "account")
    hooks.receiver.statuses = [status]
    hooks.server.create("accounts", name="a")
    assert hooks.settle()["webhooks"] == {"sent": 1, "failed": 0, "dropped": 0}
    first, second = hooks.receiver.deliveries
    assert first.body == second.body


@pytest.mark.parametrize(
    ("statuses", "attempts"), [([500], 1), ([429], 1), ([404], 1), ([503, 503], 2), ([302], 1)]
)
def test_a_failed_delivery_leaves_a_failed_system_job(
    hooks: Hooks, statuses: list[int], attempts: int
) -> None:
    step = hooks.step("Create", "account")
    hooks.receiver.statuses = statuses
    hooks.server.create("accounts", name="a")
    assert hooks.settle()["webhooks"]["failed"] == 1
    assert len(hooks.receiver.deliveries) == attempts
    (job,) = hooks.server.rows(
        "asyncoperations?$select=name,statecode,statuscode,errorcode,message"
        f"&$filter=statuscode eq 31 and _owningextensionid_value eq {step}"
    )
    assert (job["statecode"], job["errorcode"]) == (3, -2147155455)
    assert job["asyncoperationid"] == hooks.receiver.deliveries[0].body["OperationId"]


@pytest.mark.parametrize(("auto_delete", "left"), [(True, 0), (False, 1)])
def test_a_succeeded_job_stays_only_when_it_is_not_deleted_by_itself(
    hooks: Hooks, auto_delete: bool, left: int
) -> None:
    step = hooks.step("Create", "account", asyncautodelete=auto_delete)
    hooks.server.create("accounts", name="a")
    hooks.settle()
    jobs = hooks.server.rows(f"asyncoperations?$filter=_owningextensionid_value eq {step}")
    assert [job["statuscode"] for job in jobs] == [30] * left


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"url": "http://192.0.2.1/hook"}, -2147155450),
        ({"url": "http://127.0.0.1:1/hook"}, -2147155451),
        ({"authvalue": "<settings>"}, -2147155453),
        ({"authvalue": '<settings><setting name="x" value="a&#10;b"/></settings>'}, -2147155453),
        ({"authtype": 6, "authvalue": "a=1"}, -2147155452),
    ],
)
def test_a_delivery_that_cannot_be_made_says_why(
    hooks: Hooks, change: dict[str, Any], code: int
) -> None:
    step = hooks.step("Create", "account")
    hooks.server.send("PATCH", f"serviceendpoints({hooks.endpoint})", change)
    hooks.server.create("accounts", name="a")
    assert hooks.settle()["webhooks"]["failed"] == 1
    (job,) = hooks.server.rows(
        f"asyncoperations?$select=errorcode&$filter=_owningextensionid_value eq {step}"
    )
    assert job["errorcode"] == code
    assert hooks.receiver.deliveries == []


def test_settle_waits_for_delayed_duplicated_and_reordered_webhooks(hooks: Hooks) -> None:
    hooks.step("Create", "account")
    faults = {"webhooks": {"duplicate": 1, "delay_ms": [0, 200], "reorder": True}}
    hooks.server.send("POST", f"{hooks.server.url}/_emulator/faults", faults)
    for number in range(10):
        hooks.server.create("accounts", name=str(number))
    stats = hooks.settle()
    operations = [delivery.body["OperationId"] for delivery in hooks.receiver.deliveries]
    assert (len(operations), len(set(operations))) == (20, 10)
    assert stats["webhooks"]["sent"] == 20


def test_settle_gives_up_after_its_timeout(hooks: Hooks) -> None:
    hooks.step("Create", "account")
    url = f"{hooks.server.url}/_emulator"
    hooks.server.send("POST", f"{url}/faults", {"webhooks": {"delay_ms": [700, 700]}})
    hooks.server.create("accounts", name="a")
    answer = hooks.server.send("POST", f"{url}/settle?timeout=0.1")
    assert (answer.status_code, answer.json()["webhooks"]["sent"]) == (408, 0)
    assert hooks.settle()["webhooks"]["sent"] == 1
