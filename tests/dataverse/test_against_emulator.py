"""The store against a running organisation: what unit tests can only believe is tried here."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import requests

from gradesys.changes import Change, Fate
from gradesys.dataverse.metadata import load_schema
from gradesys.dataverse.store import DataverseStore
from gradesys.errors import MissingMetadata, PermanentError
from gradesys.records import Compare, Kind, Plan, Read, Ref, Row, Scope, Value
from tests.dataverse.emulated import (
    HUGE,
    Org,
    account_id,
    contact_id,
    invoice_id,
)

THREE = Decimal(3)


def test_metadata_tells_kinds_targets_and_ways_to_parents(org: Org) -> None:
    invoice = org.schema["invoice"]
    kinds = {name: invoice.columns[name].kind for name in ("statecode", "duedate", "createdon")}
    assert kinds == {"statecode": Kind.CHOICE, "duedate": Kind.DATE, "createdon": Kind.INSTANT}
    assert invoice.columns["customerid"].targets == ("account", "contact")
    assert invoice.navigations["customerid", "contact"] == "customerid_contact"
    assert [option.value for option in invoice.columns["statecode"].options] == [0, 1, 2, 3]
    assert org.schema["account"].columns["revenue"].places == 4
    assert org.schema["account"].bulk_update


def test_metadata_tells_which_tables_are_activities(org: Org) -> None:
    pointer = load_schema(org.client, ["account", "activitypointer"])["activitypointer"]
    assert pointer.activities == ("appointment", "email", "phonecall", "task")
    assert org.schema["account"].activities == ()


def test_a_missing_table_is_named(org: Org) -> None:
    with pytest.raises(MissingMetadata, match="gs_nothing"):
        load_schema(org.client, ["account", "gs_nothing"])


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "accounts?$select=gs_nothing", None),
        ("GET", "nothings", None),
        ("PATCH", f"accounts({account_id(1)})", {"gs_nothing": 1}),
    ],
)
def test_a_missing_column_or_table_is_told_apart_from_other_refusals(
    org: Org, method: str, path: str, body: Any
) -> None:
    with pytest.raises(MissingMetadata):
        org.client.request(method, path, body)


def test_lookups_and_parents_are_told_whatever_they_point_to(org: Org) -> None:
    columns = (
        "invoiceid",
        "customerid",
        "customerid.name",
        "customerid.creditlimit",
        "salesorderid.statecode",
    )
    rows = org.rows(Read("invoice", columns, "customerid", "account"), Scope("account"))
    told = {row["invoiceid"]: tuple(row[name] for name in columns[1:]) for row in rows}
    assert told == {
        invoice_id(1): (Ref("account", account_id(1)), "شرکت الف", None, Decimal(3)),
        invoice_id(2): (Ref("contact", contact_id(1)), None, Decimal(7), None),
        invoice_id(3): (None, None, None, None),
    }


def test_children_are_found_by_their_lookup(org: Org) -> None:
    read = Read("invoice", ("invoiceid", "customerid"), "customerid", "contact")
    (row,) = org.rows(read, Scope("contact", (contact_id(1), contact_id(2))))
    assert row == {"invoiceid": invoice_id(2), "customerid": Ref("contact", contact_id(1))}


def test_a_whole_table_comes_in_pages(org: Org) -> None:
    read = Read("contact", ("contactid",), "contactid", "contact")
    pages = list(org.store.pages(Plan((read,), Scope("contact"))))
    assert [len(page.rows) for page in pages] == [5000, 3]
    assert len({row["contactid"] for page in pages for row in page.rows}) == 5003


def test_a_thousand_ids_and_several_tables_take_one_request(org: Org) -> None:
    contacts = Read("contact", ("contactid",), "contactid", "contact")
    invoices = Read("invoice", ("invoiceid",), "customerid", "contact")
    scope = Scope("contact", tuple(contact_id(number) for number in range(1000)))
    found: list[int] = []

    def work() -> None:
        pages = org.store.pages(Plan((contacts, invoices), scope))
        found.append(sum(len(page.rows) for page in pages))

    assert org.requests_of(work) == 1
    assert found == [1001]


def verify(*numbers: int) -> Plan:
    columns = ("accountid", "revenue", "numberofemployees", "description")
    read = Read("account", columns, "accountid", "account")
    return Plan((read,), Scope("account", tuple(account_id(number) for number in numbers)))


@pytest.mark.parametrize("live", [True, False])
@pytest.mark.parametrize("value", [HUGE, -HUGE, Decimal("0.0001"), Decimal("1E+3"), None])
def test_a_number_comes_back_to_the_last_digit(org: Org, live: bool, value: Value) -> None:
    change = Change("account", account_id(2), {"revenue": value, "description": "دلیل"})
    (outcome,) = org.store.write([change], verify(2) if live else None).outcomes
    assert outcome.fate is Fate.WRITTEN
    (row,) = org.rows(verify(2).reads[0], verify(2).scope)
    assert (row["revenue"], row["description"]) == (value, "دلیل")


def test_a_live_write_with_its_verification_is_one_request(org: Org) -> None:
    change = Change("account", account_id(1), {"numberofemployees": Decimal("12.0")})
    pages: list[Row] = []

    def work() -> None:
        written = org.store.write([change], verify(1))
        pages.extend(row for page in written.pages for row in page.rows)

    assert org.requests_of(work) == 1
    assert [row["numberofemployees"] for row in pages] == [Decimal(12)]


@pytest.mark.parametrize("live", [True, False])
def test_a_row_that_is_gone_is_never_created(org: Org, live: bool) -> None:
    gone = Change("account", account_id(99), {"revenue": Decimal(1)})
    (outcome,) = org.store.write([gone], verify(99) if live else None).outcomes
    assert outcome.fate is Fate.GONE
    assert org.rows(verify(99).reads[0], verify(99).scope) == []


def test_bad_rows_among_many_are_found_and_the_rest_is_written(org: Org) -> None:
    def change(number: int) -> Change:
        children = Decimal(10**12) if number == 17 else THREE
        return Change("contact", contact_id(number), {"numberofchildren": children})

    store = DataverseStore(
        org.client, org.schema, {"contact": frozenset({"numberofchildren"})}, chunk=30
    )
    outcomes = store.write([*map(change, range(58)), change(6000)]).outcomes
    unwritten = {o.change.id: o.fate for o in outcomes if o.fate is not Fate.WRITTEN}
    assert unwritten == {contact_id(17): Fate.REFUSED, contact_id(6000): Fate.GONE}
    read = Read(
        "contact", ("contactid",), "contactid", "contact", Compare("numberofchildren", "eq", THREE)
    )
    assert len(org.rows(read, Scope("contact"))) == 57


def test_a_closed_row_is_told_from_a_refused_one(org: Org) -> None:
    changes = [Change("invoice", invoice_id(n), {"description": "y"}) for n in (1, 2)]
    for plan in (None, verify(1)):
        outcomes = org.store.write(changes, plan).outcomes
        assert [outcome.fate for outcome in outcomes] == [Fate.CLOSED, Fate.WRITTEN]


def test_a_storm_of_failures_changes_nothing_about_the_result(org: Org) -> None:
    storm: list[Mapping[str, Any]] = [
        {"status": 429, "retry_after": 1, "probability": 0.2},
        {"status": 503, "after_apply": True, "probability": 0.2, "match": {"method": "POST"}},
    ]
    changes = [Change("account", account_id(n % 2 + 1), {"revenue": Decimal(n)}) for n in range(6)]
    everybody = Read("contact", ("contactid",), "contactid", "contact")
    _faults(org, {"rules": storm})
    try:
        written = org.store.write(changes, verify(1, 2))
        counted = org.rows(everybody, Scope("contact"))
    finally:
        _faults(org, {})
    assert {outcome.fate for outcome in written.outcomes} == {Fate.WRITTEN}
    assert {row["revenue"] for page in written.pages for row in page.rows} == {4, 5}
    assert len(counted) == 5003


def _faults(org: Org, faults: Mapping[str, Any]) -> None:
    url = f"{org.server.url}/_emulator/faults"
    assert requests.post(url, json=faults, timeout=10).status_code < 300


def test_small_questions_are_answered(org: Org) -> None:
    org.store.ping()
    assert org.store.organization_id() == str(UUID(org.store.organization_id()))
    assert (org.store.count("invoice"), org.store.count("contact")) == (3, 5000)


def test_a_row_of_our_own_is_created_and_then_updated(org: Org) -> None:
    for name in ("one", "two"):
        org.store.put_row("contact", contact_id(7000), {"lastname": name})
    read = Read("contact", ("lastname",), "contactid", "contact")
    assert org.rows(read, Scope("contact", (contact_id(7000),))) == [{"lastname": "two"}]
    org.client.request("DELETE", f"contacts({contact_id(7000)})")
    with pytest.raises(PermanentError):
        org.client.request("GET", f"contacts({contact_id(7000)})")
