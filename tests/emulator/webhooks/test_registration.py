"""Endpoints, steps and images as rows: what is kept, and what is refused when registered."""

from collections.abc import Iterator
from typing import Any

import pytest

from emulator.errors import ApiError
from emulator.organization import Organization
from emulator.webhooks.guards import guard_registration
from emulator.webhooks.messages import MESSAGES, filter_id, message_id, seed_messages
from emulator.webhooks.registry import load_steps
from emulator.webhooks.steps import Endpoint, Image

ENDPOINT = "7d3c5b62-9f41-4c0e-8a77-1f4e2c9b0d03"
STEP = "0b6a7d10-3f0e-4a5a-9d0a-6b8f2a9c1d02"
IMAGE = "3e9f7c14-52d8-4b6f-b0a1-9c7d5e2f4a04"


@pytest.fixture
def org() -> Iterator[Organization]:
    org = Organization()
    seed_messages(org)
    org.guards.append(guard_registration)
    add(org, "serviceendpoint", serviceendpointid=ENDPOINT, **endpoint())
    yield org
    org.close()


def add(org: Organization, table: str, **values: Any) -> None:
    with org.transaction() as tx:
        tx.create(table, values)


def endpoint(**values: Any) -> dict[str, Any]:
    return {"contract": 8, "authtype": 4, "authvalue": "key", "url": "http://127.0.0.1:1/"} | values


def step(message: str = "Update", **values: Any) -> dict[str, Any]:
    return {
        "sdkmessageprocessingstepid": STEP,
        "name": "a step",
        "stage": 40,
        "mode": 1,
        "asyncautodelete": True,
        "sdkmessageid": message_id(message),
        "sdkmessageid@type": "sdkmessage",
        "sdkmessagefilterid": filter_id(message, "invoice"),
        "sdkmessagefilterid@type": "sdkmessagefilter",
        "eventhandler": ENDPOINT,
        "eventhandler@type": "serviceendpoint",
    } | values


def image(**values: Any) -> dict[str, Any]:
    return {
        "sdkmessageprocessingstepimageid": IMAGE,
        "entityalias": "gs_pre",
        "messagepropertyname": "Target",
        "imagetype": 0,
        "attributes": "customerid, statecode",
        "sdkmessageprocessingstepid": STEP,
        "sdkmessageprocessingstepid@type": "sdkmessageprocessingstep",
    } | values


def test_a_registered_step_is_loaded_with_its_endpoint_and_images(org: Organization) -> None:
    add(org, "sdkmessageprocessingstep", **step(filteringattributes="customerid,totalamount"))
    add(org, "sdkmessageprocessingstepimage", **image())
    (loaded,) = load_steps(org)
    assert (loaded.message, loaded.table, loaded.auto_delete) == ("Update", "invoice", True)
    assert loaded.filtering == {"customerid", "totalamount"}
    assert loaded.endpoint == Endpoint("http://127.0.0.1:1/", 4, "key")
    assert loaded.images == (Image("gs_pre", 0, ("customerid", "statecode")),)


def test_a_disabled_step_is_not_loaded(org: Organization) -> None:
    add(org, "sdkmessageprocessingstep", **step())
    with org.transaction() as tx:
        tx.update("sdkmessageprocessingstep", STEP, {"statecode": 1, "statuscode": 2})
    assert load_steps(org) == ()


def test_a_step_without_a_filter_is_for_every_table(org: Organization) -> None:
    add(org, "sdkmessageprocessingstep", **step(sdkmessagefilterid=None))
    assert [loaded.table for loaded in load_steps(org)] == [""]


@pytest.mark.parametrize(
    ("values", "status"),
    [
        (step(mode=0), 501),
        (step(invocationsource=1), 501),
        (step(configuration="text"), 501),
        (step(stage=20), 501),
        (step(eventhandler=None), 501),
        (step("Assign", sdkmessagefilterid=None), 501),
        (step("UpdateMultiple"), 501),
        (step("Create", filteringattributes="name"), 400),
        (step(sdkmessageid=None), 400),
    ],
)
def test_a_step_that_would_not_be_delivered_is_refused(
    org: Organization, values: dict[str, Any], status: int
) -> None:
    if values["eventhandler"] is None:
        values["eventhandler@type"] = None
    with pytest.raises(ApiError) as refusal:
        add(org, "sdkmessageprocessingstep", **values)
    assert refusal.value.status == status
    assert load_steps(org) == ()


@pytest.mark.parametrize(
    "values",
    [
        endpoint(contract=2),
        endpoint(authtype=2),
        endpoint(authtype=None),
        endpoint(messageformat=1),
        endpoint(userclaim=2),
    ],
)
def test_an_endpoint_other_than_a_webhook_is_refused(
    org: Organization, values: dict[str, Any]
) -> None:
    with pytest.raises(ApiError) as refusal:
        add(org, "serviceendpoint", **values)
    assert refusal.value.status == 501


def test_an_endpoint_says_whether_its_secret_is_set(org: Organization) -> None:
    add(org, "serviceendpoint", serviceendpointid=IMAGE, **endpoint(authvalue=None))
    assert [row["isauthvalueset"] for row in org.rows("serviceendpoint", authvalue="key")] == [True]
    assert [row["isauthvalueset"] for row in org.rows("serviceendpoint", authvalue=None)] == [False]


@pytest.mark.parametrize(
    ("message", "kind", "allowed"),
    [
        ("Create", 0, False), ("Create", 1, True), ("Create", 2, False),
        ("Update", 0, True), ("Update", 1, True), ("Update", 2, True),
        ("Delete", 0, True), ("Delete", 1, False), ("Delete", 2, False),
    ],
)  # fmt: skip
def test_an_image_must_exist_for_its_message(
    org: Organization, message: str, kind: int, allowed: bool
) -> None:
    add(org, "sdkmessageprocessingstep", **step(message))
    try:
        add(org, "sdkmessageprocessingstepimage", **image(imagetype=kind))
    except ApiError as refusal:
        assert (refusal.status, allowed) == (400, False)
    else:
        assert allowed


@pytest.mark.parametrize(
    "values", [{"entityalias": None}, {"messagepropertyname": "Id"}, {"messagepropertyname": None}]
)
def test_an_image_needs_an_alias_and_the_message_property_of_its_message(
    org: Organization, values: dict[str, Any]
) -> None:
    add(org, "sdkmessageprocessingstep", **step())
    with pytest.raises(ApiError) as refusal:
        add(org, "sdkmessageprocessingstepimage", **image(**values))
    assert refusal.value.status == 400


@pytest.mark.parametrize(("name", "id"), MESSAGES.items())
def test_platform_messages_have_the_ids_they_have_everywhere(
    org: Organization, name: str, id: str
) -> None:
    assert [row["sdkmessageid"] for row in org.rows("sdkmessage", name=name)] == [id]


@pytest.mark.parametrize("message", ["Create", "Update", "Delete", "UpdateMultiple"])
def test_every_table_offers_its_messages(org: Organization, message: str) -> None:
    offered = {
        row["primaryobjecttypecode"]
        for row in org.rows("sdkmessagefilter", sdkmessageid=message_id(message))
    }
    assert offered == {
        table.name for table in org.definitions.tables.values() if not table.is_intersect
    }
