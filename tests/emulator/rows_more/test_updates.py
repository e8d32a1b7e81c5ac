"""State and status apart from other columns, events too large to post, and cascades."""

from typing import Any

import pytest

from tests.emulator.serving import OrgServer
from tests.emulator.webhooks.conftest import Hooks
from tests.emulator.webhooks.receiver import Delivery, pairs

LARGE = "ض" * 140_000


def new_invoice(server: OrgServer, **values: Any) -> str:
    account = server.create("accounts", name="نمونه")
    return server.create("invoices", name="i", customerid_account__bind=f"/accounts({account})",
                         **values)  # fmt: skip


def written(delivery: Delivery) -> set[str]:
    """The columns of a target that its writer named."""
    names = set(pairs(delivery.target["Attributes"]))
    return names & {"name", "description", "statecode", "statuscode"}


@pytest.mark.parametrize(
    ("body", "updates"),
    [
        ({"name": "n"}, [{"name"}]),
        ({"statecode": 2}, [{"statecode", "statuscode"}]),
        ({"name": "n", "statecode": 2}, [{"name"}, {"statecode", "statuscode"}]),
        ({"statuscode": 4, "name": "n", "description": "d"},
         [{"name", "description"}, {"statuscode"}]),
        ({"statecode": 2, "statuscode": 100002, "name": "n"},
         [{"name"}, {"statecode", "statuscode"}]),
    ],
)  # fmt: skip
def test_state_and_other_columns_are_two_updates(
    hooks: Hooks, body: dict[str, Any], updates: list[set[str]]
) -> None:
    invoice = new_invoice(hooks.server)
    hooks.step("Update")
    assert hooks.server.send("PATCH", f"invoices({invoice})", body).status_code == 204
    hooks.settle()
    found = [written(delivery) for delivery in hooks.receiver.deliveries]
    assert sorted(found, key=sorted) == sorted(updates, key=sorted)
    row = hooks.server.get(f"invoices({invoice})")
    assert {name: row[name] for name in body} == body


def test_each_of_the_two_updates_has_its_own_image(hooks: Hooks) -> None:
    invoice = new_invoice(hooks.server, description="before")
    hooks.image(hooks.step("Update", filteringattributes="statecode"), 0, "description,statecode")
    body = {"description": "after", "statecode": 2}
    hooks.server.send("PATCH", f"invoices({invoice})", body)
    hooks.settle()
    (delivery,) = hooks.receiver.deliveries
    image = pairs(pairs(delivery.body["PreEntityImages"])["gs_pre"]["Attributes"])
    assert (image["description"], image["statecode"]["Value"]) == ("after", 0)


def test_the_manager_and_the_unit_of_a_user_are_an_update_of_their_own(hooks: Hooks) -> None:
    server = hooks.server
    unit = server.create("businessunits", name="north")
    user, manager = (server.create("systemusers", lastname=name) for name in ("u", "m"))
    hooks.step("Update", "systemuser")
    body = {"title": "t", "businessunitid@odata.bind": f"/businessunits({unit})",
            "parentsystemuserid@odata.bind": f"/systemusers({manager})"}  # fmt: skip
    assert server.send("PATCH", f"systemusers({user})", body).status_code == 204
    hooks.settle()
    columns = [set(pairs(delivery.target["Attributes"])) for delivery in hooks.receiver.deliveries]
    named = [found & {"title", "businessunitid", "parentsystemuserid"} for found in columns]
    assert sorted(named, key=len) == [{"title"}, {"businessunitid", "parentsystemuserid"}]


def test_a_refused_state_takes_the_other_columns_back(server: OrgServer) -> None:
    invoice = new_invoice(server)
    body = {"name": "new", "statecode": 2, "statuscode": 1}
    assert server.send("PATCH", f"invoices({invoice})", body).status_code == 400
    assert server.get(f"invoices({invoice})")["name"] == "i"


@pytest.mark.parametrize("is_large", [True, False])
@pytest.mark.parametrize("message", ["Create", "Update", "Delete"])
def test_an_event_over_256_kb_keeps_only_what_names_it(
    hooks: Hooks, message: str, is_large: bool
) -> None:
    server, text = hooks.server, LARGE if is_large else "x"
    step = hooks.step(message, "account")
    if message != "Create":
        hooks.image(step, 0, "description,address1_line1")
    account = server.create("accounts", name="a", description=text)
    server.send("PATCH", f"accounts({account})", {"description": text})
    server.send("DELETE", f"accounts({account})")
    hooks.settle()
    (delivery,) = hooks.receiver.deliveries
    named = ("MessageName", "PrimaryEntityName", "PrimaryEntityId")
    assert [delivery.body[name] for name in named] == [message, "account", account]
    removed = {"ParentContext", "InputParameters", "PreEntityImages", "PostEntityImages"}
    assert removed & delivery.body.keys() == (set() if is_large else removed)
    assert ("x-ms-dynamics-msg-size-exceeded" in delivery.headers) == is_large


def test_children_that_go_with_their_parent_are_deletions_of_their_own(hooks: Hooks) -> None:
    server = hooks.server
    invoice = new_invoice(server)
    bind = {"invoiceid__bind": f"/invoices({invoice})"}
    lines = [server.create("invoicedetails", **bind) for _ in range(2)]
    hooks.image(hooks.step("Delete", "invoicedetail"), 0, "invoiceid")
    server.send("DELETE", f"invoices({invoice})")
    hooks.settle()
    deliveries = hooks.receiver.deliveries
    assert {delivery.body["PrimaryEntityId"] for delivery in deliveries} == set(lines)
    images = [pairs(delivery.body["PreEntityImages"])["gs_pre"] for delivery in deliveries]
    assert {pairs(image["Attributes"])["invoiceid"]["Id"] for image in images} == {invoice}


def test_a_lookup_emptied_by_a_deletion_raises_nothing(hooks: Hooks) -> None:
    server = hooks.server
    parent = server.create("accounts", name="parent")
    child = server.create("accounts", name="x", parentaccountid__bind=f"/accounts({parent})")
    hooks.step("Update", "account")
    server.send("DELETE", f"accounts({parent})")
    hooks.settle()
    assert hooks.receiver.deliveries == []
    assert server.get(f"accounts({child})")["_parentaccountid_value"] is None
