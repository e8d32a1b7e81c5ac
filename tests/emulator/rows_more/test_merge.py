"""Merge: one row stays, the other goes, everything that pointed at it moves."""

from typing import Any

import pytest

from tests.emulator.serving import OrgServer
from tests.emulator.webhooks.conftest import Hooks
from tests.emulator.webhooks.receiver import pairs

CRM = "Microsoft.Dynamics.CRM."
GONE = "ac000000-0000-4000-8000-00000000dead"


def account(row_id: str, **values: Any) -> dict[str, Any]:
    return {"@odata.type": f"{CRM}account", "accountid": row_id} | values


def merge(server: OrgServer, target: str, subordinate: str, **content: Any) -> int:
    body = {"Target": account(target), "Subordinate": account(subordinate),
            "UpdateContent": account("00000000-0000-0000-0000-000000000000", **content),
            "PerformParentingChecks": False}  # fmt: skip
    return server.send("POST", "Merge", body).status_code


def pair(server: OrgServer) -> tuple[str, str]:
    stays = server.create("accounts", name="stays")
    goes = server.create("accounts", name="goes", telephone1="1",
                         parentaccountid__bind=f"/accounts({stays})")  # fmt: skip
    return stays, goes


def test_the_row_that_goes_is_inactive_and_names_the_one_that_stays(server: OrgServer) -> None:
    stays, goes = pair(server)
    assert merge(server, stays, goes, telephone1="1") == 204
    gone, kept = (server.get(f"accounts({row_id})") for row_id in (goes, stays))
    assert (gone["statecode"], gone["statuscode"], gone["merged"]) == (1, 2, True)
    assert gone["_masterid_value"] == stays
    assert (kept["name"], kept["telephone1"], kept["statecode"]) == ("stays", "1", 0)


def test_children_activities_and_links_move(server: OrgServer) -> None:
    stays, goes = pair(server)
    bind = f"/accounts({goes})"
    invoice = server.create("invoices", name="i", customerid_account__bind=bind)
    child = server.create("accounts", name="child", parentaccountid__bind=bind)
    task = server.create("tasks", subject="t", regardingobjectid_account_task__bind=bind)
    for name, owners in (("both", (stays, goes)), ("one", (goes,))):
        lead = server.create("leads", lastname=name)
        for owner in owners:
            body = {"@odata.id": f"/leads({lead})"}
            server.send("POST", f"accounts({owner})/accountleads_association/$ref", body)
    merge(server, stays, goes)
    assert server.get(f"invoices({invoice})")["_customerid_value"] == stays
    assert server.get(f"accounts({child})")["_parentaccountid_value"] == stays
    for path in (f"tasks({task})", f"activitypointers({task})"):
        assert server.get(path)["_regardingobjectid_value"] == stays
    leads = f"accounts({stays})/accountleads_association?$orderby=lastname"
    assert server.names(leads, "lastname") == ["both", "one"]
    assert server.rows(f"accountleadscollection?$filter=accountid eq {goes}") == []


def test_the_row_that_stays_never_becomes_its_own_parent(server: OrgServer) -> None:
    parent, child = pair(server)
    assert merge(server, child, parent) == 204
    assert server.get(f"accounts({child})")["_parentaccountid_value"] is None


def test_only_the_merge_itself_is_told(hooks: Hooks) -> None:
    server = hooks.server
    stays, goes = pair(server)
    server.create("invoices", name="i", customerid_account__bind=f"/accounts({goes})")
    hooks.image(hooks.step("Merge", "account"), 0, "name,telephone1")
    for table in ("account", "invoice"):
        hooks.step("Update", table)
    merge(server, stays, goes, telephone1="1")
    hooks.settle()
    (delivery,) = hooks.receiver.deliveries
    parameters = pairs(delivery.body["InputParameters"])
    assert (delivery.body["MessageName"], delivery.body["PrimaryEntityId"]) == ("Merge", stays)
    assert (parameters["Target"]["Id"], parameters["SubordinateId"]) == (stays, goes)
    assert pairs(parameters["UpdateContent"]["Attributes"]) == {"telephone1": "1"}
    image = pairs(pairs(delivery.body["PreEntityImages"])["gs_pre"]["Attributes"])
    assert image == {"name": "stays"}


def contact(row_id: str) -> dict[str, Any]:
    return {"@odata.type": f"{CRM}contact", "contactid": row_id}


@pytest.mark.parametrize(
    ("members", "status"),
    [
        ({"Subordinate": account(GONE)}, 404),
        ({"Target": account(GONE)}, 404),
        ({"Subordinate": contact(GONE)}, 400),
        ({"Subordinate": {"accountid": GONE}}, 400),
        ({"Target": {"@odata.type": f"{CRM}invoice", "invoiceid": GONE},
          "Subordinate": {"@odata.type": f"{CRM}invoice", "invoiceid": GONE}}, 400),
        ({"Target": None}, 400),
        ({"UpdateContent": {"revenue": "much"}}, 400),
    ],
)  # fmt: skip
def test_a_merge_that_cannot_be_changes_nothing(
    server: OrgServer, members: dict[str, Any], status: int
) -> None:
    stays, goes = pair(server)
    body = {"Target": account(stays), "Subordinate": account(goes)} | members
    assert server.send("POST", "Merge", body).status_code == status
    assert server.get(f"accounts({goes})")["statecode"] == 0


def test_a_row_is_not_merged_with_itself(server: OrgServer) -> None:
    stays, _ = pair(server)
    assert merge(server, stays, stays) == 400
