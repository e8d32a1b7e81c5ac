"""Custom APIs: rows make a message, calls are checked and raise it."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from emulator.changes import Change
from emulator.customization.custom_apis import call_custom_api, guard_custom_api
from emulator.errors import ApiError
from emulator.organization import Organization
from emulator.webapi.calls import Answer, Call, Headers
from emulator.webhooks.guards import guard_registration
from emulator.webhooks.messages import message_id, seed_messages

API = "5f000000-0000-4000-8000-000000000001"
RUN = "5f000000-0000-4000-8000-000000000002"


@pytest.fixture
def org() -> Iterator[Organization]:
    org = Organization()
    seed_messages(org)
    org.guards.append(guard_custom_api)
    yield org
    org.close()


def add_api(org: Organization, **values: Any) -> None:
    row = {"customapiid": API, "uniquename": "gs_Recompute", "bindingtype": 0, "isfunction": False}
    with org.transaction() as tx:
        tx.create("customapi", row | {"allowedcustomprocessingsteptype": 1} | values)


def add_parameter(
    org: Organization, name: str, kind: int | None, table: str = "customapirequestparameter"
) -> None:
    row: dict[str, Any] = {"uniquename": name, "type": kind, "customapiid": API,
                           "customapiid@type": "customapi"}  # fmt: skip
    if table == "customapirequestparameter":
        row["isoptional"] = name.startswith("Optional")
    with org.transaction() as tx:
        tx.create(table, row)


def post(org: Organization, method: str = "POST", **parameters: Any) -> Answer | None:
    body = msgspec.json.encode(parameters)
    call = Call(org, method, "gs_Recompute", "", Headers(), body, "http://h/api/data/v9.2/")
    return call_custom_api(call, "gs_Recompute")


def messages(org: Organization) -> list[str]:
    return [row["name"] for row in org.rows("sdkmessage") if row["name"].startswith("gs_")]


def test_a_custom_api_brings_its_message_and_takes_it_away(org: Organization) -> None:
    add_api(org)
    assert messages(org) == ["gs_Recompute"]
    api = org.rows("customapi")[0]
    assert org.row("sdkmessage", api["sdkmessageid"]) is not None
    with org.transaction() as tx:
        tx.delete("customapi", API)
    assert messages(org) == []


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"bindingtype": 1, "boundentitylogicalname": "account"}, 501),
        ({"isfunction": True}, 501),
        ({"plugintypeid": RUN}, 501),
        ({"uniquename": "Recompute"}, 400),
        ({"uniquename": "Update"}, 400),
    ],
)
def test_what_a_custom_api_cannot_be_is_refused_and_leaves_nothing(
    org: Organization, values: dict[str, Any], status: int
) -> None:
    with pytest.raises(ApiError) as refusal:
        add_api(org, **values)
    assert refusal.value.status == status
    assert org.rows("customapi") == []


def test_a_second_custom_api_of_the_name_is_refused(org: Organization) -> None:
    add_api(org)
    with pytest.raises(ApiError):
        add_api(org, customapiid=RUN)


@pytest.mark.parametrize(
    "change",
    [{"uniquename": "gs_Other"}, {"bindingtype": 1}, {"allowedcustomprocessingsteptype": 0}],
)
def test_the_shape_of_a_custom_api_cannot_be_changed(
    org: Organization, change: dict[str, Any]
) -> None:
    add_api(org)
    with pytest.raises(ApiError), org.transaction() as tx:
        tx.update("customapi", API, change)


def test_a_call_raises_the_message_with_its_parameters(org: Organization) -> None:
    heard: list[Change] = []
    add_api(org)
    add_parameter(org, "Table", 10)
    add_parameter(org, "RunId", 12)
    org.listeners.append(heard.append)
    answer = post(org, Table="account", RunId=RUN.upper())
    assert answer == Answer(204)
    assert heard == [Change("gs_Recompute", "", "", parameters={"Table": "account", "RunId": RUN})]


@pytest.mark.parametrize(
    ("kind", "value", "raised"),
    [
        (0, True, True),
        (1, "2026-03-02T08:15:30Z", "/Date(1772439330000)/"),
        (7, 5, 5),
        (10, "متن", "متن"),
        (11, ["a", "b"], ["a", "b"]),
        (12, RUN, RUN),
        (10, None, None),
    ],
)
def test_parameters_reach_the_message_in_their_encoding(
    org: Organization, kind: int, value: object, raised: object
) -> None:
    heard: list[Change] = []
    add_api(org)
    add_parameter(org, "Value", kind)
    org.listeners.append(heard.append)
    post(org, Value=value)
    assert heard[0].parameters == {"Value": raised}


@pytest.mark.parametrize(
    ("kind", "value"),
    [(0, 1), (1, "yesterday"), (2, "1"), (7, True), (7, "7"), (7, 2**31), (9, 2**31), (10, 5),
     (11, ["a", 1]), (12, "x")],
)  # fmt: skip
def test_a_parameter_of_the_wrong_type_is_refused(
    org: Organization, kind: int, value: object
) -> None:
    add_api(org)
    add_parameter(org, "Value", kind)
    with pytest.raises(ApiError) as refusal:
        post(org, Value=value)
    assert refusal.value.status == 400


def test_unknown_and_missing_parameters_are_refused(org: Organization) -> None:
    add_api(org)
    add_parameter(org, "Table", 10)
    add_parameter(org, "OptionalIds", 10)
    for parameters in ({"Table": "account", "Tabel": "x"}, {"OptionalIds": "[]"}):
        with pytest.raises(ApiError) as refusal:
            post(org, **parameters)
        assert refusal.value.status == 400
    assert post(org, Table="account") == Answer(204)


def test_a_call_answers_the_defaults_of_its_response_properties(org: Organization) -> None:
    add_api(org)
    add_parameter(org, "Accepted", 0, "customapiresponseproperty")
    add_parameter(org, "Text", 10, "customapiresponseproperty")
    answer = post(org)
    assert answer is not None
    assert answer.status == 200
    assert {name: answer.body[name] for name in ("Accepted", "Text")} == {
        "Accepted": False,
        "Text": None,
    }


@pytest.mark.parametrize("kind", [3, 4, 5, None])
def test_a_parameter_of_a_type_not_implemented_is_refused(
    org: Organization, kind: int | None
) -> None:
    add_api(org)
    with pytest.raises(ApiError) as refusal:
        add_parameter(org, "Row", kind)
    assert refusal.value.status == 501


@pytest.mark.parametrize("allowed", [0, 1, 2])
def test_a_step_needs_a_custom_api_that_allows_it(org: Organization, allowed: int) -> None:
    org.guards.append(guard_registration)
    add_api(org, allowedcustomprocessingsteptype=allowed)
    endpoint = {"serviceendpointid": RUN, "contract": 8, "authtype": 4}
    step = {
        "stage": 40,
        "mode": 1,
        "sdkmessageid": message_id("gs_Recompute"),
        "sdkmessageid@type": "sdkmessage",
        "eventhandler": RUN,
        "eventhandler@type": "serviceendpoint",
    }
    with org.transaction() as tx:
        tx.create("serviceendpoint", endpoint)
    refused = False
    try:
        with org.transaction() as tx:
            tx.create("sdkmessageprocessingstep", step)
    except ApiError:
        refused = True
    assert refused is (allowed == 0)


def test_another_name_is_not_a_custom_api(org: Organization) -> None:
    assert post(org) is None
