"""RetrieveMetadataChanges: chosen members of chosen tables, columns, keys and relationships."""

import json
from typing import Any
from urllib.parse import quote

import pytest

from tests.emulator.serving import OrgServer


def is_(name: str, operator: str, value: Any) -> dict[str, Any]:
    typed = {"Type": "System.String", "Value": value}
    return {"PropertyName": name, "ConditionOperator": operator, "Value": typed}


def where(*conditions: dict[str, Any], operator: str = "And") -> dict[str, Any]:
    return {"FilterOperator": operator, "Conditions": list(conditions)}


def ask(server: OrgServer, query: dict[str, Any]) -> Any:
    path = f"RetrieveMetadataChanges(Query=@p1)?@p1={quote(json.dumps(query))}"
    return server.get(path)["EntityMetadata"]


ACCOUNT = where(is_("LogicalName", "Equals", "account"))


def test_columns_come_with_the_members_of_their_type(org_server: OrgServer) -> None:
    wanted = {"PropertyNames": ["MinValue", "MaxValue", "OptionSet", "RequiredLevel"]}
    columns = where(is_("LogicalName", "In", "['numberofemployees','industrycode']"))
    (table,) = ask(org_server, {
        "Criteria": ACCOUNT,
        "Properties": {"PropertyNames": ["Attributes", "EntitySetName"]},
        "AttributeQuery": {"Criteria": columns, "Properties": wanted},
    })  # fmt: skip
    assert table["EntitySetName"] == "accounts"
    found = {column["LogicalName"]: column for column in table["Attributes"]}
    assert found.keys() == {"numberofemployees", "industrycode"}
    assert found["numberofemployees"]["MaxValue"] == 2**31 - 1
    assert found["industrycode"]["OptionSet"]["Options"][0]["Value"] == 1
    assert "DisplayName" not in found["industrycode"]


@pytest.mark.parametrize(
    ("criteria", "names"),
    [
        (where(is_("IsActivity", "Equals", "True"), is_("LogicalName", "NotEquals", "task")),
         ["appointment", "email", "phonecall"]),
        (where(is_("LogicalName", "Equals", "task"), is_("LogicalName", "Equals", "team"),
               operator="Or"), ["task", "team"]),
        (where(is_("LogicalName", "In", ["lead"])) | {"Filters": [
            where(is_("CanChangeTrackingBeEnabled", "Equals", True))]}, ["lead"]),
        (where(is_("LogicalName", "Equals", "nobody")), []),
    ],
    ids=str,
)  # fmt: skip
def test_criteria_choose_tables(
    org_server: OrgServer, criteria: dict[str, Any], names: list[str]
) -> None:
    found = ask(org_server, {"Criteria": criteria, "Properties": {"PropertyNames": ["SchemaName"]}})
    named = [table["LogicalName"] for table in found]
    assert [name for name in sorted(named) if name != "activitypointer"] == names


def test_relationships_come_whole_unless_a_query_narrows_them(org_server: OrgServer) -> None:
    (table,) = ask(org_server, {
        "Criteria": ACCOUNT, "Properties": {"PropertyNames": ["ManyToManyRelationships"]},
    })  # fmt: skip
    (found,) = [item for item in table["ManyToManyRelationships"]
                if item["IntersectEntityName"] == "accountleads"]  # fmt: skip
    assert found["Entity2IntersectAttribute"] == "leadid"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("1", 400),
        ("{", 400),
        ('{"Criteria":1}', 400),
        ('{"Properties":{"PropertyNames":[1]}}', 400),
        ('{"Criteria":{"Conditions":[{"PropertyName":"LogicalName"}]}}', 400),
        ('{"Properties":{}}&$top=1', 501),
        ('{"Surprise":{}}', 501),
    ],
)
def test_a_query_that_is_none_is_refused(
    refusing_server: OrgServer, query: str, status: int
) -> None:
    path = f"RetrieveMetadataChanges(Query=@p1)?@p1={query}"
    assert refusing_server.send("GET", path).status_code == status
