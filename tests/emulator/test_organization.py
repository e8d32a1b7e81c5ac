"""The organisation underneath: transactions, listeners, files, and the data file."""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from emulator.changes import Change
from emulator.errors import ApiError
from emulator.loading import load_rows
from emulator.organization import Organization
from emulator.rows.transaction import Transaction
from emulator.seeds import SERVICE_USER_ID, seed
from tests.emulator.serving import NOW, OrgServer

A1, C1 = "ac000000-0000-4000-8000-000000000001", "cc000000-0000-4000-8000-000000000001"
TABLE = "@Microsoft.Dynamics.CRM.lookuplogicalname"


@pytest.fixture
def org() -> Iterator[Organization]:
    org = Organization(clock=lambda: NOW)
    seed(org)
    yield org
    org.close()


def heard(org: Organization) -> list[Change]:
    changes: list[Change] = []
    org.listeners.append(changes.append)
    return changes


def test_listeners_hear_of_changes_in_order_with_the_rows_before_and_after(
    org: Organization,
) -> None:
    changes = heard(org)
    with org.transaction() as tx:
        tx.create("account", {"accountid": A1, "name": "a"})
        tx.update("account", A1, {"name": "b"})
        tx.delete("account", A1)
        assert changes == []
    assert [change.message for change in changes] == ["Create", "Update", "Delete"]
    created, updated, deleted = changes
    assert created.before is None
    assert created.after is not None and created.after["name"] == "a"
    assert updated.before is not None and updated.before["name"] == "a"
    assert updated.after is not None and updated.after["name"] == "b"
    assert {"name", "modifiedon", "modifiedby", "modifiedonbehalfby"} == set(updated.changed)
    assert deleted.after is None


def test_the_row_after_a_change_is_the_row_that_is_read(org: Organization) -> None:
    changes = heard(org)
    with org.transaction() as tx:
        tx.create("account", {"accountid": A1, "name": "a"})
        tx.update("account", A1, {"statecode": 1})
    assert changes[1].after == org.row("account", A1)


def test_a_failed_transaction_leaves_nothing_and_tells_nobody(org: Organization) -> None:
    changes = heard(org)
    definitions = org.definitions
    with pytest.raises(ApiError), org.transaction() as tx:
        tx.create("account", {"accountid": A1})
        org.remove_choice("nosuch")
        tx.update("account", C1, {"name": "x"})
    assert changes == []
    assert org.rows("account") == []
    assert org.definitions is definitions


def test_a_guard_acts_inside_the_transaction_and_may_refuse_it(org: Organization) -> None:
    def guard(tx: Transaction, change: Change) -> None:
        if change.after and change.after.get("name") == "bad":
            raise ApiError(400, "0x80040265", "refused")
        if change.table == "account":
            tx.create("contact", {"lastname": "of the account"})

    org.guards.append(guard)
    with org.transaction() as tx:
        tx.create("account", {"name": "good"})
    with pytest.raises(ApiError), org.transaction() as tx:
        tx.create("account", {"name": "bad"})
    assert [len(org.rows(table)) for table in ("account", "contact")] == [1, 1]


def test_a_slow_reader_sees_one_state_and_stops_nobody(org: Organization) -> None:
    with org.reading() as connection:
        count = "SELECT count(*) FROM account"
        assert connection.execute(count).fetchone() == (0,)
        with org.transaction() as tx:
            tx.create("account", {})
        assert connection.execute(count).fetchone() == (0,)
    assert len(org.rows("account")) == 1


def test_writers_in_many_threads_take_turns(org: Organization) -> None:
    with org.transaction() as tx:
        tx.create("account", {"accountid": A1, "numberofemployees": 0})

    def add() -> None:
        for _ in range(20):
            with org.transaction() as tx:
                count = tx.existing("account", A1)["numberofemployees"]
                tx.update("account", A1, {"numberofemployees": count + 1})

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    row = org.row("account", A1)
    assert row is not None and row["numberofemployees"] == 80


def test_versions_only_grow_also_after_a_restart(tmp_path: Path) -> None:
    versions: list[int] = []
    for _ in range(2):
        org = Organization(tmp_path / "org.db", clock=lambda: NOW)
        with org.transaction() as tx:
            row_id = tx.create("account", {})
        row = org.row("account", row_id)
        assert row is not None
        versions.append(row["versionnumber"])
        org.close()
    assert versions[1] > versions[0]


def test_a_file_keeps_rows_and_definitions(tmp_path: Path) -> None:
    first = Organization(tmp_path / "org.db")
    assert first.is_new
    with first.transaction() as tx:
        tx.create("account", {"accountid": A1, "name": "kept"})
    first.remove_table("listmember")
    first.close()
    second = Organization(tmp_path / "org.db")
    assert not second.is_new
    assert [row["name"] for row in second.rows("account")] == ["kept"]
    assert "listmember" not in second.definitions.tables
    second.close()


def load(org: Organization, tmp_path: Path, data: dict[str, list[dict[str, Any]]]) -> int:
    path = tmp_path / "data.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return load_rows(org, path)


def test_data_is_stored_as_given(org: Organization, tmp_path: Path) -> None:
    account = {"accountid": A1, "name": "داده", "createdon": "2020-01-01T00:00:00Z"}
    invoice = {
        "invoiceid": C1,
        "totalamount": 10.5,
        "totalamount_base": 2,
        "statecode": 2,
        "_customerid_value": A1,
        f"_customerid_value{TABLE}": "account",
        "@odata.etag": 'W/"1"',
        "statecode@OData.Community.Display.V1.FormattedValue": "Paid",
    }
    assert load(org, tmp_path, {"account": [account], "invoice": [invoice]}) == 2
    row, paper = org.row("account", A1), org.row("invoice", C1)
    assert row is not None and paper is not None
    assert (row["createdon"], row["modifiedon"], row["ownerid"]) == (
        "2020-01-01T00:00:00Z", None, None,
    )  # fmt: skip
    assert (paper["totalamount_base"], paper["statecode"], paper["statuscode"]) == (2, 2, None)
    assert (paper["customerid"], paper["customerid@type"]) == (A1, "account")


def test_data_may_say_more_about_the_standing_rows(org: Organization, tmp_path: Path) -> None:
    user = {"systemuserid": SERVICE_USER_ID, "fullname": "Somebody"}
    load(org, tmp_path, {"systemuser": [user]})
    row = org.row("systemuser", SERVICE_USER_ID)
    assert row is not None
    assert (row["fullname"], row["isdisabled"]) == ("Somebody", False)


@pytest.mark.parametrize(
    ("method", "body", "status"),
    [
        ("PATCH", {"name": "x"}, 400),
        ("PATCH", {"statecode": 0}, 204),
        ("DELETE", None, 400),
    ],
)
def test_strictly_closed_rows_can_only_be_reopened(
    start_server: Callable[..., OrgServer], method: str, body: Any, status: int
) -> None:
    server = start_server(strict_closed=True)
    invoice = server.create("invoices", statecode=2)
    assert server.send(method, f"invoices({invoice})", body).status_code == status
