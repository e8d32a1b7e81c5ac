"""Deep insert: related rows in the body of a POST are created with it, all or none."""

from typing import Any

import pytest

from tests.emulator.serving import OrgServer


def test_parents_children_and_links_are_created_with_their_row(server: OrgServer) -> None:
    body = {
        "name": "deep",
        "primarycontactid": {"lastname": "مدیر"},
        "invoice_customer_accounts": [
            {"name": "I1", "invoice_details": [{"productdescription": "d", "quantity": 2}]},
            {"name": "I2"},
        ],
        "accountleads_association": [{"lastname": "L"}],
    }
    made = server.send("POST", "accounts", body)
    assert made.status_code == 204
    expand = ("primarycontactid($select=lastname),invoice_customer_accounts($select=name;"
              "$orderby=name),accountleads_association($select=lastname)")  # fmt: skip
    row = server.get(f"{made.headers['OData-EntityId']}?$select=name&$expand={expand}")
    assert row["primarycontactid"]["lastname"] == "مدیر"
    assert [found["name"] for found in row["invoice_customer_accounts"]] == ["I1", "I2"]
    assert [found["lastname"] for found in row["accountleads_association"]] == ["L"]
    lines = server.rows("invoicedetails?$filter=invoiceid/name eq 'I1'&$select=quantity")
    assert [line["quantity"] for line in lines] == [2]


@pytest.mark.parametrize(
    "related",
    [
        {"primarycontactid": {"nobody": 1}},
        {"primarycontactid": "x"},
        {"invoice_customer_accounts": {"name": "no list"}},
        {"invoice_customer_accounts": [{"name": "good"}, {"totalamount": "bad"}]},
    ],
    ids=str,
)
def test_one_bad_row_leaves_nothing_behind(server: OrgServer, related: dict[str, Any]) -> None:
    response = server.send("POST", "accounts", {"name": "bad", **related})
    assert (response.status_code, response.json()["error"]["code"]) == (400, "0x80048d19")
    assert server.rows("accounts?$filter=name eq 'bad'") == []
    assert server.rows("invoices?$filter=name eq 'good'") == []
