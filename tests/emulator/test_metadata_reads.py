"""Reading definitions: tables, columns, choices and relationships."""

from typing import Any

import pytest

from tests.emulator.serving import OrgServer

INVOICE = "EntityDefinitions(LogicalName='invoice')"
CRM = "Microsoft.Dynamics.CRM."


def test_a_table_is_described_by_what_was_selected(org_server: OrgServer) -> None:
    select = "LogicalName,EntitySetName,PrimaryIdAttribute,PrimaryNameAttribute,ObjectTypeCode"
    found = org_server.get(f"{INVOICE}?$select={select}")
    assert found.pop("@odata.context") == f"{org_server.api}$metadata#EntityDefinitions/$entity"
    assert found.pop("MetadataId")
    assert found == {
        "LogicalName": "invoice",
        "EntitySetName": "invoices",
        "PrimaryIdAttribute": "invoiceid",
        "PrimaryNameAttribute": "name",
        "ObjectTypeCode": 1090,
    }


def test_a_table_is_found_by_its_metadata_id_too(org_server: OrgServer) -> None:
    metadata_id = org_server.get(f"{INVOICE}?$select=LogicalName")["MetadataId"]
    assert org_server.get(f"EntityDefinitions({metadata_id})")["LogicalName"] == "invoice"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("LogicalName eq 'account'", ["account"]),
        ("EntitySetName eq 'opportunities'", ["opportunity"]),
        ("LogicalName in ('task','team')", ["task", "team"]),
        ("startswith(LogicalName,'environment')",
         ["environmentvariabledefinition", "environmentvariablevalue"]),
        ("IsActivity eq true and not contains(LogicalName,'p')",
         ["email", "task"]),
        ("CanChangeTrackingBeEnabled/Value eq false", []),
        (f"OwnershipType eq {CRM}OwnershipTypes'BusinessOwned'", ["systemuser", "team"]),
    ],
)  # fmt: skip
def test_tables_are_filtered(org_server: OrgServer, condition: str, expected: list[str]) -> None:
    rows = org_server.rows(f"EntityDefinitions?$select=LogicalName&$filter={condition}")
    assert sorted(row["LogicalName"] for row in rows) == expected


def test_a_column_is_described_by_its_type(org_server: OrgServer) -> None:
    columns = {row["LogicalName"]: row for row in org_server.rows(f"{INVOICE}/Attributes")}
    amount, due = columns["totalamount"], columns["duedate"]
    assert amount["@odata.type"] == f"#{CRM}MoneyAttributeMetadata"
    assert amount["AttributeTypeName"] == {"Value": "MoneyType"}
    assert (due["Format"], due["DateTimeBehavior"]) == ("DateOnly", {"Value": "DateOnly"})
    assert columns["customerid"]["AttributeType"] == "Customer"
    assert columns["customerid"]["Targets"] == ["account", "contact"]
    assert columns["invoiceid"]["IsPrimaryId"] is True
    assert columns["totalamount_base"]["IsValidForUpdate"] is False


def test_party_lists_are_lookups_with_targets_like_the_others(org_server: OrgServer) -> None:
    path = f"EntityDefinitions(LogicalName='appointment')/Attributes/{CRM}LookupAttributeMetadata"
    rows = org_server.get(f"{path}?$select=LogicalName,AttributeType,Targets")["value"]
    assert "PartyList" in {row["AttributeType"] for row in rows}
    assert all(isinstance(row["Targets"], list) for row in rows)


@pytest.mark.parametrize(
    ("cast", "column"),
    [("Lookup", "opportunityid"), ("Picklist", "prioritycode"), ("Money", "totaltax")],
)
def test_columns_are_narrowed_by_a_cast(org_server: OrgServer, cast: str, column: str) -> None:
    path = f"{INVOICE}/Attributes/{CRM}{cast}AttributeMetadata?$select=LogicalName"
    rows = org_server.rows(path)
    assert column in [row["LogicalName"] for row in rows]
    assert {row["@odata.type"] for row in rows} == {f"#{CRM}{cast}AttributeMetadata"}


def options(org: OrgServer, column: str, kind: str) -> list[dict[str, Any]]:
    path = f"{INVOICE}/Attributes(LogicalName='{column}')/{CRM}{kind}AttributeMetadata"
    found = org.get(f"{path}?$select=LogicalName&$expand=OptionSet($select=Options)")
    listed: list[dict[str, Any]] = found["OptionSet"]["Options"]
    return listed


def test_states_and_statuses_refer_to_each_other(org_server: OrgServer) -> None:
    states = {item["Value"]: item for item in options(org_server, "statecode", "State")}
    statuses = {item["Value"]: item for item in options(org_server, "statuscode", "Status")}
    assert states[2]["DefaultStatus"] == 100001
    assert states[2]["InvariantName"] == "Paid"
    assert statuses[100001]["State"] == 2
    assert statuses[100001]["Label"]["UserLocalizedLabel"]["Label"] == "Complete"
    assert statuses[100001]["Label"]["LocalizedLabels"][0]["LanguageCode"] == 1033


def test_a_yes_no_column_has_its_two_labels(org_server: OrgServer) -> None:
    path = (
        "EntityDefinitions(LogicalName='account')/Attributes(LogicalName='creditonhold')/"
        f"{CRM}BooleanAttributeMetadata?$expand=OptionSet,GlobalOptionSet"
    )
    found = org_server.get(path)
    assert found["OptionSet"]["TrueOption"]["Value"] == 1
    assert found["OptionSet"]["FalseOption"]["Label"]["UserLocalizedLabel"]["Label"] == "No"
    assert found["GlobalOptionSet"] is None


@pytest.mark.parametrize(
    ("path", "condition", "navigation"),
    [
        (f"{INVOICE}/ManyToOneRelationships", "ReferencedEntity eq 'account'",
         ("customerid_account", "invoice_customer_accounts")),
        ("EntityDefinitions(LogicalName='account')/OneToManyRelationships",
         "ReferencingEntity eq 'opportunity' and ReferencingAttribute eq 'parentaccountid'",
         ("parentaccountid", "opportunity_parent_account")),
        ("RelationshipDefinitions", "SchemaName eq 'Account_Phonecalls'",
         ("regardingobjectid_account_phonecall", "Account_Phonecalls")),
    ],
)  # fmt: skip
def test_relationships_name_both_navigation_properties(
    org_server: OrgServer, path: str, condition: str, navigation: tuple[str, str]
) -> None:
    select = "ReferencingEntityNavigationPropertyName,ReferencedEntityNavigationPropertyName"
    rows = org_server.rows(f"{path}?$filter={condition}&$select={select}")
    found = [tuple(row[name] for name in select.split(",")) for row in rows]
    assert navigation in found


def test_the_lines_of_an_invoice_go_with_it(org_server: OrgServer) -> None:
    found = org_server.get("RelationshipDefinitions(SchemaName='invoice_details')")
    assert found["CascadeConfiguration"]["Delete"] == "Cascade"


def test_members_can_be_expanded_and_addressed(org_server: OrgServer) -> None:
    expanded = org_server.get(
        f"{INVOICE}?$select=LogicalName&$expand=Keys($select=KeyAttributes),"
        "Attributes($select=LogicalName;$filter=AttributeType eq 'Status')"
    )
    assert expanded["Keys"] == []
    assert [item["LogicalName"] for item in expanded["Attributes"]] == ["statuscode"]
    assert org_server.send("GET", f"{INVOICE}/ObjectTypeCode/$value").text == "1090"


@pytest.mark.parametrize(
    "path",
    [
        "EntityDefinitions(LogicalName='nosuch')",
        f"{INVOICE}/Nothing",
        f"{INVOICE}?$select=Nothing",
        f"{INVOICE}?$expand=Nothing",
        f"{INVOICE}/Attributes(LogicalName='nosuch')",
        f"{INVOICE}/Attributes(LogicalName='name')/{CRM}MoneyAttributeMetadata",
    ],
)
def test_what_is_not_defined_is_404(org_server: OrgServer, path: str) -> None:
    assert org_server.send("GET", path).status_code == 404
