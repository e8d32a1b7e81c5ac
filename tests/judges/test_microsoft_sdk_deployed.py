"""Microsoft's Python SDK sees the columns, choices and tables that deploy made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from PowerPlatform.Dataverse.client import DataverseClient

from gradesys.dataverse.client import Client
from gradesys.dataverse.retry import ClientOptions
from gradesys.deploy.apply import apply
from gradesys.deploy.plan import plan
from gradesys.deploy.remove import removal
from tests.deploy.organisations import wanted
from tests.judges.conftest import Organisation

A, B = 921500000, 921500001


@pytest.fixture(scope="module", autouse=True)
def deployed(organisation: Organisation) -> Iterator[None]:
    """Everything that a model needs is there, for this module."""
    options = ClientOptions(attempts=1, verify=str(organisation.authority))
    with closing(Client(organisation.url, organisation.token, options)) as client:
        apply(plan(wanted(), client), client, lambda action: None)
        yield
        apply(removal(client, with_data=True), client, lambda action: None)


def test_the_columns_are_listed_with_their_kinds(sdk: DataverseClient) -> None:
    columns = sdk.tables.list_columns("account", select=["LogicalName", "AttributeType"])
    kinds = {column["LogicalName"]: column["AttributeType"] for column in columns}
    made = {"gs_score": "Decimal", "gs_grade": "Picklist", "gs_reasons": "String",
            "gs_explanation": "Memo", "gs_scoredon": "DateTime"}  # fmt: skip
    assert made.items() <= kinds.items()


@pytest.mark.parametrize(("label", "value"), [("Excellent", A), ("ممتاز", A), ("B", B)])
def test_a_grade_is_known_by_its_label_in_either_language(
    sdk: DataverseClient, label: str, value: int
) -> None:
    row_id = sdk.records.create("account", {"name": "a", "gs_grade": label})
    row = sdk.records.retrieve("account", row_id, select=["gs_grade"])
    assert row is not None
    assert row["gs_grade"] == value


@pytest.mark.parametrize("table", ["gs_run", "gs_scorehistory"])
def test_our_tables_are_tables_like_any_other(sdk: DataverseClient, table: str) -> None:
    found = sdk.tables.get(table)
    assert found is not None
    assert (found.logical_name, found.primary_name_attribute) == (table, "gs_name")
