"""Choices, of one column or shared, option by option."""

import pytest

from emulator.errors import ApiError
from emulator.organization import Organization
from tests.emulator.customization.sending import (
    ACCOUNT,
    ROOT,
    Body,
    act,
    choice,
    column,
    label,
    options,
    write,
)


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
