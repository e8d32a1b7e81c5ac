"""Microsoft's Python SDK reads definitions of the emulator, makes and uses a table."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum

import pytest
from PowerPlatform.Dataverse.client import DataverseClient
from PowerPlatform.Dataverse.models import ManyToManyRelationshipMetadata
from PowerPlatform.Dataverse.models.filters import col

TABLE = "gs_Paper"


class Stage(IntEnum):
    """A choice of the table's own."""

    DRAFT = 1
    SENT = 2


COLUMNS = {
    "gs_Code": "string",
    "gs_Text": "memo",
    "gs_Pages": {"type": "int", "min_value": 1, "max_value": 500},
    "gs_Price": "decimal",
    "gs_Weight": "float",
    "gs_Urgent": "bool",
    "gs_Due": "datetime",
    "gs_Stage": Stage,
}
VALUES = {
    "gs_name": "برگه‌ی یک",
    "gs_code": "P-1",
    "gs_text": "سطر یک\nسطر دو",
    "gs_pages": 12,
    "gs_price": 19.75,
    "gs_weight": 0.25,
    "gs_urgent": True,
    "gs_due": "2026-03-01T08:30:00Z",
    "gs_stage": 2,
}


@pytest.fixture
def table(sdk: DataverseClient) -> Iterator[str]:
    """A custom table for one test."""
    sdk.tables.create(TABLE, COLUMNS, primary_column="gs_Name", display_name="Paper")
    yield TABLE
    sdk.tables.delete(TABLE)
    assert sdk.tables.get(TABLE) is None


def test_a_table_tells_about_itself(sdk: DataverseClient) -> None:
    found = sdk.tables.get("account")
    assert found is not None
    told = (found.logical_name, found.entity_set_name, found.primary_id_attribute)
    assert told == ("account", "accounts", "accountid")
    assert found.primary_name_attribute == "name"


def test_tables_are_listed(sdk: DataverseClient) -> None:
    names = {row["LogicalName"] for row in sdk.tables.list(select=["LogicalName"])}
    assert {"account", "contact", "invoice", "opportunity"} <= names


def test_columns_are_listed(sdk: DataverseClient) -> None:
    columns = sdk.tables.list_columns("account", select=["LogicalName", "AttributeType"])
    kinds = {column["LogicalName"]: column["AttributeType"] for column in columns}
    wanted = {"name": "String", "revenue": "Money", "statecode": "State", "ownerid": "Owner"}
    assert wanted.items() <= kinds.items()


def test_the_way_to_a_lookup_is_found(sdk: DataverseClient) -> None:
    ways = {way["nav_property"]: way for way in sdk.query.odata_expands("account")}
    way = ways["primarycontactid"]
    assert (way["target_table"], way["target_entity_set"]) == ("contact", "contacts")


def test_a_custom_table_keeps_values_of_every_kind(sdk: DataverseClient, table: str) -> None:
    given = VALUES | {"gs_stage": "SENT"}
    row_id = sdk.records.create(table, given)
    row = sdk.records.retrieve(table, row_id, select=list(VALUES))
    assert row is not None
    assert {name: row[name] for name in VALUES} == VALUES


def test_rows_of_a_custom_table_are_written_in_bulk(sdk: DataverseClient, table: str) -> None:
    rows = [{"gs_name": f"برگه {number}", "gs_pages": number} for number in range(1, 5)]
    ids = sdk.records.create(table, rows)
    sdk.records.update(table, ids, [{"gs_pages": number * 100} for number in range(1, 5)])
    found = sdk.records.list(table, filter=col("gs_pages") >= 300, orderby=["gs_pages"])
    assert [(row["gs_name"], row["gs_pages"]) for row in found] == [
        ("برگه 3", 300),
        ("برگه 4", 400),
    ]


def test_columns_are_added_changed_and_removed(sdk: DataverseClient, table: str) -> None:
    sdk.tables.add_columns(table, {"gs_More": "string"})
    sdk.tables.update_column(table, "gs_More", {"max_length": 50})
    row_id = sdk.records.create(table, {"gs_name": "a", "gs_more": "بیشتر"})
    row = sdk.records.retrieve(table, row_id, select=["gs_more"])
    assert row is not None
    assert row["gs_more"] == "بیشتر"
    sdk.tables.remove_columns(table, "gs_More")
    assert sdk.tables.get_column(table, "gs_More") is None


def test_a_custom_table_looks_up_another(sdk: DataverseClient, table: str) -> None:
    sdk.tables.create_lookup_field(table.lower(), "gs_AccountId", "account")
    account = sdk.records.create("account", {"name": "صاحب برگه"})
    bound = {"gs_name": "a", "gs_AccountId@odata.bind": f"/accounts({account})"}
    row_id = sdk.records.create(table, bound)
    row = sdk.records.retrieve(table, row_id, select=["gs_name"], expand=["gs_AccountId"])
    assert row is not None
    assert row["gs_AccountId"]["name"] == "صاحب برگه"


def test_a_custom_table_has_many_of_another(sdk: DataverseClient, table: str) -> None:
    name = "gs_paper_contact"
    relationship = ManyToManyRelationshipMetadata(
        schema_name=name,
        entity1_logical_name=table.lower(),
        entity2_logical_name="contact",
    )
    made = sdk.tables.create_many_to_many_relationship(relationship)
    found = sdk.tables.get_relationship(name)
    assert found is not None
    assert found.relationship_id == made.relationship_id
    sdk.tables.delete_relationship(made.relationship_id or "")
    assert sdk.tables.get_relationship(name) is None
