"""What bodies may carry: types, ranges, states, money; and what the platform adds."""

from decimal import Decimal
from typing import Any

import pytest

from tests.emulator.serving import OrgServer


@pytest.mark.parametrize(
    ("entity_set", "name", "sent", "stored"),
    [
        ("accounts", "name", "گروه «پارس»", "گروه «پارس»"),
        ("accounts", "name", "", None),
        ("accounts", "numberofemployees", 12, 12),
        ("accounts", "revenue", 922337203685477, Decimal("922337203685477.0000")),
        ("accounts", "revenue", -0.00005, Decimal("-0.0001")),
        ("accounts", "revenue", 1250.12345, Decimal("1250.1235")),
        ("accounts", "creditonhold", True, True),
        ("accounts", "industrycode", 3, 3),
        ("accounts", "address1_latitude", 35.5, 35.5),
        ("accounts", "lastusedincampaign", "2026-02-28", "2026-02-28"),
        ("opportunities", "discountpercentage", 12.5, Decimal("12.5")),
        ("opportunities", "scheduleproposalmeeting", "2026-03-01T12:00:00+03:30",
         "2026-03-01T08:30:00Z"),
        ("opportunities", "stepid", "AC000000-0000-4000-8000-00000000DEAD",
         "ac000000-0000-4000-8000-00000000dead"),
    ],
)  # fmt: skip
def test_values_are_kept_exactly(
    org_server: OrgServer, entity_set: str, name: str, sent: Any, stored: Any
) -> None:
    row_id = org_server.create(entity_set, **{name: sent})
    table = org_server.org.definitions.of_set(entity_set).name
    row = org_server.org.row(table, row_id)
    assert row is not None
    assert row[name] == stored
    assert type(row[name]) is type(stored)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"nosuchcolumn": 1}, "0x80048d19"),
        ({"name": 5}, "0x80048d19"),
        ({"numberofemployees": "5"}, "0x80048d19"),
        ({"numberofemployees": 5.5}, "0x80048d19"),
        ({"numberofemployees": 3_000_000_000}, "0x80044330"),
        ({"revenue": "1250"}, "0x80048d19"),
        ({"revenue": 1e15}, "0x80044330"),
        ({"creditonhold": 1}, "0x80048d19"),
        ({"industrycode": 9999}, "0x8004431a"),
        ({"lastusedincampaign": "2026-02-30"}, "0x80048d19"),
        ({"accountid": "17"}, "0x80048d19"),
        ({"_primarycontactid_value": "ac000000-0000-4000-8000-000000000001"}, "0x80048d19"),
        ({"primarycontact@odata.bind": "/contacts(x)"}, "0x80048d19"),
    ],
)
def test_a_body_that_does_not_fit_changes_nothing(
    org_server: OrgServer, body: dict[str, Any], code: str
) -> None:
    response = org_server.send("POST", "accounts", {"description": "d"} | body)
    assert (response.status_code, response.json()["error"]["code"]) == (400, code)
    assert org_server.rows("accounts") == []


def test_a_text_longer_than_its_column_is_refused(org_server: OrgServer) -> None:
    response = org_server.send("POST", "roles", {"name": "x" * 101})
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "0x80044331"
    assert "maximum allowed length of '100'" in response.json()["error"]["message"]


def test_a_body_that_is_no_json_object_is_refused(org_server: OrgServer) -> None:
    response = org_server.session.post(f"{org_server.api}accounts", data=b"{", timeout=30)
    assert (response.status_code, response.json()["error"]["code"]) == (400, "0x80060888")


@pytest.mark.parametrize(
    ("body", "state", "status"),
    [
        ({"statecode": 2}, 2, 100001),
        ({"statecode": 3}, 3, 100003),
        ({"statuscode": 4}, 0, 4),
        ({"statecode": 2, "statuscode": 100002}, 2, 100002),
    ],
)
def test_a_state_alone_takes_its_default_status(
    org_server: OrgServer, body: dict[str, int], state: int, status: int
) -> None:
    invoice = org_server.create("invoices", name="I")
    assert org_server.send("PATCH", f"invoices({invoice})", body).status_code == 204
    row = org_server.get(f"invoices({invoice})?$select=statecode,statuscode")
    assert (row["statecode"], row["statuscode"]) == (state, status)


@pytest.mark.parametrize("body", [{"statuscode": 100001}, {"statecode": 2, "statuscode": 1}])
def test_a_status_of_another_state_is_refused(org_server: OrgServer, body: dict[str, int]) -> None:
    invoice = org_server.create("invoices", name="I")
    response = org_server.send("PATCH", f"invoices({invoice})", body)
    assert (response.status_code, response.json()["error"]["code"]) == (400, "0x80048408")


def test_a_closed_row_stays_open_to_changes_and_deletion(org_server: OrgServer) -> None:
    invoice = org_server.create("invoices", statecode=2)
    assert org_server.send("PATCH", f"invoices({invoice})", {"name": "x"}).status_code == 204
    assert org_server.send("DELETE", f"invoices({invoice})").status_code == 204


def test_base_amounts_follow_the_exchange_rate_and_cannot_be_written(
    org_server: OrgServer,
) -> None:
    rial = org_server.create("transactioncurrencies", currencyname="Rial", exchangerate=4.0)
    currency = {"transactioncurrencyid__bind": f"/transactioncurrencies({rial})"}
    plain = org_server.create("invoices", totalamount=10, totalamount_base=99)
    other = org_server.create("invoices", totalamount=10, **currency)
    first = org_server.get(f"invoices({plain})")
    second = org_server.get(f"invoices({other})")
    assert (first["totalamount_base"], first["exchangerate"]) == (10, None)
    assert (second["totalamount_base"], second["exchangerate"]) == (2.5, 4)
    org_server.send("PATCH", f"invoices({other})", {"totalamount": None, "freightamount": 2})
    third = org_server.get(f"invoices({other})")
    assert (third["totalamount_base"], third["freightamount_base"]) == (None, 0.5)


def test_all_base_amounts_of_a_row_are_at_its_one_exchange_rate(org_server: OrgServer) -> None:
    rial = org_server.create("transactioncurrencies", currencyname="Rial", exchangerate=4.0)
    currency = {"transactioncurrencyid__bind": f"/transactioncurrencies({rial})"}
    invoice = org_server.create("invoices", totalamount=40, **currency)
    shown = "totalamount_base,freightamount_base,exchangerate"

    def amounts(body: dict[str, Any]) -> list[Any]:
        assert org_server.send("PATCH", f"invoices({invoice})", body).status_code == 204
        row = org_server.get(f"invoices({invoice})?$select={shown}")
        return [row[name] for name in shown.split(",")]

    org_server.send("PATCH", f"transactioncurrencies({rial})", {"exchangerate": 5})
    assert amounts({"name": "no amount"}) == [10, None, 4]
    assert amounts({"freightamount": 5}) == [8, 1, 5]
    assert amounts({"transactioncurrencyid@odata.bind": None}) == [40, 5, None]


def test_amounts_are_numbers_with_four_decimals(org_server: OrgServer) -> None:
    org_server.create("invoices", totalamount=1250.5, name="N")
    text = org_server.send("GET", "invoices?$select=totalamount").text
    assert '"totalamount":1250.5000' in text


def test_full_names_owners_and_migrated_dates_are_derived(org_server: OrgServer) -> None:
    team = org_server.names("teams", "teamid")[0]
    contact = org_server.create(
        "contacts",
        firstname="Sara",
        lastname="Karimi",
        ownerid__bind=f"/teams({team})",
        overriddencreatedon="2020-05-01T00:00:00Z",
    )
    row = org_server.get(f"contacts({contact})")
    assert row["fullname"] == "Sara Karimi"
    assert (row["_owningteam_value"], row["_owninguser_value"]) == (team, None)
    assert row["createdon"] == "2020-05-01T00:00:00Z"
    org_server.send("PATCH", f"contacts({contact})", {"firstname": None})
    assert org_server.get(f"contacts({contact})")["fullname"] == "Karimi"


def test_what_only_the_platform_writes_is_ignored(org_server: OrgServer) -> None:
    account = org_server.create("accounts", createdon="2001-01-01T00:00:00Z", versionnumber=1)
    row = org_server.get(f"accounts({account})")
    assert row["createdon"] == "2026-03-01T08:30:00Z"
    assert row["versionnumber"] > 1
    user = org_server.create("systemusers", firstname="Other")
    bind = {"createdby@odata.bind": f"/systemusers({user})"}
    assert org_server.send("PATCH", f"accounts({account})", bind).status_code == 204
    assert org_server.get(f"accounts({account})")["_createdby_value"] == row["_createdby_value"]
    assert org_server.send("DELETE", f"systemusers({user})").status_code == 204
