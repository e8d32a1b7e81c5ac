"""Closing by action: the row is closed, and only the action's own message is told to steps."""

from typing import Any

import pytest

from emulator.rows.closing import CLOSINGS
from tests.emulator.serving import OrgServer
from tests.emulator.webhooks.conftest import Hooks
from tests.emulator.webhooks.receiver import pairs

BIND = "opportunityid@odata.bind"


@pytest.mark.parametrize(
    ("action", "activity", "status", "expected"),
    [
        ("WinOpportunity", "OpportunityClose", 3, (1, 3)),
        ("LoseOpportunity", "OpportunityClose", 5, (2, 5)),
        ("LoseOpportunity", "OpportunityClose", -1, (2, 4)),
        ("WinQuote", "QuoteClose", -1, (2, 4)),
        ("CloseQuote", "QuoteClose", 7, (3, 7)),
        ("CloseIncident", "IncidentResolution", 1000, (1, 1000)),
        ("FulfillSalesOrder", "OrderClose", 100001, (3, 100001)),
        ("CancelSalesOrder", "OrderClose", -1, (2, 4)),
    ],
)
def test_an_action_closes_its_row(
    server: OrgServer, action: str, activity: str, status: int, expected: tuple[int, int]
) -> None:
    table = server.org.definitions.tables[CLOSINGS[action].table]
    row = server.create(table.set_name, **{str(table.name_column): "x"})
    bound = {f"{table.id_column}@odata.bind": f"/{table.set_name}({row})", "subject": "بسته شد"}
    body = {activity: bound, "Status": status}
    assert server.send("POST", action, body).status_code == 204
    found = server.get(f"{table.set_name}({row})?$select=statecode,statuscode")
    assert (found["statecode"], found["statuscode"]) == expected
    again = server.send("POST", action, body)
    assert (again.status_code, again.json()["error"]["code"]) == (400, "0x80048d00")


def test_an_opportunity_takes_over_what_it_brought(server: OrgServer) -> None:
    row = server.create("opportunities", name="x", estimatedvalue=10)
    body = {"OpportunityClose": {
        BIND: f"/opportunities({row})",
        "actualrevenue": 12.5, "actualend": "2026-02-28",
    }, "Status": 3}  # fmt: skip
    assert server.send("POST", "WinOpportunity", body).status_code == 204
    found = server.get(f"opportunities({row})?$select=actualvalue,actualclosedate")
    assert (found["actualvalue"], found["actualclosedate"]) == (12.5, "2026-02-28")


def test_steps_hear_of_the_closing_alone(hooks: Hooks) -> None:
    server = hooks.server
    for message in ("Win", "Update"):
        hooks.step(message, "opportunity")
    row = server.create("opportunities", name="x")
    bound = {BIND: f"/opportunities({row})"}
    server.send("POST", "WinOpportunity", {"OpportunityClose": bound, "Status": 3})
    hooks.settle()
    (delivery,) = hooks.receiver.deliveries
    assert (delivery.body["MessageName"], delivery.body["PrimaryEntityId"]) == ("Win", row)
    parameters = pairs(delivery.body["InputParameters"])
    assert parameters["Status"]["Value"] == 3
    attributes = pairs(parameters["OpportunityClose"]["Attributes"])
    assert attributes["opportunityid"]["Id"] == row


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"OpportunityClose": {}}, 400),
        ({"OpportunityClose": {BIND: "/accounts({0})"}}, 400),
        ({"OpportunityClose": {BIND: "/opportunities({0})"}}, 404),
        ({"OpportunityClose": {BIND: "/opportunities({1})"}, "Status": 1}, 400),
        ({"OpportunityClose": {}, "Status": "won"}, 400),
    ],
    ids=str,
)  # fmt: skip
def test_a_closing_that_makes_no_sense_is_refused(
    server: OrgServer, body: dict[str, Any], status: int
) -> None:
    row = server.create("opportunities", name="x")
    ids = ("ac000000-0000-4000-8000-00000000dead", row)
    activity = {name: text.format(*ids) for name, text in body.get("OpportunityClose", {}).items()}
    sent = body | ({"OpportunityClose": activity} if "OpportunityClose" in body else {})
    assert server.send("POST", "WinOpportunity", sent).status_code == status
    assert server.get(f"opportunities({row})")["statecode"] == 0
