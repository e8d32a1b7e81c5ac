"""Microsoft's Python SDK reads and writes rows of the emulator: singly, in bulk and in batches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from PowerPlatform.Dataverse.client import DataverseClient
from PowerPlatform.Dataverse.core.errors import HttpError
from PowerPlatform.Dataverse.models import UpsertItem
from PowerPlatform.Dataverse.models.filters import FilterExpression, col, raw

from tests.judges.conftest import Organisation

WORD = "گروه"
MISSING = "00000000-0000-4000-8000-000000000404"


@dataclass(frozen=True, slots=True)
class Group:
    """Seven accounts named ``گروه 0`` to ``گروه 6`` with as many employees; gone after the test."""

    sdk: DataverseClient
    ids: list[str]

    def mine(self) -> FilterExpression:
        return col("name").startswith(f"{WORD} ")

    def names(self, condition: FilterExpression) -> list[str]:
        """The names of those that a condition finds, without the word."""
        found = self.sdk.records.list(
            "account", filter=self.mine() & condition, select=["name"], orderby=["name"]
        )
        return [row["name"].removeprefix(f"{WORD} ") for row in found]

    def employees(self) -> list[int]:
        found = self.sdk.records.list(
            "account", filter=self.mine(), select=["numberofemployees"], orderby=["name"]
        )
        return [row["numberofemployees"] for row in found]


@pytest.fixture
def group(sdk: DataverseClient) -> Iterator[Group]:
    rows = [{"name": f"{WORD} {number}", "numberofemployees": number} for number in range(7)]
    group = Group(sdk, sdk.records.create("account", rows))
    yield group
    left = sdk.records.list("account", filter=group.mine(), select=["accountid"])
    sdk.records.delete("account", [row["accountid"] for row in left], use_bulk_delete=False)


def read(sdk: DataverseClient, row_id: str, *columns: str) -> list[object]:
    """Columns of an account."""
    row = sdk.records.retrieve("account", row_id, select=list(columns))
    assert row is not None
    return [row[column] for column in columns]


def test_a_row_is_created_read_changed_and_deleted(sdk: DataverseClient) -> None:
    row_id = sdk.records.create("account", {"name": "شرکت نمونه‌ی «یک»", "revenue": 12.5})
    assert read(sdk, row_id, "name", "revenue") == ["شرکت نمونه‌ی «یک»", 12.5]
    sdk.records.update("account", row_id, {"name": "O'Neil + ی", "revenue": None})
    assert read(sdk, row_id, "name", "revenue") == ["O'Neil + ی", None]
    sdk.records.delete("account", row_id)
    assert sdk.records.retrieve("account", row_id) is None


def test_what_is_not_there_cannot_be_deleted(sdk: DataverseClient) -> None:
    with pytest.raises(HttpError) as refusal:
        sdk.records.delete("account", MISSING)
    details = refusal.value.details or {}
    assert (refusal.value.status_code, details["service_error_code"]) == (404, "0x80040217")


def test_many_rows_are_created_in_one_request_and_answer_in_order(group: Group) -> None:
    names = [read(group.sdk, row_id, "name") for row_id in group.ids]
    assert names == [[f"{WORD} {number}"] for number in range(7)]


def test_a_list_comes_in_pages(group: Group) -> None:
    pages = list(
        group.sdk.records.list_pages(
            "account", filter=group.mine(), orderby=["numberofemployees desc"], page_size=3
        )
    )
    assert [len(page) for page in pages] == [3, 3, 1]
    assert [row["numberofemployees"] for page in pages for row in page] == list(range(7))[::-1]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (col("numberofemployees").in_([1, 4, 99]), ["1", "4"]),
        (col("numberofemployees").not_in([0, 1, 2, 3]), ["4", "5", "6"]),
        (col("numberofemployees").between(2, 4), ["2", "3", "4"]),
        ((col("numberofemployees") > 4) | (col("numberofemployees") == 0), ["0", "5", "6"]),
        (col("name").endswith(" 3") & ~col("description").is_not_null(), ["3"]),
        (col("name").like("%ه 6"), ["6"]),
        (raw("Microsoft.Dynamics.CRM.Today(PropertyName='createdon')"), list("0123456")),
    ],
    ids=str,
)
def test_a_filter_finds(group: Group, condition: FilterExpression, found: list[str]) -> None:
    assert group.names(condition) == found


def test_persian_names_are_found_by_in(group: Group) -> None:
    wanted = [f"{WORD} {number}" for number in (2, 5)]
    assert group.names(col("name").in_(wanted)) == ["2", "5"]


def test_the_query_builder_expands_a_lookup(group: Group) -> None:
    parent, child = group.ids[:2]
    bound = {"parentaccountid@odata.bind": f"/accounts({parent})"}
    group.sdk.records.update("account", child, bound)
    query = group.sdk.query.builder("account").select("name").expand("parentaccountid")
    rows = [row for page in query.where(col("accountid") == child).execute_pages() for row in page]
    assert [row["parentaccountid"]["name"] for row in rows] == [f"{WORD} 0"]


def test_many_rows_are_updated_each_with_its_own_values(
    group: Group, organisation: Organisation
) -> None:
    changes = [{"numberofemployees": number * 10} for number in range(7)]
    group.sdk.records.update("account", group.ids, changes)
    assert group.employees() == [0, 10, 20, 30, 40, 50, 60]
    assert {"create_multiple", "update_multiple"} <= organisation.kinds()


def test_many_rows_are_updated_with_the_same_values(group: Group) -> None:
    group.sdk.records.update("account", group.ids[:2], {"numberofemployees": 1000})
    assert group.employees() == [1000, 1000, 2, 3, 4, 5, 6]


def test_an_alternate_key_creates_or_updates(group: Group, organisation: Organisation) -> None:
    sdk = group.sdk
    key = sdk.tables.create_alternate_key("account", "gs_number", ["accountnumber"])
    one, two = f"{WORD} یک", f"{WORD} دو"

    def upsert(names: Mapping[str, str]) -> list[str]:
        items: list[UpsertItem | dict[str, Any]] = [
            UpsertItem({"accountnumber": key}, {"name": name}) for key, name in names.items()
        ]
        sdk.records.upsert("account", items)
        return group.names(col("accountnumber").is_not_null())

    assert upsert({"A'1": one}) == ["یک"]
    assert upsert({"A'1": f"{one} نو", "ب ۲": two}) == ["دو", "یک نو"]
    assert upsert({"ب ۲": f"{two} نو"}) == ["دو نو", "یک نو"]
    assert "upsert_multiple" in organisation.kinds()
    (found,) = sdk.tables.get_alternate_keys("account")
    assert (found.schema_name, found.status) == ("gs_number", "Active")
    sdk.tables.delete_alternate_key("account", key.metadata_id)
    assert sdk.tables.get_alternate_keys("account") == []


def test_fetchxml_comes_in_pages_by_its_cookie(group: Group) -> None:
    xml = f"""
        <fetch count="3">
          <entity name="account">
            <attribute name="name"/>
            <order attribute="numberofemployees" descending="true"/>
            <filter><condition attribute="name" operator="like" value="{WORD} %"/></filter>
          </entity>
        </fetch>"""
    pages = list(group.sdk.query.fetchxml(xml).execute_pages())
    assert [len(page) for page in pages] == [3, 3, 1]
    names = [row["name"] for page in pages for row in page]
    assert names == [f"{WORD} {number}" for number in range(7)][::-1]


def test_fetchxml_aggregates_over_a_link(group: Group) -> None:
    bound = {"parentaccountid@odata.bind": f"/accounts({group.ids[0]})"}
    group.sdk.records.update("account", group.ids[4:], [bound] * 3)
    xml = f"""
        <fetch aggregate="true">
          <entity name="account">
            <attribute name="numberofemployees" aggregate="sum" alias="people"/>
            <attribute name="accountid" aggregate="count" alias="rows"/>
            <link-entity name="account" from="accountid" to="parentaccountid" alias="parent">
              <attribute name="name" groupby="true" alias="of"/>
              <filter>
                <condition attribute="name" operator="eq" value="{WORD} 0"/>
              </filter>
            </link-entity>
          </entity>
        </fetch>"""
    (row,) = group.sdk.query.fetchxml(xml).execute()
    assert row.to_dict() == {"people": 15, "rows": 3, "of": f"{WORD} 0"}


def test_a_batch_carries_reads_writes_and_a_change_set(group: Group) -> None:
    sdk, account = group.sdk, group.ids[0]
    batch = sdk.batch.new()
    batch.records.list("account", filter=group.mine(), select=["name"], orderby=["name"], top=2)
    with batch.changeset() as changes:
        contact = changes.records.create("contact", {"lastname": "رضایی"})
        changes.records.update("contact", contact, {"firstname": "علی"})
        changes.records.update("account", account, {"primarycontactid@odata.bind": contact})
    batch.records.update("account", group.ids[1:3], {"numberofemployees": 8})
    batch.tables.get("account")
    batch.records.retrieve("account", account, select=["name"], expand=["primarycontactid"])
    batch.records.delete("account", group.ids[6])
    answers = batch.execute().responses
    statuses = [answer.status_code for answer in answers]
    assert statuses == [200, 204, 204, 204, 204, 200, 200, 204]
    listed, table, expanded = (answers[place].data or {} for place in (0, 5, 6))
    assert [row["name"][-1] for row in listed["value"]] == ["0", "1"]
    assert [row["LogicalName"] for row in table["value"]] == ["account"]
    assert expanded["primarycontactid"]["fullname"] == "علی رضایی"
    assert group.employees() == [0, 8, 8, 3, 4, 5]


def test_a_change_set_that_fails_leaves_nothing_behind(group: Group) -> None:
    batch = group.sdk.batch.new()
    with batch.changeset() as changes:
        changes.records.update("account", group.ids[0], {"numberofemployees": 77})
        changes.records.update("account", MISSING, {"name": "x"})
    batch.records.update("account", group.ids[1], {"numberofemployees": 78})
    refused, done = batch.execute(continue_on_error=True).responses
    assert (refused.status_code, refused.error_code) == (404, "0x80040217")
    assert done.status_code == 204
    assert group.employees() == [0, 78, 2, 3, 4, 5, 6]
