"""Microsoft's Python SDK: SQL, bulk deletion, typed columns, and relationships of many kinds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from PowerPlatform.Dataverse.client import DataverseClient
from PowerPlatform.Dataverse.core.errors import HttpError
from PowerPlatform.Dataverse.models import ManyToManyRelationshipMetadata
from PowerPlatform.Dataverse.models.filters import col

from tests.judges.conftest import Organisation

WORD = "فروشگاه"


@pytest.fixture
def shops(sdk: DataverseClient) -> Iterator[list[str]]:
    """Five accounts with their numbers; gone after the test."""
    rows = [{"name": f"{WORD} {n}", "numberofemployees": n, "revenue": n * 1.5} for n in range(5)]
    ids = sdk.records.create("account", rows)
    yield ids
    left = sdk.records.list("account", filter=col("name").startswith(WORD), select=["name"])
    sdk.records.delete("account", [row["accountid"] for row in left])


def test_sql_selects_joins_and_sums_up(sdk: DataverseClient, shops: list[str]) -> None:
    bound = {"parentaccountid@odata.bind": f"/accounts({shops[0]})"}
    sdk.records.update("account", shops[3:], bound)
    rows = sdk.query.sql(
        f"SELECT TOP 2 name, revenue FROM account WHERE name LIKE '{WORD}%' ORDER BY revenue DESC"
    )
    assert [row.to_dict() for row in rows] == [
        {"name": f"{WORD} 4", "revenue": 6.0}, {"name": f"{WORD} 3", "revenue": 4.5}]  # fmt: skip
    frame = sdk.dataframe.sql(
        "SELECT p.name, COUNT(a.accountid) AS cnt, SUM(a.numberofemployees) AS people "
        "FROM account a JOIN account p ON a.parentaccountid = p.accountid GROUP BY p.name"
    )
    assert frame.to_dict("records") == [{"name": f"{WORD} 0", "cnt": 2, "people": 7}]
    batch = sdk.batch.new()
    batch.query.sql(f"SELECT name FROM account WHERE name = '{WORD} 1'")
    (answer,) = batch.execute().responses
    assert (answer.data or {})["value"] == [{"name": f"{WORD} 1"}]


def test_many_rows_are_deleted_by_a_job(
    sdk: DataverseClient, shops: list[str], organisation: Organisation
) -> None:
    job = sdk.records.delete("account", shops[1:4])
    left = sdk.records.list("account", filter=col("name").startswith(WORD), orderby=["name"])
    assert [row["name"][-1] for row in left] == ["0", "4"]
    row = sdk.records.retrieve("asyncoperation", job or "", select=["statuscode"])
    assert row is not None
    assert row["statuscode"] == 30
    assert "action" in organisation.kinds()


def test_columns_are_described_with_their_limits(sdk: DataverseClient) -> None:
    columns = {row["LogicalName"]: row for row in sdk.tables.list_columns("account", typed=True)}
    assert columns["numberofemployees"]["MaxValue"] == 2**31 - 1
    column = sdk.tables.get_column("account", "revenue", typed=True)
    assert column is not None
    assert column["AttributeType"] == "Money"
    texts = sdk.tables.list_columns(
        "account",
        select=["LogicalName"],
        filter="AttributeType eq Microsoft.Dynamics.CRM.AttributeTypeCode'String'",
    )
    assert {"name", "accountnumber"} <= {row["LogicalName"] for row in texts}


def test_a_column_of_the_platform_gets_other_words(sdk: DataverseClient) -> None:
    sdk.tables.update_column("account", "accountnumber", {"display_name": "شماره", "max_length": 5})
    with pytest.raises(HttpError, match="exceeded the maximum allowed length of '5'"):
        sdk.records.create("account", {"accountnumber": "123456"})
    sdk.tables.update_column("account", "accountnumber", {"max_length": 20})


@pytest.mark.parametrize("mode", ["small", "chunk"])
def test_a_file_is_uploaded(
    sdk: DataverseClient, shops: list[str], organisation: Organisation, tmp_path: Path, mode: str
) -> None:
    path = tmp_path / "letter.txt"
    path.write_bytes(b"0123456789" * 500_000)
    sdk.files.upload("account", shops[0], f"gs_Letter{mode}", str(path), mode=mode)
    answer = requests.get(
        f"{organisation.url}/api/data/v9.2/accounts({shops[0]})/gs_letter{mode}/$value",
        headers={"Authorization": f"Bearer {organisation.token()}"},
        timeout=30,
    )
    assert answer.content == path.read_bytes()


def test_a_table_has_many_of_itself(
    sdk: DataverseClient, shops: list[str], organisation: Organisation
) -> None:
    name = "gs_account_rival"
    made = sdk.tables.create_many_to_many_relationship(
        ManyToManyRelationshipMetadata(
            schema_name=name, entity1_logical_name="account", entity2_logical_name="account"
        )
    )
    address = f"{organisation.url}/api/data/v9.2/accounts"
    answer = requests.post(
        f"{address}({shops[0]})/{name}/$ref",
        json={"@odata.id": f"{address}({shops[1]})"},
        headers={"Authorization": f"Bearer {organisation.token()}"},
        timeout=30,
    )
    assert answer.status_code == 204
    row = sdk.records.retrieve("account", shops[0], select=["name"], expand=[name])
    assert row is not None
    assert [rival["name"] for rival in row[name]] == [f"{WORD} 1"]
    found = sdk.tables.list_relationships(
        filter="RelationshipType eq Microsoft.Dynamics.CRM.RelationshipType'ManyToManyRelationship'"
        " and IsCustomRelationship eq true",
        select=["SchemaName"],
    )
    assert [row["SchemaName"] for row in found] == [name]
    sdk.tables.delete_relationship(made.relationship_id or "")
