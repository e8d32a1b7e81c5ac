"""Tables, columns, choices and lookups that requests create, change and delete."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from emulator.customization.routes import ACTIONS, write_definition
from emulator.definitions import Choice, Column
from emulator.errors import ApiError
from emulator.organization import Organization
from emulator.webapi.calls import Answer, Call, Headers
from emulator.webapi.described import attribute

ROOT = "http://127.0.0.1/api/data/v9.2/"
CRM = "Microsoft.Dynamics.CRM."
ACCOUNT = "EntityDefinitions(LogicalName='account')/Attributes"
Body = dict[str, Any]


@pytest.fixture(scope="module")
def shared() -> Iterator[Organization]:
    org = Organization()
    yield org
    org.close()


@pytest.fixture
def org(shared: Organization) -> Iterator[Organization]:
    """One organisation for all tests; what a test made is taken away again."""
    tables = set(shared.definitions.tables)
    columns = set(shared.definitions.tables["account"].columns)
    yield shared
    for name in set(shared.definitions.tables) - tables:
        write(shared, "DELETE", f"EntityDefinitions(LogicalName='{name}')")
    account = shared.definitions.tables["account"]
    kept = {name: column for name, column in account.columns.items() if name in columns}
    shared.define_table(msgspec.structs.replace(account, columns=kept))
    for choice in list(shared.definitions.choices):
        shared.remove_choice(choice)


def label(english: str, persian: str | None = None, **languages: str) -> Body:
    texts = [(1033, english)] + ([(1065, persian)] if persian else [])
    texts += [(int(code[1:]), text) for code, text in languages.items()]
    return {
        "LocalizedLabels": [{"Label": text, "LanguageCode": code} for code, text in texts if text]
    }


def column(kind: str, name: str = "gs_Test", **members: Any) -> Body:
    return {
        "@odata.type": f"{CRM}{kind}AttributeMetadata",
        "SchemaName": name,
        "DisplayName": label("Test", "آزمون"),
    } | members


def options(*values: int) -> Body:
    return {"IsGlobal": False, "Options": [{"Value": value, "Label": label(f"Option {value}")}
                                           for value in values]}  # fmt: skip


def call(org: Organization, method: str, path: str, body: Body, **headers: str) -> Call:
    named = Headers({name.replace("_", "."): value for name, value in headers.items()})
    return Call(org, method, path, "", named, msgspec.json.encode(body), ROOT)


def write(
    org: Organization, method: str, path: str, body: Body | None = None, **headers: str
) -> Answer:
    return write_definition(call(org, method, path, body or {}, **headers))


def act(org: Organization, action: str, **body: Any) -> Answer:
    return ACTIONS[action](call(org, "POST", action, body))


def stored(org: Organization, name: str = "gs_test") -> Column:
    return org.definitions.tables["account"].columns[name]


def choice(org: Organization, name: str = "gs_test") -> Choice:
    found = org.definitions.choice_of(stored(org, name))
    assert found is not None
    return found


def new_table(org: Organization, name: str = "gs_History", **members: Any) -> Answer:
    primary = column("String", "gs_Name", IsPrimaryName=True)
    body = {
        "@odata.type": f"{CRM}EntityMetadata",
        "SchemaName": name,
        "DisplayName": label("History"),
        "DisplayCollectionName": label("Histories"),
        "Attributes": [primary],
    }
    return write(org, "POST", "EntityDefinitions", body | members)


@pytest.mark.parametrize(
    ("kind", "members", "expected"),
    [
        ("String", {"MaxLength": 50, "FormatName": {"Value": "Text"}}, {"max_length": 50}),
        ("Memo", {"MaxLength": 10_000, "Format": "TextArea"}, {"max_length": 10_000}),
        ("Integer", {"MinValue": 0, "MaxValue": 9}, {"minimum": 0, "maximum": 9}),
        ("Decimal", {"MaxValue": 1e6, "Precision": 4}, {"maximum": 1e6, "precision": 4}),
        ("Double", {"Precision": 5}, {"precision": 5}),
        ("Money", {"PrecisionSource": 0, "Precision": 0}, {"precision_source": 0}),
        ("Boolean", {"DefaultValue": True}, {"default": 1}),
        ("DateTime", {"Format": "DateOnly", "DateTimeBehavior": {"Value": "DateOnly"}},
         {"format": "DateOnly", "behavior": "DateOnly"}),
        ("Picklist", {"OptionSet": options(1, 2), "DefaultFormValue": -1}, {"default": None}),
    ],
)  # fmt: skip
def test_every_kind_of_column_can_be_created(
    org: Organization, kind: str, members: Body, expected: dict[str, Any]
) -> None:
    answer = write(org, "POST", ACCOUNT, column(kind, **members))
    made = stored(org)
    assert (answer.status, made.kind, made.schema_name) == (204, kind, "gs_Test")
    assert made.labels == {1033: "Test", 1065: "آزمون"}
    assert answer.headers["OData-EntityId"] == f"{ROOT}{ACCOUNT}({made.id})"
    assert {name: getattr(made, name) for name in expected} == expected


def test_an_amount_comes_with_its_base_amount_and_leaves_with_it(org: Organization) -> None:
    write(org, "POST", ACCOUNT, column("Money"))
    base = stored(org, "gs_test_base")
    assert (base.kind, base.updatable) == ("Money", False)
    write(org, "DELETE", f"{ACCOUNT}(LogicalName='gs_test')")
    assert not {"gs_test", "gs_test_base"} & org.definitions.tables["account"].columns.keys()


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (column("Decimal", Frobnicate=1), 501, "0x80040800"),
        (column("File"), 501, "0x80040800"),
        (column("Lookup"), 501, "0x80040800"),
        (column("Decimal", IsAuditEnabled={"Value": True}), 501, "0x80040800"),
        (column("Decimal", Precision="four"), 400, "0x80048d19"),
        (column("Decimal", Precision=11), 400, "0x80040203"),
        (column("Decimal", MinValue=5, MaxValue=1), 400, "0x80040203"),
        (column("Decimal", DisplayName=label("", "آزمون")), 400, "0x80040203"),
        (column("Decimal", DisplayName=label("Test", L1036="Essai")), 400, "0x80044195"),
        (column("Decimal", "Test"), 400, "0x80040203"),
        (column("Decimal", "gs_Name"), 204, ""),
        (column("Picklist", OptionSet=options(1, 1)), 400, "0x80040203"),
        (column("Picklist"), 400, "0x80040203"),
        (column("Picklist", **{"GlobalOptionSet@odata.bind": "/GlobalOptionSetDefinitions(x)"}),
         400, "0x80040203"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_and_changes_nothing(
    org: Organization, body: Body, status: int, code: str
) -> None:
    before = org.definitions
    try:
        answered = (write(org, "POST", ACCOUNT, body).status, "")
    except ApiError as refusal:
        answered = (refusal.status, refusal.code)
        assert org.definitions is before
    assert answered == (status, code)


def test_a_taken_name_is_refused(org: Organization) -> None:
    write(org, "POST", ACCOUNT, column("Decimal"))
    with pytest.raises(ApiError) as refusal:
        write(org, "POST", ACCOUNT, column("String"))
    assert (refusal.value.status, refusal.value.code) == (400, "0x80047013")


@pytest.mark.parametrize(
    ("merge", "labels"),
    [("true", {1033: "New", 1065: "آزمون"}), ("false", {1033: "New"})],
)
def test_a_change_keeps_the_languages_not_sent_only_when_merging(
    org: Organization, merge: str, labels: dict[int, str]
) -> None:
    write(org, "POST", ACCOUNT, column("Decimal", Precision=4))
    read_back = attribute(org.definitions, org.definitions.tables["account"], stored(org))
    change = dict(read_back) | {"DisplayName": label("New")}
    write(org, "PUT", f"{ACCOUNT}(LogicalName='gs_test')", change, MSCRM_MergeLabels=merge)
    assert stored(org).labels == labels
    assert stored(org).precision == 4


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"@odata.type": f"{CRM}StringAttributeMetadata", "MaxLength": 5}, 400),
        ({"Frobnicate": 1}, 501),
        ({"SchemaName": "gs_Other"}, 501),
        ({"IsManaged": True}, 501),
        ({"Precision": 99}, 400),
    ],
)
def test_a_change_that_cannot_be_is_refused(org: Organization, change: Body, status: int) -> None:
    write(org, "POST", ACCOUNT, column("Decimal"))
    with pytest.raises(ApiError) as refusal:
        write(org, "PUT", f"{ACCOUNT}(LogicalName='gs_test')", change)
    assert refusal.value.status == status


@pytest.mark.parametrize("name", ["name", "accountid", "createdon"])
def test_platform_columns_cannot_be_deleted(org: Organization, name: str) -> None:
    with pytest.raises(ApiError) as refusal:
        write(org, "DELETE", f"{ACCOUNT}(LogicalName='{name}')")
    assert refusal.value.code == "0x8004f032"


def test_options_are_inserted_renamed_ordered_and_deleted(org: Organization) -> None:
    write(org, "POST", ACCOUNT, column("Picklist", OptionSet=options(1, 2)))
    place = {"EntityLogicalName": "account", "AttributeLogicalName": "gs_test"}
    answer = act(org, "InsertOptionValue", **place, Value=7, Label=label("Seven"))
    assert answer.body["NewOptionValue"] == 7
    act(org, "UpdateOptionValue", **place, Value=1, Label=label("One", "یک"))
    act(org, "UpdateOptionValue", **place, Value=1, Label=label("Uno"), MergeLabels=True)
    act(org, "OrderOption", **place, Values=[7, 1, 2])
    act(org, "DeleteOptionValue", **place, Value=2)
    assert [(item.value, item.labels) for item in choice(org).options] == [
        (7, {1033: "Seven"}),
        (1, {1033: "Uno", 1065: "یک"}),
    ]


def test_an_option_without_a_value_gets_the_next_free_one(org: Organization) -> None:
    write(org, "POST", ACCOUNT, column("Picklist", OptionSet=options(1)))
    place = {"EntityLogicalName": "account", "AttributeLogicalName": "gs_test"}
    answer = act(org, "InsertOptionValue", **place, Label=label("Next"))
    assert answer.body["NewOptionValue"] == 921_500_000


@pytest.mark.parametrize(
    ("action", "members"),
    [
        ("InsertOptionValue", {"Value": 1, "Label": label("Again")}),
        ("UpdateOptionValue", {"Value": 9, "Label": label("Nine")}),
        ("DeleteOptionValue", {"Value": 9}),
        ("OrderOption", {"Values": [1]}),
    ],
)
def test_an_option_action_on_the_wrong_value_is_refused(
    org: Organization, action: str, members: Body
) -> None:
    write(org, "POST", ACCOUNT, column("Picklist", OptionSet=options(1, 2)))
    with pytest.raises(ApiError) as refusal:
        act(org, action, EntityLogicalName="account", AttributeLogicalName="gs_test", **members)
    assert refusal.value.status == 400


def test_a_global_choice_is_shared_and_cannot_be_deleted_while_used(org: Organization) -> None:
    body = options(1, 2) | {"Name": "gs_grades", "IsGlobal": True, "DisplayName": label("Grades")}
    made = write(org, "POST", "GlobalOptionSetDefinitions", body)
    address = made.headers["OData-EntityId"].removeprefix(ROOT)
    write(org, "POST", ACCOUNT, column("Picklist", **{"GlobalOptionSet@odata.bind": f"/{address}"}))
    act(org, "InsertOptionValue", OptionSetName="gs_grades", Value=3, Label=label("Three"))
    assert [item.value for item in choice(org).options] == [1, 2, 3]
    with pytest.raises(ApiError) as refusal:
        write(org, "DELETE", address)
    assert refusal.value.code == "0x8004f032"
    write(org, "DELETE", f"{ACCOUNT}(LogicalName='gs_test')")
    write(org, "DELETE", address)
    assert "gs_grades" not in org.definitions.choices


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
        ("POST", "EntityDefinitions(LogicalName='account')/Keys", 501),
    ],
)
def test_requests_that_make_no_sense_or_are_not_known_are_refused(
    org: Organization, method: str, path: str, status: int
) -> None:
    with pytest.raises(ApiError) as refusal:
        write(org, method, path)
    assert refusal.value.status == status


@pytest.mark.parametrize(
    ("xml", "status"),
    [
        ("<importexportxml><entities><entity>account</entity></entities></importexportxml>", 204),
        ("<importexportxml><entities><entity>nowhere</entity></entities></importexportxml>", 404),
        ("<importexportxml><sitemaps><sitemap>x</sitemap></sitemaps></importexportxml>", 501),
        ("<importexportxml>", 400),
    ],
)
def test_publishing_checks_what_it_is_asked(org: Organization, xml: str, status: int) -> None:
    try:
        answered = act(org, "PublishXml", ParameterXml=xml).status
    except ApiError as refusal:
        answered = refusal.status
    assert answered == status


def test_a_component_goes_into_the_named_solution_once(org: Organization) -> None:
    with org.transaction() as tx:
        solution = tx.create("solution", {"uniquename": "gradesys", "friendlyname": "gradesys"})
    write(org, "POST", ACCOUNT, column("Decimal"), MSCRM_SolutionUniqueName="gradesys")
    again = {"ComponentId": stored(org).id, "ComponentType": 2, "SolutionUniqueName": "gradesys"}
    assert act(org, "AddSolutionComponent", **again).status == 200
    parts = org.rows("solutioncomponent", solutionid=solution)
    assert [(part["objectid"], part["componenttype"]) for part in parts] == [(stored(org).id, 2)]


def test_an_unknown_solution_is_refused_and_nothing_is_made(org: Organization) -> None:
    with pytest.raises(ApiError):
        write(org, "POST", ACCOUNT, column("Decimal"), MSCRM_SolutionUniqueName="nowhere")
    assert "gs_test" not in org.definitions.tables["account"].columns
