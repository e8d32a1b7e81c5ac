"""What becomes of one column: created, changed, left alone, or in the way."""

from decimal import Decimal
from typing import Any

import pytest

from gradesys.deploy.actions import Action, ActionKind
from gradesys.deploy.columns import column_action
from gradesys.deploy.specs import ColumnSpec, OptionSpec, note
from gradesys.deploy.texts import Languages, Text, label, label_texts
from gradesys.records import Column, Kind
from tests.deploy.definitions import choice, definition, option_set

BOTH = Languages(1033, (1033, 1065))
TITLE = Text("It", "آن")
NOTE = note(TITLE)
OURS = {"Description": label({1033: NOTE.en, 1065: NOTE.fa}),
        "DisplayName": label({1033: "It", 1065: "آن"})}  # fmt: skip
A, B = 921_500_000, 921_500_001


def spec(
    kind: Kind = Kind.DECIMAL,
    name: str = "gs_it",
    options: tuple[OptionSpec, ...] = (),
    fits: frozenset[Kind] = frozenset({Kind.DECIMAL, Kind.CHOICE, Kind.TEXT}),
) -> ColumnSpec:
    places = 2 if kind is Kind.DECIMAL else None
    limit = Decimal(100) if kind is Kind.DECIMAL else None
    column = Column(name, kind, places=places, minimum=limit, maximum=limit)
    return ColumnSpec("account", column, TITLE, NOTE, fits, options)


def grades(*names: str, en: str = "", fa: str = "") -> ColumnSpec:
    options = tuple(OptionSpec(name, Text(en or name, fa or name)) for name in names)
    return spec(Kind.CHOICE, options=options)


def remembering(numbers: str) -> dict[str, Any]:
    texts = {1033: f"{NOTE.en} Options: {numbers}", 1065: f"{NOTE.fa} Options: {numbers}"}
    return OURS | {"Description": label(texts)}


def bodies(action: Action) -> list[tuple[str, dict[str, Any]]]:
    return [(call.path, dict(call.body or {})) for call in action.calls]


def test_a_missing_column_is_created_in_the_solution_with_both_languages() -> None:
    action = column_action(spec(), None, BOTH)
    (call,) = action.calls
    assert (action.kind, call.method) == (ActionKind.CREATE, "POST")
    assert call.path == "EntityDefinitions(LogicalName='account')/Attributes"
    assert call.headers == {"MSCRM.SolutionUniqueName": "gradesys"}
    assert call.body is not None
    assert call.body["SchemaName"] == "gs_It"
    assert call.body["Precision"] == 2
    assert label_texts(call.body["DisplayName"]) == {1033: "It", 1065: "آن"}


def test_a_column_without_our_prefix_cannot_be_created() -> None:
    action = column_action(spec(name="new_score"), None, BOTH)
    assert action.kind is ActionKind.REFUSE
    assert "account.new_score" in action.what
    assert "begin with gs_" in action.why


@pytest.mark.parametrize(
    ("found", "kind"),
    [
        (definition("Lookup"), "lookup"),
        (definition("DateTime", DateTimeBehavior={"Value": "UserLocal"}), "instant"),
        (definition("DateTime", DateTimeBehavior={"Value": "DateOnly"}), "date"),
        (definition("Money", Precision=Decimal(2)), "money"),
    ],
)
def test_a_column_of_a_wrong_type_stands_in_the_way_and_is_named(
    found: dict[str, Any], kind: str
) -> None:
    action = column_action(spec(), found, BOTH)
    assert action.kind is ActionKind.REFUSE
    assert "account.gs_it" in action.what
    assert f"exists as {kind}, needed is choice or decimal or text" in action.why


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(definition("Decimal", Precision=Decimal(0)), id="a customer's own column"),
        pytest.param(definition("Decimal", Precision=Decimal(2), **OURS), id="ours, up to date"),
        pytest.param(definition("Decimal", Precision=Decimal(4), **OURS), id="ours, with room"),
        pytest.param(
            definition("Decimal", Precision=Decimal(2),
                       **OURS | {"DisplayName": label({1033: "Renamed", 1065: "دیگر"})}),
            id="ours, renamed by a person",
        ),
    ],
)  # fmt: skip
def test_a_fitting_column_is_left_alone(found: dict[str, Any]) -> None:
    assert column_action(spec(), found, BOTH).kind is ActionKind.LEAVE


def test_a_language_that_was_provisioned_later_gets_its_title_and_keeps_the_others() -> None:
    texts = {"DisplayName": label({1033: "Renamed"})}
    found = definition("Decimal", Precision=Decimal(2), **OURS | texts)
    ((path, body),) = bodies(column_action(spec(), found, BOTH))
    assert path.endswith("/Attributes(LogicalName='gs_it')")
    assert label_texts(body["DisplayName"]) == {1033: "Renamed", 1065: "آن"}


def test_more_decimals_widen_our_own_column_and_put_back_the_rest_of_its_definition() -> None:
    found = definition("Decimal", Precision=Decimal(0), MinValue=Decimal(-5), **OURS)
    action = column_action(spec(), found, BOTH)
    ((_, body),) = bodies(action)
    assert (action.calls[0].method, body["Precision"], body["MinValue"]) == ("PUT", 2, -5)
    assert action.calls[0].headers == {"MSCRM.MergeLabels": "true"}
    assert "@odata.context" not in body


def test_a_new_grade_is_inserted_with_the_next_number_and_remembered() -> None:
    found = choice({A: {1033: "A", 1065: "A"}}, **remembering(f'{{"A": {A}}}'))
    (inserted, described) = bodies(column_action(grades("A", "B"), found, BOTH))
    assert inserted[0] == "InsertOptionValue"
    assert inserted[1]["Value"] == B
    assert label_texts(described[1]["Description"])[1033].endswith(f'{{"A": {A}, "B": {B}}}')


def test_a_grade_renamed_in_both_languages_keeps_its_number() -> None:
    found = choice({A: {1033: "Good", 1065: "خوب"}}, **remembering(f'{{"A": {A}}}'))
    ((path, body),) = bodies(column_action(grades("A", en="Great", fa="عالی"), found, BOTH))
    assert (path, body["Value"], body["MergeLabels"]) == ("UpdateOptionValue", A, True)
    assert label_texts(body["Label"]) == {1033: "Great", 1065: "عالی"}


def test_a_grade_that_the_rules_dropped_keeps_its_option_and_its_number() -> None:
    found = choice(
        {A: {1033: "A", 1065: "A"}, B: {1033: "B", 1065: "B"}},
        **remembering(f'{{"A": {A}, "B": {B}}}'),
    )
    assert column_action(grades("A"), found, BOTH).kind is ActionKind.LEAVE


def test_a_customers_own_choice_gets_missing_options_but_no_new_labels() -> None:
    found = choice({5: {1033: "A"}})
    ((path, body),) = bodies(column_action(grades("A", "B"), found, BOTH))
    assert (path, body["Value"]) == ("InsertOptionValue", A)
    assert (body["EntityLogicalName"], body["AttributeLogicalName"]) == ("account", "gs_it")


def test_options_of_a_global_choice_are_added_under_its_own_name() -> None:
    shared = option_set({5: {1033: "A"}}, name="new_grades", shared=True)
    found = definition("Picklist", OptionSet=None, GlobalOptionSet=shared)
    ((_, body),) = bodies(column_action(grades("A", "B"), found, BOTH))
    assert body["OptionSetName"] == "new_grades"
    assert "EntityLogicalName" not in body
