"""Webhooks end to end: registered over the Web API, set off by requests, received by a server."""

from typing import Any

import pytest

from tests.emulator.serving import OrgServer
from tests.emulator.webhooks.conftest import Hooks
from tests.emulator.webhooks.receiver import pairs


def new_invoice(server: OrgServer, **values: Any) -> tuple[str, str]:
    account = server.create("accounts", name="نمونه")
    invoice = server.create(
        "invoices", name="INV-1", customerid_account__bind=f"/accounts({account})", **values
    )
    return account, invoice


def test_a_create_is_posted_with_its_row(hooks: Hooks) -> None:
    hooks.step("Create")
    account, invoice = new_invoice(hooks.server, totalamount=12.5)
    stats = hooks.settle()
    (delivery,) = hooks.receiver.deliveries
    attributes = pairs(delivery.target["Attributes"])
    assert delivery.body["PrimaryEntityId"] == invoice
    assert attributes["customerid"]["Id"] == account
    assert attributes["totalamount"]["Value"] == 12.5
    assert attributes["statecode"]["Value"] == 0
    assert stats["webhooks"] == {"sent": 1, "failed": 0, "dropped": 0}


def test_a_move_to_another_customer_shows_both(hooks: Hooks) -> None:
    hooks.image(hooks.step("Update", filteringattributes="customerid"), 0, "customerid")
    old, invoice = new_invoice(hooks.server)
    new = hooks.server.create("accounts", name="other")
    bind = {"customerid_account@odata.bind": f"/accounts({new})"}
    assert hooks.server.send("PATCH", f"invoices({invoice})", bind).status_code == 204
    hooks.settle()
    (delivery,) = hooks.receiver.deliveries
    image = pairs(pairs(delivery.body["PreEntityImages"])["gs_pre"]["Attributes"])
    assert image["customerid"]["Id"] == old
    assert image["customerid"]["Name"] == "نمونه"
    assert pairs(delivery.target["Attributes"])["customerid"]["Id"] == new


def test_a_deletion_is_posted_with_its_image(hooks: Hooks) -> None:
    hooks.image(hooks.step("Delete"), 0, "customerid")
    account, invoice = new_invoice(hooks.server)
    hooks.server.send("DELETE", f"invoices({invoice})")
    hooks.settle()
    (delivery,) = hooks.receiver.deliveries
    image = pairs(pairs(delivery.body["PreEntityImages"])["gs_pre"]["Attributes"])
    assert (delivery.target["Id"], image["customerid"]["Id"]) == (invoice, account)


def test_only_filtered_columns_set_off_an_update(hooks: Hooks) -> None:
    hooks.step("Update", filteringattributes="totalamount,statecode")
    _, invoice = new_invoice(hooks.server)
    hooks.server.send("PATCH", f"invoices({invoice})", {"name": "renamed"})
    hooks.settle()
    assert hooks.receiver.deliveries == []
    hooks.server.send("PATCH", f"invoices({invoice})", {"statecode": 2})
    hooks.settle()
    (delivery,) = hooks.receiver.deliveries
    assert pairs(delivery.target["Attributes"])["statecode"]["Value"] == 2


def test_every_row_of_an_update_multiple_is_posted(hooks: Hooks) -> None:
    hooks.step("Update", "account")
    ids = [hooks.server.create("accounts", name=name) for name in ("a", "b", "c")]
    targets = [{"@odata.type": "Microsoft.Dynamics.CRM.account", "accountid": id, "name": "x"}
               for id in ids]  # fmt: skip
    path = "accounts/Microsoft.Dynamics.CRM.UpdateMultiple"
    assert hooks.server.send("POST", path, {"Targets": targets}).status_code == 204
    hooks.settle()
    assert {delivery.body["PrimaryEntityId"] for delivery in hooks.receiver.deliveries} == set(ids)


def test_a_refused_change_sets_off_nothing(hooks: Hooks) -> None:
    hooks.step("Update", "account")
    account = hooks.server.create("accounts", name="a")
    refused = hooks.server.send("PATCH", f"accounts({account})", {"revenue": "much"})
    assert refused.status_code == 400
    assert hooks.settle()["webhooks"]["sent"] == 0


def test_the_request_carries_the_headers_and_the_secret(hooks: Hooks) -> None:
    hooks.step("Create", "account")
    hooks.server.create("accounts", name="a")
    hooks.settle()
    (delivery,) = hooks.receiver.deliveries
    assert delivery.headers["x-gs-key"] == "s3cret"
    assert delivery.headers["x-ms-dynamics-request-name"] == "Create"
    assert delivery.headers["x-ms-dynamics-entity-name"] == "account"
    correlation = delivery.body["CorrelationId"]
    assert delivery.headers["x-ms-correlation-request-id"] == correlation


@pytest.mark.parametrize("statecode", [0, 1])
def test_a_disabled_step_is_silent(hooks: Hooks, statecode: int) -> None:
    step = hooks.step("Create", "account")
    state = {"statecode": statecode, "statuscode": statecode + 1}
    hooks.server.send("PATCH", f"sdkmessageprocessingsteps({step})", state)
    hooks.server.create("accounts", name="a")
    hooks.settle()
    assert len(hooks.receiver.deliveries) == 1 - statecode


def test_a_deleted_step_is_silent_and_its_images_are_gone(hooks: Hooks) -> None:
    step = hooks.step("Update", "account")
    hooks.image(step, 0, "name")
    account = hooks.server.create("accounts", name="a")
    hooks.server.send("DELETE", f"sdkmessageprocessingsteps({hooks.steps.pop()})")
    hooks.server.send("PATCH", f"accounts({account})", {"name": "b"})
    hooks.settle()
    assert hooks.receiver.deliveries == []
    assert hooks.server.rows("sdkmessageprocessingstepimages?$select=name") == []


def test_a_custom_api_calls_its_step_without_a_plug_in(hooks: Hooks) -> None:
    server = hooks.server
    api = server.create("customapis", uniquename="gs_Recompute", name="gs_Recompute",
                        bindingtype=0, isfunction=False,
                        allowedcustomprocessingsteptype=1)  # fmt: skip
    for name, kind in (("Table", 10), ("RunId", 12)):
        server.create("customapirequestparameters", uniquename=name, type=kind, isoptional=False,
                      CustomAPIId__bind=f"/customapis({api})")  # fmt: skip
    hooks.step("gs_Recompute", "")
    parameters = {"Table": "account", "RunId": api}
    assert server.send("POST", "gs_Recompute", parameters).status_code == 204
    hooks.settle()
    (delivery,) = hooks.receiver.deliveries
    assert delivery.body["MessageName"] == "gs_Recompute"
    assert pairs(delivery.body["InputParameters"]) == parameters
    server.send("DELETE", f"sdkmessageprocessingsteps({hooks.steps.pop()})")
    assert server.send("DELETE", f"customapis({api})").status_code == 204
    assert server.rows("sdkmessages?$filter=name eq 'gs_Recompute'") == []
    assert server.send("POST", "gs_Recompute", parameters).status_code == 404


def test_guids_come_wrapped_when_asked_for(hooks: Hooks) -> None:
    hooks.step("Create")
    faults = {"webhooks": {"wrapped": True}}
    hooks.server.send("POST", f"{hooks.server.url}/_emulator/faults", faults)
    _, invoice = new_invoice(hooks.server)
    hooks.settle()
    (delivery,) = hooks.receiver.deliveries
    wrapped = pairs(delivery.target["Attributes"])["invoiceid"]
    assert wrapped == {"__type": "Guid:#System", "__value": invoice}
