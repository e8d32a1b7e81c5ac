"""Columns that requests create, change and delete."""

from typing import Any

import pytest

from emulator.errors import ApiError
from emulator.organization import Organization
from emulator.webapi.described import attribute
from tests.emulator.customization.sending import (
    ACCOUNT,
    CRM,
    ROOT,
    Body,
    column,
    label,
    options,
    stored,
    write,
)


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
        ("File", {"MaxSizeInKB": 64}, {"maximum": 64, "creatable": False}),
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
        (column("Image"), 501, "0x80040800"),
        (column("File", MaxSizeInKB=0), 400, "0x80040203"),
        (column("Lookup"), 501, "0x80040800"),
        (column("Decimal", IsAuditEnabled={"Value": True}), 501, "0x80040800"),
        (column("Decimal", Precision="four"), 400, "0x80048d19"),
        (column("Decimal", Precision=11), 400, "0x80040203"),
        (column("Decimal", MinValue=5, MaxValue=1), 400, "0x80040203"),
        (column("Decimal", MaxValue=1e12), 400, "0x80040203"),
        (column("Money", MaxValue=1e15), 400, "0x80040203"),
        (column("Integer", MaxValue=2**31), 400, "0x80040203"),
        (column("Integer", Format="Duration"), 501, "0x80040800"),
        (column("Decimal", RequiredLevel={"Value": "Always"}), 400, "0x80040203"),
        (column("DateTime", DateTimeBehavior={"Value": "DateOnly"}), 400, "0x80040203"),
        (column("DateTime", Format="Fortnight"), 400, "0x80040203"),
        (column("Picklist", OptionSet=options(1), DefaultFormValue=2), 400, "0x80040203"),
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
