"""The life of customizations over HTTP: made, read back, used, changed, deleted, gone."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.emulator.serving import OrgServer

CRM = "Microsoft.Dynamics.CRM."
ACCOUNT = "EntityDefinitions(LogicalName='account')"


@pytest.fixture(scope="module")
def server(start_server: Callable[..., OrgServer]) -> OrgServer:
    return start_server()


def label(english: str, persian: str) -> dict[str, Any]:
    return {"LocalizedLabels": [{"Label": english, "LanguageCode": 1033},
                                {"Label": persian, "LanguageCode": 1065}]}  # fmt: skip


def column(kind: str, name: str, **members: Any) -> dict[str, Any]:
    return {"@odata.type": f"{CRM}{kind}AttributeMetadata", "SchemaName": name,
            "DisplayName": label("Grade", "رتبه")} | members  # fmt: skip


def option(value: int, english: str, persian: str) -> dict[str, Any]:
    return {"Value": value, "Label": label(english, persian)}


def texts(item: dict[str, Any]) -> dict[int, str]:
    return {text["LanguageCode"]: text["Label"] for text in item["LocalizedLabels"]}


def test_a_choice_column_lives_and_dies(server: OrgServer) -> None:
    options = [option(921500000, "Gold", "طلایی"), option(921500001, "Silver", "نقره‌ای")]
    body = column("Picklist", "gs_Grade", OptionSet={"IsGlobal": False, "Options": options})
    made = server.send("POST", f"{ACCOUNT}/Attributes", body)
    assert made.status_code == 204

    cast = f"{CRM}PicklistAttributeMetadata"
    address = f"{ACCOUNT}/Attributes(LogicalName='gs_grade')/{cast}?$expand=OptionSet"
    read = server.get(address)
    assert texts(read["DisplayName"]) == {1033: "Grade", 1065: "رتبه"}
    shown = [(item["Value"], texts(item["Label"])) for item in read["OptionSet"]["Options"]]
    assert shown == [(921500000, {1033: "Gold", 1065: "طلایی"}),
                     (921500001, {1033: "Silver", 1065: "نقره‌ای"})]  # fmt: skip

    server.create("accounts", name="a", gs_grade=921500001)
    (row,) = server.rows(
        "accounts?$select=gs_grade&$filter=gs_grade eq 921500001",
        Prefer='odata.include-annotations="*"',
    )
    assert row["gs_grade@OData.Community.Display.V1.FormattedValue"] == "Silver"

    assert server.send("DELETE", made.headers["OData-EntityId"]).status_code == 204
    assert server.send("GET", "accounts?$select=gs_grade").status_code == 400
    assert server.send("GET", address).status_code == 404


def test_a_definition_can_be_read_changed_and_put_back(server: OrgServer) -> None:
    body = column("Decimal", "gs_Score", MinValue=0, MaxValue=100, Precision=4)
    server.send("POST", f"{ACCOUNT}/Attributes", body)
    address = f"{ACCOUNT}/Attributes(LogicalName='gs_score')"
    definition = server.get(address) | {"Precision": 2, "DisplayName": label("Score", "امتیاز")}
    merging = {"MSCRM.MergeLabels": "true"}
    assert server.send("PUT", address, definition, **merging).status_code == 204
    changed = server.get(address)
    assert (changed["Precision"], texts(changed["DisplayName"])[1065]) == (2, "امتیاز")


def test_a_table_with_a_lookup_lives_and_dies(server: OrgServer) -> None:
    table = {
        "@odata.type": f"{CRM}EntityMetadata",
        "SchemaName": "gs_Run",
        "DisplayName": label("Run", "اجرا"),
        "DisplayCollectionName": label("Runs", "اجراها"),
        "OwnershipType": "UserOwned",
        "Attributes": [column("String", "gs_Name", IsPrimaryName=True)],
    }
    made = server.send("POST", "EntityDefinitions", table)
    assert made.status_code == 204
    found = server.get("EntityDefinitions(LogicalName='gs_run')?$select=EntitySetName,MetadataId")
    assert (found["EntitySetName"], f"({found['MetadataId']})") == (
        "gs_runs", made.headers["OData-EntityId"][-38:])  # fmt: skip

    relationship = {
        "@odata.type": f"{CRM}OneToManyRelationshipMetadata",
        "SchemaName": "gs_account_gs_run",
        "ReferencedEntity": "account",
        "ReferencingEntity": "gs_run",
        "CascadeConfiguration": {"Delete": "Cascade"},
        "Lookup": column("Lookup", "gs_Account"),
    }
    assert server.send("POST", "RelationshipDefinitions", relationship).status_code == 204
    account = server.create("accounts", name="parent")
    server.create("gs_runs", gs_name="run", gs_Account__bind=f"/accounts({account})")
    (run,) = server.rows("gs_runs?$select=gs_name,statecode&$expand=gs_Account($select=name)")
    assert (run["gs_name"], run["statecode"], run["gs_Account"]["name"]) == ("run", 0, "parent")
    assert len(server.rows(f"accounts({account})/gs_account_gs_run")) == 1

    server.send("DELETE", f"accounts({account})")
    assert server.rows("gs_runs") == []
    assert server.send("DELETE", made.headers["OData-EntityId"]).status_code == 204
    assert server.send("GET", "gs_runs").status_code == 404
    assert server.send("GET", "EntityDefinitions(LogicalName='gs_run')").status_code == 404


def test_amounts_of_a_new_table_have_a_currency_and_a_base(server: OrgServer) -> None:
    table = {
        "@odata.type": f"{CRM}EntityMetadata",
        "SchemaName": "gs_Bill",
        "DisplayName": label("Bill", "صورتحساب"),
        "DisplayCollectionName": label("Bills", "صورتحساب‌ها"),
        "Attributes": [column("String", "gs_Name", IsPrimaryName=True),
                       column("Money", "gs_Amount")],
    }  # fmt: skip
    assert server.send("POST", "EntityDefinitions", table).status_code == 204
    currency = server.create(
        "transactioncurrencies", currencyname="Rial", isocurrencycode="IRR", exchangerate=4
    )
    bind = {"transactioncurrencyid__bind": f"/transactioncurrencies({currency})"}
    server.create("gs_bills", gs_name="b", gs_amount=10, **bind)
    (row,) = server.rows("gs_bills?$select=gs_amount,gs_amount_base,exchangerate")
    assert (row["gs_amount"], row["gs_amount_base"], row["exchangerate"]) == (10, 2.5, 4)


def test_a_refused_customization_leaves_nothing_behind(server: OrgServer) -> None:
    before = server.get(f"{ACCOUNT}/Attributes?$select=LogicalName")["value"]
    refused = server.send(
        "POST", f"{ACCOUNT}/Attributes", column("Decimal", "gs_Lost"),
        **{"MSCRM.SolutionUniqueName": "nowhere"},
    )  # fmt: skip
    assert refused.status_code == 400
    assert server.get(f"{ACCOUNT}/Attributes?$select=LogicalName")["value"] == before
