"""Mistakes in a ``--data`` file are told with their table, row and column."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from emulator.loading import BadData, load_rows
from emulator.organization import Organization
from emulator.seeds import seed

A1 = "ac000000-0000-4000-8000-000000000001"
KIND = "_customerid_value@Microsoft.Dynamics.CRM.lookuplogicalname"


@pytest.fixture
def org() -> Iterator[Organization]:
    org = Organization(None)
    seed(org)
    yield org
    org.close()


def account(**values: Any) -> dict[str, Any]:
    return {"account": [{"accountid": A1, **values}]}


def invoice(**values: Any) -> dict[str, Any]:
    return {"invoice": [{"invoiceid": A1, "_customerid_value": A1, **values}]}


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ([], "Expected `object`, got `array`"),
        ({"accounts": []}, "there is no table with the logical name 'accounts'"),
        ({"account": {}}, "account: the rows must be a list"),
        ({"account": [5]}, "account, row 1: a row must be an object"),
        ({"account": [{"name": "x"}]}, "account, row 1: the row lacks its accountid"),
        (account(nosuch=1), "account, row 1, nosuch: there is no such column"),
        (account(parentaccountid=A1), "account, row 1, parentaccountid: there is no such column"),
        (account(revenue="text"), "account, row 1, revenue: 'text' is no Money"),
        (account(revenue=1e30), "account, row 1, revenue: 1E+30 is too large"),
        (account(createdon="0001-01-01T00:00:00+14:00"), "createdon: '0001-01-01"),
        (account(_parentaccountid_value=5), "row 1, _parentaccountid_value: 5 is no guid"),
        ({"account": [{"accountid": A1}] * 2}, f"row 2: another row has the accountid {A1}"),
        (invoice(), f"invoice, row 1, _customerid_value: it needs its annotation '{KIND}'"),
        (invoice(**{KIND: "lead"}), "_customerid_value: it cannot point to 'lead'"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_nothing_is_loaded(
    org: Organization, tmp_path: Path, data: Any, told: str
) -> None:
    file = tmp_path / "data.json"
    file.write_text(json.dumps(data), "utf-8")
    with pytest.raises(BadData) as raised:
        load_rows(org, file)
    assert told in str(raised.value)
    assert org.rows("account") == []


def test_the_file_may_begin_with_a_byte_order_mark(org: Organization, tmp_path: Path) -> None:
    file = tmp_path / "data.json"
    file.write_text(json.dumps(account(name="سلام")), "utf-8-sig")
    assert load_rows(org, file) == 1


def test_a_file_in_another_encoding_is_refused(org: Organization, tmp_path: Path) -> None:
    file = tmp_path / "data.json"
    file.write_bytes(b'{"account":[{"name":"\xff"}]}')
    with pytest.raises(BadData):
        load_rows(org, file)


def test_given_versions_and_values_out_of_range_are_stored_as_they_are(
    org: Organization, tmp_path: Path
) -> None:
    file = tmp_path / "data.json"
    given = {"versionnumber": 77, "industrycode": 12345, "name": "x" * 500}
    file.write_text(json.dumps(account(**given)), "utf-8")
    load_rows(org, file)
    row = org.row("account", A1)
    assert row is not None
    assert {name: row[name] for name in given} == given
    with org.transaction() as tx:
        tx.update("account", A1, {"name": "y"})
    changed = org.row("account", A1)
    assert changed is not None
    assert changed["versionnumber"] > 1_000_000
