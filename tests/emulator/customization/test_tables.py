"""Tables and lookups that requests create and delete."""

import pytest

from emulator.errors import ApiError
from emulator.organization import Organization
from tests.emulator.customization.sending import (
    ACCOUNT,
    CRM,
    ROOT,
    act,
    column,
    label,
    new_table,
    write,
)


def test_a_new_table_has_its_key_its_name_and_what_the_platform_adds(org: Organization) -> None:
    new_table(org)
    table = org.definitions.tables["gs_history"]
    assert (table.set_name, table.id_column, table.name_column) == (
        "gs_histories", "gs_historyid", "gs_name")  # fmt: skip
    expected = {"createdon", "createdby", "modifiedon", "modifiedby", "ownerid", "versionnumber",
                "owningbusinessunit", "statecode", "statuscode"}  # fmt: skip
    assert expected <= table.columns.keys()
    assert org.rows("sdkmessagefilter", primaryobjecttypecode="gs_history")


def test_an_organisation_owned_table_has_no_owner(org: Organization) -> None:
    new_table(org, OwnershipType="OrganizationOwned")
    assert "ownerid" not in org.definitions.tables["gs_history"].columns


def test_several_tables_are_created_together(org: Organization) -> None:
    primary = column("ComplexString".removeprefix("Complex"), "gs_Name", IsPrimaryName=True)
    primary["@odata.type"] = f"{CRM}ComplexStringAttributeMetadata"
    table = {"@odata.type": f"{CRM}ComplexEntityMetadata", "SchemaName": "gs_Many",
             "DisplayName": label("Many"), "DisplayCollectionName": label("Many"),
             "HasNotes": True, "Attributes": [primary]}  # fmt: skip
    assert act(org, "CreateEntities", Entities=[table]).status == 204
    assert "gs_many" in org.definitions.tables


def test_a_lookup_is_made_and_deleted_with_its_relationship(org: Organization) -> None:
    new_table(org)
    body = {
        "@odata.type": f"{CRM}OneToManyRelationshipMetadata",
        "SchemaName": "gs_account_gs_history",
        "ReferencedEntity": "account",
        "ReferencedAttribute": "accountid",
        "ReferencingEntity": "gs_history",
        "CascadeConfiguration": {"Delete": "Cascade", "Assign": "NoCascade"},
        "Lookup": column("Lookup", "gs_Account"),
    }
    made = write(org, "POST", "RelationshipDefinitions", body)
    item = org.definitions.relationships["gs_account_gs_history"]
    assert (item.lookup, item.to_parent, item.to_children, item.on_delete) == (
        "gs_account", "gs_Account", "gs_account_gs_history", "Cascade")  # fmt: skip
    assert org.definitions.tables["gs_history"].columns["gs_account"].targets == ("account",)
    write(org, "DELETE", made.headers["OData-EntityId"].removeprefix(ROOT))
    assert "gs_account_gs_history" not in org.definitions.relationships
    assert "gs_account" not in org.definitions.tables["gs_history"].columns


def test_a_deleted_table_is_gone_with_its_filters_and_the_lookups_to_it(org: Organization) -> None:
    new_table(org)
    new_table(org, "gs_Line")
    body = {
        "@odata.type": f"{CRM}OneToManyRelationshipMetadata",
        "SchemaName": "gs_history_line",
        "ReferencedEntity": "gs_history",
        "ReferencingEntity": "gs_line",
        "Lookup": column("Lookup", "gs_History"),
    }
    write(org, "POST", "RelationshipDefinitions", body)
    write(org, "DELETE", "EntityDefinitions(LogicalName='gs_history')")
    assert "gs_history" not in org.definitions.tables
    assert not org.rows("sdkmessagefilter", primaryobjecttypecode="gs_history")
    assert "gs_history" not in org.definitions.tables["gs_line"].columns


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("DELETE", "EntityDefinitions(LogicalName='account')", 400),
        ("DELETE", "EntityDefinitions(LogicalName='nowhere')", 404),
        ("DELETE", f"{ACCOUNT}(LogicalName='nowhere')", 404),
        ("PATCH", "EntityDefinitions(LogicalName='account')", 501),
        ("POST", "EntityDefinitions(LogicalName='account')/Keys", 400),
        ("PUT", "EntityDefinitions(LogicalName='account')/Keys(x)", 501),
    ],
)
def test_requests_that_make_no_sense_or_are_not_known_are_refused(
    org: Organization, method: str, path: str, status: int
) -> None:
    with pytest.raises(ApiError) as refusal:
        write(org, method, path)
    assert refusal.value.status == status
